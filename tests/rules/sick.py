"""For every rule a text that it speaks to and the nearest text that it keeps silent about."""

from __future__ import annotations

KERAS = """
from keras.models import Sequential
from keras.layers import Dense, Conv2D, Flatten, MaxPooling2D
model = Sequential()
model.add(Conv2D(8, (3, 3), activation='relu', input_shape=(64, 64, 3)))
model.add(Flatten())
model.add(Dense({units}, activation='{activation}'))
model.compile(optimizer='adam', loss='{loss}', metrics=['accuracy'])
{more}
"""


def code(
    units: int = 3, activation: str = "softmax", loss: str = "categorical_crossentropy", more: str = ""
) -> str:
    return KERAS.format(
        units=units, activation=activation, loss=loss, more=more or "model.fit(x, y, epochs=9)"
    )


def log(rows: str, name: str = "acc", steps: str = "50/50") -> str:
    """Rows "loss acc val_loss val_acc" apart by "/", as Keras 2 prints them."""
    epochs = [row.split() for row in rows.split("/")]
    lines = []
    for i, values in enumerate(epochs, 1):
        named = zip(("loss", name, "val_loss", f"val_{name}"), values)
        metrics = " - ".join(f"{k}: {v}" for k, v in named)
        lines += [
            f"Epoch {i}/{len(epochs)}",
            f"{steps} [==============================] - {i + 2}s 9{i}ms/step - {metrics}",
        ]
    return "\n".join(lines) + "\n"


FOUND = "Found 900 images belonging to 3 classes.\nFound 300 images belonging to 3 classes.\n"
GENERATOR = """
class Feed(keras.utils.Sequence):
    def __init__(self, files, labels, size):
        self.files = files
        self.labels = labels
        self.size = size
        self.position = 0

    def __len__(self):
        return len(self.files) // self.size

    def __getitem__(self, index):
        images = []
        for i in range(self.size):
            {draw}
            images.append(img_to_array(load_img(self.files[chosen])) / {scale})
        return np.array(images), self.labels[:self.size]

train = Feed(files, labels, 16)
"""
FLOW = """
from keras.preprocessing.image import ImageDataGenerator
train_gen = ImageDataGenerator(rescale=1./255, horizontal_flip=True)
val_gen = ImageDataGenerator({val})
train = train_gen.flow_from_directory('train', target_size=(64, 64), batch_size=20, class_mode='{mode}'{more})
val = val_gen.flow_from_directory('val', target_size=(64, 64), batch_size=20, class_mode='{mode}')
"""
PREDICT = """
model.fit_generator(train, epochs=9, validation_data=val)
for name in names:
    image = img_to_array(load_img(name, target_size=(64, 64))){scale}
    score = model.predict(np.expand_dims(image, axis=0))
    if {decision}:
        hits = hits + 1
"""
LEARNING = "1.0900 0.4000 1.0500 0.4233 / 0.8000 0.6300 0.8300 0.6133 / 0.6000 0.7500 0.6400 0.7367 / 0.4500 0.8300 0.5500 0.7833 / 0.3600 0.8700 0.5100 0.8067"
STUCK = "0.8 0.62 1.4 0.3333 / 0.6 0.71 1.9 0.3333 / 0.5 0.77 2.2 0.3333 / 0.4 0.83 2.6 0.3333 / 0.3 0.88 2.9 0.3333"
GREY = "All images are 64x64 grayscale images.\n"
TABLE = """_________________________________________________________________
Layer (type)                 Output Shape              Param #
=================================================================
conv2d_1 (Conv2D)            (None, 62, 62, 8)         224
_________________________________________________________________
max_pooling2d_1 (MaxPooling2 (None, {pooled}, {pooled}, 8)         0
_________________________________________________________________
flatten_1 (Flatten)          (None, {flat})            0
_________________________________________________________________
dense_1 (Dense)              (None, 3)                 {dense}
=================================================================
Total params: {total}
Trainable params: {total}
Non-trainable params: 0
_________________________________________________________________
"""
POOLED = """
model = Sequential()
model.add(Conv2D(8, (3, 3), input_shape=(64, 64, 3), activation='relu'))
model.add(MaxPooling2D(pool_size=(2, 2)))
model.add(Flatten())
model.add(Dense(3, activation='softmax'))
"""


def table(pooled: int) -> str:
    flat = pooled * pooled * 8
    return TABLE.format(pooled=pooled, flat=flat, dense=3 * flat + 3, total=f"{3 * flat + 3 + 224:,}")


TORCH = """
import torch
import torch.nn as nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
    def forward(self, x):
        return {head}
model = Net()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
for epoch in range(9):
    model.train()
    for x, y in train_loader:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
    model.eval()
    with torch.no_grad():
        for x, y in val_loader:
            right += (model(x).argmax(1) == y).sum()
"""
CHECKPOINTS = """Found 200 images belonging to 2 classes.
Found 50 images belonging to 2 classes.
Epoch 1/4
10/10 [==============================] - 3s 90ms/step - loss: 0.6 - acc: 0.70 - val_loss: 0.6 - val_acc: 0.7000

Epoch 00001: val_acc improved from -inf to 0.70000, saving model to best.h5
Epoch 2/4
10/10 [==============================] - 3s 90ms/step - loss: 0.5 - acc: 0.75 - val_loss: 0.5 - val_acc: {a}

Epoch 00002: val_acc improved from 0.70000 to {a}000, saving model to best.h5
Epoch 3/4
10/10 [==============================] - 3s 90ms/step - loss: 0.4 - acc: 0.80 - val_loss: 0.5 - val_acc: {b}

Epoch 00003: val_acc improved from {a}000 to {b}000, saving model to best.h5
"""
COLLAPSED = "1.0 0.45 1.0 0.47 / 0.8 0.60 0.8 0.61 / 0.6 0.74 0.6 0.72 / 1.1 0.34 1.1 0.33 / 1.1 0.33 1.1 0.34 / 1.1 0.33 1.1 0.33"
RECOUNT = "{a} images were called left instead of 300, precision {p}%\n{b} images were called right instead of 300, precision {q}%\n"
ROWS = """The classes are uneven (class 0: 500 images, class 1: 300 images, class 2: 200 images).
The weights are {{0: 2.0, 1: 3.3333333333333335, 2: 5.0}}.
"""


RESCALED = """
model = keras.Sequential()
model.add(keras.layers.Rescaling(1./255, input_shape=(64, 64, 3)))
model.add(keras.layers.Conv2D(8, 3, activation='relu'))
model.add(keras.layers.Flatten())
model.add(keras.layers.Dense(3, activation='softmax'))
model.compile('adam', 'categorical_crossentropy')
"""


def sorted_tail(right: list[int], drift: float = 0.0) -> str:
    """1000 sorted rows, 30 % validated: 100 of class 1 and all 200 of class 2; saturated, weighted loss."""
    text = ROWS.replace("{{", "{").replace("}}", "}")
    text += code(more="model.fit(x, y, epochs=9, validation_split=0.3, class_weight=weights)")
    rows = []
    for i, k in enumerate(right):
        loss = (200 * 5.0 + (100 - k) * (10 / 3)) * 16.118095650958319 / 300 + drift
        rows.append(f"{0.5 / (i + 1):.4f} {0.9 + 0.01 * i:.4f} {loss:.4f} {k / 300:.4f}")
    return f"{text}\n{log('/'.join(rows), steps='700/700')}"


UNSHUFFLED = code(more="model.fit(x, y, epochs=9, validation_split=0.2)")
PAIRS: dict[str, tuple[str, str]] = {
    "L101": (log("0.9 0.6 0.8 0.6154 / 0.8 0.7 0.7 0.6410 / 0.7 0.7 0.6 0.6923 / 0.6 0.7 0.6 0.7179 / 0.5 0.8 0.6 0.7436 / 0.4 0.8 0.5 0.7692 / 0.3 0.9 0.5 0.7949 / 0.3 0.9 0.5 0.8205 / 0.3 0.9 0.4 0.2051"), log(LEARNING)),
    "L102": (log("0.9 0.40 0.9 0.41 / 0.9 0.42 0.9 0.43 / 0.8 0.45 0.8 0.44", steps="1/1"), log("0.9 0.40 0.9 0.41 / 0.9 0.42 0.9 0.43 / 0.8 0.45 0.8 0.44")),
    "L201": (FOUND + log("1.0990 0.3411 1.0987 0.3267 / 1.0986 0.3289 1.0986 0.3400 / 1.0988 0.3344 1.0989 0.3333 / 1.0987 0.3322 1.0986 0.3367"), FOUND + log(LEARNING)),
    "L202": (FOUND + log(STUCK), FOUND + log(LEARNING)),
    "L203": (FOUND + log("0.9 0.60 2.2 0.0233 / 0.7 0.72 2.6 0.0333 / 0.5 0.81 2.9 0.0400 / 0.4 0.88 3.1 0.0300"), FOUND + log(LEARNING)),
    "L204": (log("7.9712 0.5000 8.7683 0.4500 / 7.1741 0.5500 9.5654 0.4000 / 7.9712 0.5000 8.7683 0.4500"), log("7.9812 0.5000 8.7983 0.4500 / 7.1841 0.5500 9.5854 0.4000 / 7.9912 0.5000 8.7883 0.4500")),
    "L205": (code(2, "softmax", "binary_crossentropy") + log("9.0000 0.6000 9.1000 0.6100 / 8.9000 0.6500 9.0000 0.6600 / 8.8000 0.7000 8.9000 0.7100"), code(2, "softmax", "binary_crossentropy") + log("0.9000 0.6000 0.9100 0.6100 / 0.8900 0.6500 0.8000 0.6600 / 0.8800 0.7000 0.7900 0.7100")),
    "L206": (log("0.0000e+00 0.3333 0.0000e+00 0.3350 / 0.0000e+00 0.3333 0.0000e+00 0.3350"), log("0.0000e+00 1.0000 0.0000e+00 1.0000 / 0.0000e+00 1.0000 0.0000e+00 1.0000")),
    "L207": (code(5, "softmax", "binary_crossentropy") + log("0.4 0.8200 0.4 0.8240 / 0.3 0.8600 0.3 0.8640 / 0.3 0.8800 0.3 0.8900"), code(5, "softmax", "binary_crossentropy") + log("0.4 0.8200 0.4 0.8240 / 0.3 0.8600 0.3 0.8640 / 0.3 0.8800 0.3 0.8900", name="accuracy")),
    "L208": ("I have 3 classes and the training accuracy is stuck at 33.33%.\n", "I have 3 classes and the training accuracy is stuck at 36.33%.\n"),
    "L301": ("One run:\n\n" + log(LEARNING) + "\nThe other run was much better:\n\n" + log(LEARNING.replace(".4233", ".91").replace(".6133", ".92").replace(".7367", ".93").replace(".7833", ".94").replace(".8067", ".95")), "One run:\n\n" + log(LEARNING) + "\nQuoted again:\n\n" + log(LEARNING)),
    "L302": ("It prints\n\nLeft = 478 (79%)\nRight = 170\nTotal = 648\n", "It prints\n\nLeft = 478 (74%)\nRight = 170\nTotal = 648\n"),
    "L303": ("I reached a validation accuracy of 78.33%.\n" + code(more="model.fit(x, y, epochs=9)\nmodel.save('m.h5')") + log(LEARNING), "I reached a validation accuracy of 80.67%.\n" + code(more="model.fit(x, y, epochs=9)\nmodel.save('m.h5')") + log(LEARNING)),
    "L305": (RECOUNT.format(a=170, p=98.8, b=430, q=69.3), RECOUNT.format(a=300, p=85.0, b=300, q=85.0)),
    "L306": (CHECKPOINTS.format(a="0.72", b="0.76"), CHECKPOINTS.format(a="0.80", b="0.90")),
    "L103": (FLOW.format(val="rescale=1./255", mode="binary", more="") + "model.fit_generator(train, epochs=12, validation_data=val, validation_steps=9)\nFound 600 images belonging to 2 classes.\nFound 187 images belonging to 2 classes.\n" + log("/".join(f"0.5 0.8 0.5 {k / 180:.4f}" for k in (101, 107, 113, 119, 121, 127, 131, 133, 137, 139, 143, 149))), FLOW.format(val="rescale=1./255", mode="binary", more="") + "model.fit_generator(train, epochs=12, validation_data=val, validation_steps=9)\nFound 600 images belonging to 2 classes.\nFound 187 images belonging to 2 classes.\n" + log("/".join(f"0.5 0.8 0.5 {k / 187:.4f}" for k in (101, 107, 113, 119, 121, 127, 131, 133, 137, 139, 143, 149)))),
    "S101": (sorted_tail([95, 97, 99, 98, 94, 96, 92, 99]), sorted_tail([95, 97, 99, 98, 94, 96, 92, 99], drift=-9.0).replace("0.9", "0.4")),
    "S102": (code(more="model.fit(x, y, validation_data=(x, y), epochs=9)"), code(more="model.fit(x, y, validation_data=(x_val, y_val), epochs=9)")),
    "S103": (GENERATOR.format(draw="chosen = random.randint(0, len(self.files) - 1)", scale="255."), GENERATOR.format(draw="chosen = index * self.size + i", scale="255.")),
    "S104": (GENERATOR.format(draw="chosen = self.position; self.position += 1", scale="255."), GENERATOR.format(draw="chosen = index * self.size + i", scale="255.")),
    "S106": (UNSHUFFLED + log("0.5 0.88 2.5 0.40 / 0.3 0.93 2.9 0.41 / 0.2 0.96 3.1 0.40 / 0.1 0.98 3.3 0.41"), UNSHUFFLED + log(LEARNING)),
    "S107": (FLOW.format(val="rescale=1./255", mode="categorical", more=", shuffle=False") + "model.fit_generator(train, validation_data=val)", FLOW.format(val="rescale=1./255", mode="categorical", more=", shuffle=True") + "model.fit_generator(train, validation_data=val)"),
    "P101": (code(1, "sigmoid", "binary_crossentropy", FLOW.format(val="rescale=1./255", mode="binary", more="") + PREDICT.format(scale="", decision="score[0][0] > 0.5")), code(1, "sigmoid", "binary_crossentropy", FLOW.format(val="rescale=1./255", mode="binary", more="") + PREDICT.format(scale=" / 255.", decision="score[0][0] > 0.5"))),
    "P102": (code(1, "sigmoid", "binary_crossentropy", FLOW.format(val="rescale=1./255", mode="binary", more="") + PREDICT.format(scale=" / 255.", decision="score[0][0] == 1")), code(1, "sigmoid", "binary_crossentropy", FLOW.format(val="rescale=1./255", mode="binary", more="") + PREDICT.format(scale=" / 255.", decision="score[0][0] > 0.5"))),
    "P103": (GENERATOR.format(draw="chosen = index * self.size + i", scale="np.max(img_to_array(load_img(self.files[chosen])))"), GENERATOR.format(draw="chosen = index * self.size + i", scale="255.")),
    "P104": ("base = keras.applications.VGG16(include_top=False, weights='imagenet', input_shape=(64, 64, 3))\nmodel = Sequential([base, Flatten(), Dense(3, activation='softmax')])\nmodel.compile('adam', 'categorical_crossentropy')\n" + FLOW.format(val="rescale=1./255", mode="categorical", more="") + "model.fit_generator(train, validation_data=val)", "from keras.applications.vgg16 import preprocess_input\nbase = keras.applications.VGG16(include_top=False, weights='imagenet', input_shape=(64, 64, 3))\nmodel = Sequential([base, Flatten(), Dense(3, activation='softmax')])\nmodel.compile('adam', 'categorical_crossentropy')\n" + FLOW.replace("rescale=1./255", "preprocessing_function=preprocess_input").format(val="preprocessing_function=preprocess_input", mode="categorical", more="") + "model.fit_generator(train, validation_data=val)"),
    "P105": (code(1, "sigmoid", "binary_crossentropy", FLOW.format(val="rescale=1./255", mode="binary", more="") + "model.fit_generator(train, validation_data=val)\nimage = cv2.resize(cv2.imread('a.jpg'), (64, 64)) / 255.\nscore = model.predict(np.expand_dims(image, 0))"), code(1, "sigmoid", "binary_crossentropy", FLOW.format(val="rescale=1./255", mode="binary", more="") + "model.fit_generator(train, validation_data=val)\nimage = cv2.resize(cv2.cvtColor(cv2.imread('a.jpg'), cv2.COLOR_BGR2RGB), (64, 64)) / 255.\nscore = model.predict(np.expand_dims(image, 0))")),
    "P106": ("from PIL import ImageFile\nImageFile.LOAD_TRUNCATED_IMAGES = True\n" + code(), "from PIL import ImageFile\nImageFile.LOAD_TRUNCATED_IMAGES = False\n" + code()),
    "P107": (code(1, "sigmoid", "binary_crossentropy", FLOW.format(val="rescale=1./255", mode="binary", more="") + PREDICT.format(scale="", decision="score[0][0] == 1")), code(1, "sigmoid", "binary_crossentropy", FLOW.format(val="rescale=1./255", mode="binary", more="") + "scores = model.predict(batch)")),
    "P108": (GREY + code(2, "sigmoid", "mse", "model.fit(x, y, validation_data=(x, y))"), code(2, "sigmoid", "mse", "model.fit(x, y, validation_data=(x, y))")),
    "P110": (FLOW.format(val="rescale=1./255", mode="categorical", more="") + "scores = model.predict_generator(val)\nprint(confusion_matrix(val.classes, scores.argmax(1)))", FLOW.format(val="rescale=1./255", mode="categorical", more="").replace("mode='categorical')\n", "mode='categorical', shuffle=False)\n") + "scores = model.predict_generator(val)\nprint(confusion_matrix(val.classes, scores.argmax(1)))"),
    "P113": (FLOW.format(val="rescale=1./255, rotation_range=40, horizontal_flip=True", mode="categorical", more="") + "model.fit_generator(train, validation_data=val)", FLOW.format(val="rescale=1./255", mode="categorical", more="") + "model.fit_generator(train, validation_data=val)"),
    "M101": (code(1, "softmax", "binary_crossentropy"), code(1, "sigmoid", "binary_crossentropy")),
    "M104": ("base = keras.applications.ResNet50(include_top=False, weights='imagenet')\nfor layer in base.layers:\n    layer.trainable = False\nhead = Dense(3, activation='softmax')(Flatten()(base.output))\nmodel = Model(base.input, head)\n" + log("0.9 0.80 2.2 0.40 / 0.7 0.90 2.6 0.42 / 0.5 0.95 2.9 0.41"), "base = keras.applications.ResNet50(include_top=False, weights='imagenet')\nfor layer in base.layers:\n    layer.trainable = False\nhead = Dense(3, activation='softmax')(Flatten()(base.output))\nmodel = Model(base.input, head)\n" + log(LEARNING)),
    "M106": (code(loss="sparse_categorical_crossentropy", more="y = to_categorical(y, 3)\nmodel.fit(x, y, epochs=9)"), code(more="y = to_categorical(y, 3)\nmodel.fit(x, y, epochs=9)")),
    "M107": ("base = keras.applications.ResNet50(include_top=False)\nbase.layers.pop()\n" + code(2, "sigmoid", "mse", "model.fit(x, y, validation_data=(x, y))"), code(2, "sigmoid", "mse", "model.fit(x, y, validation_data=(x, y))")),
    "M109": (POOLED + "\n" + table(20), POOLED + "\n" + table(31)),
    "T101": (FOUND + log(COLLAPSED), FOUND + log(LEARNING)),
    "T103": (TORCH.format(head="torch.softmax(self.body(x), dim=1)"), TORCH.format(head="self.body(x)")),
    "G101": (FOUND + log("1.0 0.50 0.9 0.60 / 0.6 0.75 0.5 0.75 / 0.3 0.90 0.4 0.80 / 0.1 0.97 0.6 0.79 / 0.05 0.99 0.8 0.78 / 0.02 1.00 0.9 0.79"), FOUND + log(LEARNING)),
    "M120": ("It stops with\n\nTraceback (most recent call last):\n  File \"train.py\", line 9, in <module>\n    model.fit(x, y)\nValueError: Shapes (None, 1) and (None, 5) are incompatible\n", "It stops with\n\nTraceback (most recent call last):\n  File \"train.py\", line 9, in <module>\n    main()\nKeyboardInterrupt\n"),
    "P112": (RESCALED + "x = x / 255.\nmodel.fit(load_all('train') / 255., y, epochs=3)\n" + FLOW.format(val="rescale=1./255", mode="categorical", more="") + "model.fit_generator(train, validation_data=val)", RESCALED + FLOW.replace("rescale=1./255, ", "").format(val="", mode="categorical", more="") + "model.fit_generator(train, validation_data=val)"),
    "P114": ("print(train.class_indices)\n\n{'cat': 0, 'dog': 1, 'owl': 2}\n\n" + code(more="names = ['dog', 'cat', 'owl']\nprint(names[model.predict(x).argmax()])"), "print(train.class_indices)\n\n{'cat': 0, 'dog': 1, 'owl': 2}\n\n" + code(more="names = ['cat', 'dog', 'owl']\nprint(names[model.predict(x).argmax()])")),
    "T102": (log("0.9 0.60 0.9 0.61 / 1.9 0.55 2.9 0.50 / nan 0.33 nan 0.33 / nan 0.33 nan 0.33"), log("0.9 0.60 0.9 0.61 / 1.9 0.55 2.9 0.50 / 1.7 0.58 2.2 0.53 / 1.5 0.60 2.1 0.55")),
}  # fmt: skip
