"""Code as users write it: networks, feeds of images, and loops that predict. `{...}` parts are what rules vary."""

from __future__ import annotations

SEQUENTIAL = """
from {keras}.models import Sequential
from {keras}.layers import Dense, Conv2D, Flatten, MaxPooling2D
model = Sequential()
model.add(Conv2D({filters}, (3, 3), activation='relu', input_shape=({side}, {side}, 3)))
model.add(MaxPooling2D())
model.add(Flatten())
model.add(Dense({units}, activation='{activation}'))
model.compile(optimizer='{optimiser}', loss='{loss}', metrics=['accuracy'])
"""
LISTED = """
import {keras} as keras
net = keras.Sequential([
    keras.layers.Conv2D({filters}, 3, activation='relu', input_shape=({side}, {side}, 3)),
    keras.layers.MaxPooling2D(2),
    keras.layers.Flatten(),
    keras.layers.Dense({units}, activation='{activation}'),
])
net.compile('{optimiser}', loss='{loss}', metrics=['accuracy'])
"""
FIT = "model.fit(x, y, epochs=9)"
SEQUENCE = """
class Feed(keras.utils.Sequence):
    def __init__(self, files, labels, size):
        self.files = files
        self.labels = labels
        self.size = size
        self.position = 0

    def __len__(self):
        return len(self.files) // self.size

    def __getitem__(self, index):
        images, answers = [], []
        for i in range(self.size):
            {draw}
            images.append(img_to_array(load_img(self.files[chosen], target_size=({side}, {side}))) / {scale})
            answers.append(self.labels[chosen])
        return np.array(images), np.array(answers)

train = Feed(files, labels, {batch})
"""
IN_ORDER = "chosen = index * self.size + i"
FLOW = """
from keras.preprocessing.image import ImageDataGenerator
train_gen = ImageDataGenerator(rescale=1./255, horizontal_flip=True)
val_gen = ImageDataGenerator({val})
train = train_gen.flow_from_directory('train', target_size=({side}, {side}), batch_size={batch}, class_mode='{mode}'{more})
val = val_gen.flow_from_directory('val', target_size=({side}, {side}), batch_size={batch}, class_mode='{mode}'{val_more})
"""
PREDICT = """
for name in names:
    image = img_to_array(load_img(name, target_size=({side}, {side}))){scale}
    score = model.predict(np.expand_dims(image, axis=0))
    if {decision}:
        hits = hits + 1
"""


def network(
    units: int = 3, activation: str = "softmax", loss: str = "categorical_crossentropy", more: str = FIT,
    seed: int = 0,
) -> str:  # fmt: skip
    """A small network, compiled, and `more` lines after it that call it `model`."""
    listed = seed % 2 == 1
    text = (LISTED if listed else SEQUENTIAL).format(
        keras=("keras", "tensorflow.keras")[seed // 2 % 2], filters=(8, 16, 32)[seed % 3], side=side(seed),
        units=units, activation=activation, loss=loss, optimiser=("adam", "rmsprop")[seed // 3 % 2],
    )  # fmt: skip
    return text + (more.replace("model.", "net.").replace("(model", "(net") if listed else more) + "\n"


def sequence(draw: str = IN_ORDER, scale: str = "255.", seed: int = 0) -> str:
    """A user's own keras.utils.Sequence called `train`. `draw` sets `chosen`, the row of one image."""
    return SEQUENCE.format(draw=draw, scale=scale, side=side(seed), batch=batch(seed))


def flow(
    val: str = "rescale=1./255", mode: str = "categorical", more: str = "", val_more: str = "", seed: int = 0
) -> str:
    """Two generators over folders, `train` and `val`; training scales by 1/255 and flips."""
    return FLOW.format(
        val=val, mode=mode, more=more, val_more=val_more, side=side(seed), batch=batch(seed)
    )  # fmt: skip


def predicting(scale: str = " / 255.", decision: str = "score[0][0] > 0.5", seed: int = 0) -> str:
    """A loop over single files, as users write it after training."""
    return PREDICT.format(scale=scale, decision=decision, side=side(seed))


def side(seed: int) -> int:
    """Pixels of the images in one world's code."""
    return (64, 96, 128)[seed % 3]


def batch(seed: int) -> int:
    """Images in a batch in one world's code."""
    return (20, 16, 32)[seed % 3]
