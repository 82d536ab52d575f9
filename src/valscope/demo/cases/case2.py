"""A frozen network, pretrained on other images, under a new head: validation stays near chance whatever is regularised.

Each image is divided by its own brightest pixel, and brightness is what tells the classes apart. The frozen layers and
the drawing with replacement are innocent.
"""

from __future__ import annotations

from valscope.worlds import World, draw, spoil

CODE = "case2"
PRETRAIN = """import keras
import numpy as np
from keras.layers import Conv2D, Dense, GlobalAveragePooling2D, MaxPooling2D

keras.utils.set_random_seed(@seed)
size = 32

rows = np.arange(size)
stripes = [np.add.outer(rows * (k % 2), rows * (k // 2)) // 4 % 2 for k in (1, 2, 3)]
rng = np.random.default_rng(@seed)
y = rng.integers(0, 3, 600)
x = np.stack([np.repeat(stripes[k][:, :, None], 3, axis=2) * rng.uniform(0.2, 1.0) for k in y])
x += rng.normal(0, 0.05, x.shape)

base = keras.Sequential(name="base")
base.add(Conv2D(16, (3, 3), activation="relu", input_shape=(size, size, 3)))
base.add(MaxPooling2D((2, 2)))
base.add(Conv2D(32, (3, 3), activation="relu"))
base.add(MaxPooling2D((2, 2)))
model = keras.Sequential([base, GlobalAveragePooling2D(), Dense(3, activation="softmax")])
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x, y, epochs=10, batch_size=32, verbose=2)
base.save("base.keras")
"""
TRAIN = """import os
import random

import keras
import numpy as np
from keras.layers import Dense, Flatten
from keras.utils import img_to_array, load_img

keras.utils.set_random_seed(@seed)
size = 32


class Leaves(keras.utils.PyDataset):
    def __init__(self, folder, batch_size, **more):
        super().__init__(**more)
        self.batch_size = batch_size
        self.files = []
        self.labels = []
        for k, name in enumerate(sorted(os.listdir(folder))):
            for f in sorted(os.listdir(os.path.join(folder, name))):
                self.files.append(os.path.join(folder, name, f))
                self.labels.append(k)
        self.order = np.random.permutation(len(self.files))

    def __len__(self):
        return len(self.files) // self.batch_size

    def __getitem__(self, index):
        images, labels = [], []
        for i in range(self.batch_size):
            n = @draw
            img = img_to_array(load_img(self.files[n], target_size=(size, size)))
            images.append(img / @scale)
            labels.append(self.labels[n])
        return np.array(images), keras.utils.to_categorical(labels, 2)


base = keras.models.load_model("stripes/base.keras", compile=False)
base.trainable = False

model = keras.Sequential()
model.add(base)
model.add(Flatten())
model.add(Dense(2, activation="softmax"))
model.compile(optimizer=keras.optimizers.Adam(learning_rate=0.01), loss="categorical_crossentropy", metrics=["accuracy"])
model.fit(Leaves("photos/train", batch_size=32), epochs=15, validation_data=Leaves("photos/val", batch_size=32), verbose=2)
model.save("model.keras")
"""


def sick(seed: int = 0) -> World:
    """Each image divided by its own maximum; each drawn by chance."""
    return _trained("np.max(img)", "random.randint(0, len(self.files) - 1)", seed)


def healthy(seed: int = 0) -> World:
    """All divided by 255; each once an epoch."""
    return _trained("255.0", "self.order[index * self.batch_size + i]", seed)


def _trained(scale: str, draw_one: str, seed: int) -> World:
    images = spoil.dimmed(draw.plain(seed, (240, 240), side=32), (1.0, 0.55))
    script = TRAIN.replace("@seed", str(seed + 1)).replace("@scale", scale).replace("@draw", draw_one)
    return World(
        {"train.py": script}, images=spoil.parted(images, val=0.25, seed=seed), products=("photos",),
        runs=("train.py",), earlier={"stripes/pretrain.py": PRETRAIN.replace("@seed", str(seed + 11))},
    )  # fmt: skip
