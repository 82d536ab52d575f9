"""Features of three kinds of image, 95 % in training and 40 % in validation; class weights are blamed.

Rows stand class by class, and validation_split takes the last ones: one class is never trained.
"""

from __future__ import annotations

from valscope.worlds import World, draw, spoil
from valscope.worlds.world import Drawn

CODE = "case0"
COUNTS = (210, 145, 75)
TRAIN = """# features of a pretrained network, saved before
import keras
import numpy as np

keras.utils.set_random_seed(@seed)
f = np.load("data.npz")
X = f["x"]
labels = f["y"]
y = keras.utils.to_categorical(labels, 3)

counts = np.bincount(labels)
class_weights = {c: len(labels) / counts[c] for c in range(3)}
print("images of each class:", counts)
print(class_weights)

model = keras.models.Sequential()
model.add(keras.layers.Dense(256, input_shape=(X.shape[1],), activation="relu"))
model.add(keras.layers.Dropout(0.5))
model.add(keras.layers.Dense(3, activation="softmax"))
model.compile(optimizer="rmsprop", loss="categorical_crossentropy", metrics=["accuracy"])
model.fit(X, y, epochs=12, batch_size=32, validation_split=0.3, class_weight=class_weights, verbose=2)
"""


def sick(seed: int = 0) -> World:
    """Features saved class by class, validation_split=0.3, class weights."""
    return _trained(spoil.by_class(draw.vectors(seed, COUNTS, size=96, apart=4)), seed)


def healthy(seed: int = 0) -> World:
    """The same features saved in random order."""
    return _trained(draw.vectors(seed, COUNTS, size=96, apart=4), seed)


def _trained(images: Drawn, seed: int) -> World:
    return World({"train.py": TRAIN.replace("@seed", str(seed + 1))}, images=images, runs=("train.py",))
