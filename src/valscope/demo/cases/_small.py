"""One small convolutional network on a folder with parts, as its user wrote it."""

from __future__ import annotations

from valscope.worlds import World, spoil
from valscope.worlds.world import Drawn

TRAIN = """import os

import keras
import numpy as np
from keras.layers import Conv2D, Dense, Flatten, MaxPooling2D
from keras.utils import img_to_array, load_img

keras.utils.set_random_seed(@seed)
size = @side


def load(folder):
    x, y = [], []
    for k, name in enumerate(sorted(os.listdir(folder))):
        for f in sorted(os.listdir(os.path.join(folder, name))):
            x.append(img_to_array(load_img(os.path.join(folder, name, f), target_size=(size, size))) / 255.0)
            y.append(k)
    return np.array(x), np.array(y)


x_train, y_train = load("photos/train")
x_val, y_val = load("photos/val")

model = keras.Sequential()
model.add(Conv2D(16, (3, 3), activation="relu", input_shape=(size, size, 3)))
model.add(MaxPooling2D((2, 2)))
model.add(Conv2D(32, (3, 3), activation="relu"))
model.add(MaxPooling2D((2, 2)))
model.add(Flatten())
model.add(Dense(64, activation="relu"))
model.add(Dense(@classes, activation="softmax"))
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x_train, y_train, epochs=@epochs, batch_size=16, validation_data=(x_val, y_val), verbose=2)
"""


def trained(images: Drawn, seed: int, epochs: int) -> World:
    """The script on three quarters of the images, validated on the rest."""
    words = {
        "@seed": seed + 1,
        "@side": images.images.shape[1],
        "@classes": len(images.classes),
        "@epochs": epochs,
    }
    script = TRAIN
    for word, value in words.items():
        script = script.replace(word, str(value))
    parted = spoil.parted(images, val=0.25, seed=seed)
    return World({"train.py": script}, images=parted, products=("photos",), runs=("train.py",))
