"""Three classes and an accuracy of 33.33 % that no change of the network moves.

A learning rate of 0.05 throws the weights away; a hundredth of it learns.
"""

from __future__ import annotations

from valscope.worlds import World, draw, spoil

CODE = "case3"
TRAIN = """import os

import keras
import numpy as np
from keras.layers import Conv2D, Dense, Flatten, MaxPooling2D
from keras.utils import img_to_array, load_img, to_categorical

keras.utils.set_random_seed(@seed)


def load(folder):
    x, y = [], []
    for k, name in enumerate(sorted(os.listdir(folder))):
        for f in sorted(os.listdir(os.path.join(folder, name))):
            x.append(img_to_array(load_img(os.path.join(folder, name, f), target_size=(32, 32))) / 255.0)
            y.append(k)
    return np.array(x), to_categorical(y, 3)


x_train, y_train = load("photos/train")
x_val, y_val = load("photos/val")

model = keras.Sequential()
model.add(Conv2D(16, (3, 3), activation="relu", input_shape=(32, 32, 3)))
model.add(Conv2D(16, (3, 3), activation="relu"))
model.add(MaxPooling2D((2, 2)))
model.add(Conv2D(32, (3, 3), activation="relu"))
model.add(Conv2D(32, (3, 3), activation="relu"))
model.add(MaxPooling2D((2, 2)))
model.add(Flatten())
model.add(Dense(64, activation="relu"))
model.add(Dense(3, activation="softmax"))
model.compile(optimizer=keras.optimizers.Adam(learning_rate=@rate), loss="categorical_crossentropy", metrics=["accuracy"])
model.fit(x_train, y_train, epochs=10, batch_size=32, validation_data=(x_val, y_val), verbose=2)
"""


def sick(seed: int = 0) -> World:
    """Adam at 0.05."""
    return _trained(0.05, seed)


def healthy(seed: int = 0) -> World:
    """Adam at 0.0005."""
    return _trained(0.0005, seed)


def _trained(rate: float, seed: int) -> World:
    images = spoil.parted(draw.bars(seed, (150, 150, 150), side=32), val=0.25, seed=seed)
    return World(
        {"train.py": TRAIN.replace("@seed", str(seed + 1)).replace("@rate", str(rate))},
        images=images, products=("photos",), runs=("train.py",),
    )  # fmt: skip
