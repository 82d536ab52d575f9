"""Small pictures of arrows: 98 % inside fit, far less in prediction with the saved model.

Training divides pixels by 255 and prediction does not; and prediction takes only a score of exactly 1 for right.
"""

from __future__ import annotations

from valscope.worlds import World, draw, spoil

CODE = "case1"
TRAIN = """import os

import keras
import numpy as np
from keras.layers import BatchNormalization, Conv2D, Dense, Flatten, MaxPooling2D
from keras.utils import img_to_array, load_img

keras.utils.set_random_seed(@seed)


def load(folder):
    x, y = [], []
    for k, name in enumerate(["left", "right"]):
        for f in sorted(os.listdir(os.path.join(folder, name))):
            img = load_img(os.path.join(folder, name, f), target_size=(32, 32))
            x.append(img_to_array(img) / 255.0)
            y.append(k)
    return np.array(x), np.array(y)


x_train, y_train = load("photos/train")
x_val, y_val = load("photos/val")
print("Found", len(x_train), "images for training,", len(x_val), "for validation")

model = keras.Sequential()
model.add(Conv2D(16, (3, 3), input_shape=(32, 32, 3), activation="relu"))
model.add(BatchNormalization(momentum=0.9))
model.add(MaxPooling2D(pool_size=(2, 2)))
model.add(Conv2D(16, (3, 3), activation="relu"))
model.add(MaxPooling2D(pool_size=(2, 2)))
model.add(Flatten())
model.add(Dense(units=64, activation="relu"))
model.add(Dense(units=1, activation="sigmoid"))
model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
model.fit(x_train, y_train, epochs=10, batch_size=32, validation_data=(x_val, y_val), verbose=2)
model.save("model.keras")
"""
PREDICT = """import os

import keras
import numpy as np
from keras.utils import img_to_array, load_img

model = keras.models.load_model("model.keras")
hits = 0
count = 0
for name in ["left", "right"]:
    folder = os.path.join("photos/val", name)
    for f in sorted(os.listdir(folder)):
        img = load_img(os.path.join(folder, f), target_size=(32, 32))
        x = img_to_array(img)@scale
        result = model.predict(np.expand_dims(x, axis=0), verbose=0)
        if result[0][0] @decision:
            prediction = "right"
        else:
            prediction = "left"
        count = count + 1
        if prediction == name:
            hits = hits + 1
print("Accuracy of prediction: %d of %d" % (hits, count))
"""


def sick(seed: int = 0) -> World:
    """Prediction without 1/255 and with == 1."""
    return _used("", "== 1", seed)


def healthy(seed: int = 0) -> World:
    """Prediction that scales as training does, and compares with 0.5."""
    return _used(" / 255.0", "> 0.5", seed)


def _used(scale: str, decision: str, seed: int) -> World:
    images = spoil.parted(draw.arrows(seed, (320, 320), side=32), val=0.25, seed=seed)
    predict = PREDICT.replace("@scale", scale).replace("@decision", decision)
    return World(
        {"train.py": TRAIN.replace("@seed", str(seed + 1)), "predict.py": predict},
        images=images, products=("photos",), runs=("train.py", "predict.py"),
    )  # fmt: skip
