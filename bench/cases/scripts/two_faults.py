import os

import numpy as np
import tensorflow as tf
from tensorflow.keras import layers, models
from tensorflow.keras.preprocessing.image import img_to_array, load_img
from tensorflow.keras.utils import to_categorical

path = "Dataset"
X = []
y = []
for digit in sorted(os.listdir(path)):
    for name in sorted(os.listdir(os.path.join(path, digit))):
        img = load_img(os.path.join(path, digit, name), target_size=(64, 64), color_mode="grayscale")
        X.append(img_to_array(img) / 255.0)
        y.append(int(digit))
X = np.array(X)
Y = to_categorical(y, 10)
print(X.shape, Y.shape)

model = models.Sequential()
model.add(layers.Conv2D(32, (3, 3), activation="relu", input_shape=(64, 64, 1)))
model.add(layers.MaxPooling2D((2, 2)))
model.add(layers.Conv2D(64, (3, 3), activation="relu"))
model.add(layers.MaxPooling2D((2, 2)))
model.add(layers.Flatten())
model.add(layers.Dense(128, activation="relu"))
model.add(layers.Dense(10, activation="softmax"))
opt = tf.keras.optimizers.Adam(learning_rate=0.01)
model.compile(optimizer=opt, loss="categorical_crossentropy", metrics=["accuracy"])
history = model.fit(X, Y, batch_size=32, epochs=8, validation_split=0.2, verbose=2)
model.save("digits.keras")
