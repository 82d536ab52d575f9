"""Whole programs of Keras as users write them, really run when their world is written.

`training` makes a folder of photographs and a script that trains on them; what a rule's illness changes in the script
is given as text, everything else is sound. `on_features` does so on feature vectors; `using` adds a second script
that counts the saved model's right answers.
"""

from __future__ import annotations

from valscope.worlds.spoil import parted
from valscope.worlds.world import Drawn, World

LAYERS = """model.add(keras.layers.Conv2D(16, (3, 3), activation="relu", input_shape=(size, size, 3)))
model.add(keras.layers.MaxPooling2D((2, 2)))
model.add(keras.layers.Conv2D(32, (3, 3), activation="relu"))
model.add(keras.layers.MaxPooling2D((2, 2)))
model.add(keras.layers.Flatten())
model.add(keras.layers.Dense(64, activation="relu"))"""
POOL = "model.add(keras.layers.MaxPooling2D((2, 2)))"
PARTED = """x_train, y_train = load("photos/train")
x_val, y_val = load("photos/val")"""
TRAIN = """import os

import keras
import numpy as np
from keras.utils import img_to_array, load_img

keras.utils.set_random_seed(@seed)
size = @side


def load(folder):
    x, y = [], []
    for k, name in enumerate(sorted(os.listdir(folder))):
        for f in sorted(os.listdir(os.path.join(folder, name))):
            img = img_to_array(load_img(os.path.join(folder, name, f), target_size=(size, size)))
            x.append(@image)
            y.append(k)
    return np.array(x), np.array(y)


@data
model = keras.Sequential()
@layers
model.add(keras.layers.Dense(@units, activation="@end"))
model.compile(optimizer=@optimiser, loss=@loss, metrics=["accuracy"])
model.fit(@feed, epochs=@epochs, verbose=2@more)
model.save("model.keras")
"""
PREDICT = """import os

import keras
import numpy as np
from keras.utils import img_to_array, load_img

model = keras.models.load_model("model.keras")
names = @names
hits, count = 0, 0
for name in sorted(os.listdir("photos/val")):
    for f in sorted(os.listdir(os.path.join("photos/val", name))):
        img = img_to_array(@read)
        x = @image
        scores = @call
        if names[@choose] == name:
            hits = hits + 1
        count = count + 1
print("Accuracy of prediction: %d of %d" % (hits, count))
"""
TOLD = """import keras
import numpy as np
from sklearn.metrics import accuracy_score

model = keras.models.load_model("model.keras")
val = keras.utils.image_dataset_from_directory("photos/val", image_size=(@side, @side), batch_size=32@more)
val = val.map(lambda x, y: (x / 255.0, y))
scores = model.predict(val, verbose=0)
truth = np.concatenate([y for _, y in val])
print("Accuracy of prediction:", accuracy_score(truth, scores.argmax(axis=1)))
"""
FEATURES = """import keras
import numpy as np

keras.utils.set_random_seed(@seed)
data = np.load("data.npz")
x, y = data["x"], data["y"]

model = keras.Sequential()
model.add(keras.layers.Dense(128, activation="relu", input_shape=(@side,)))
model.add(keras.layers.Dense(@units, activation="softmax"))
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x, y, epochs=@epochs, batch_size=32, validation_split=0.25, verbose=2)
model.save("model.keras")
"""
SOUND = {
    "image": "img / 255.0", "data": PARTED, "layers": LAYERS, "end": "softmax", "optimiser": '"adam"',
    "loss": '"sparse_categorical_crossentropy"', "epochs": "8", "more": "",
    "feed": "x_train, y_train, batch_size=@batch, validation_data=(x_val, y_val)", "batch": "32",
}  # fmt: skip
RUINOUS = "keras.optimizers.Adam(learning_rate=0.05)"  # beside it nothing else costs anything: T101's illness
USED = {
    "read": 'load_img(os.path.join("photos/val", name, f), target_size=(@side, @side))',
    "image": "img / 255.0", "call": "model.predict(np.expand_dims(x, axis=0), verbose=0)",
    "choose": "np.argmax(scores[0])",
}  # fmt: skip


def before(layer: str, layers: str = LAYERS) -> str:
    """The layers with one before them all, which then takes the images."""
    first = f"model.add(keras.Input((size, size, 3)))\nmodel.add({layer})\n"
    return first + layers.replace(", input_shape=(size, size, 3)", "")


def training(images: Drawn, seed: int = 0, apart: bool = True, **parts: str) -> World:
    """`train.py` on the photographs.

    apart   a quarter of the photographs stands in a folder for validation, else all in one.
    parts   in place of those of SOUND, and `units` of the last layer where they are not as many as classes.
    """
    side, classes = str(images.images.shape[1]), str(len(images.classes))
    script = _filled(TRAIN, {"units": classes, **SOUND, "side": side, **parts, "seed": str(seed + 1)})
    photos = parted(images, val=0.25, seed=seed) if apart else images
    return World({"train.py": script}, images=photos, products=("photos",), runs=("train.py",))


def on_features(vectors: Drawn, seed: int = 0, **parts: str) -> World:
    """`train.py` on feature vectors in data.npz, whose rows stand in random order."""
    side, classes = str(vectors.images.shape[1]), str(len(vectors.classes))
    script = _filled(
        FEATURES, {"units": classes, "epochs": "20", **parts, "seed": str(seed + 1), "side": side}
    )
    return World({"train.py": script}, images=vectors, products=("data.npz",), runs=("train.py",))


def using(
    images: Drawn, seed: int = 0, trained: dict[str, str] | None = None, script: str = PREDICT, **parts: str
) -> World:
    """The same, and `predict.py` with the saved model on the photographs of validation.

    trained  parts of the training script.
    script   PREDICT, image by image, or TOLD, a feed and a library's score.
    parts    those of the prediction, in place of those of USED.
    """
    asked = trained or {}
    world = training(images, seed, True, **asked)
    side, names = asked.get("side", str(images.images.shape[1])), str(sorted(images.classes))
    script = _filled(script, {"names": names, "more": "", **USED, **parts, "side": side})
    return World(
        {**world.files, "predict.py": script}, images=world.images, products=("photos",),
        runs=("train.py", "predict.py"),
    )  # fmt: skip


def _filled(script: str, parts: dict[str, str]) -> str:
    for name, text in parts.items():
        script = script.replace(f"@{name}", text)
    return script
