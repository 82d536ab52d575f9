# three kinds of potato leaf, features of a pretrained network were saved before
import numpy as np
from keras.layers import Dense, Dropout
from keras.models import Sequential
from keras.optimizers import RMSprop
from keras.utils import to_categorical

f = np.load("features.npz")
X = f["features"]
labels = f["labels"]
Y = to_categorical(labels, 3)

counts = np.bincount(labels)
cw = {i: len(labels) / c for i, c in enumerate(counts)}
print(counts, cw)

model = Sequential()
model.add(Dense(256, activation="relu", input_shape=(X.shape[1],)))
model.add(Dropout(0.5))
model.add(Dense(3, activation="softmax"))
model.compile(optimizer=RMSprop(learning_rate=0.001), loss="categorical_crossentropy", metrics=["accuracy"])
model.fit(X, Y, epochs=20, batch_size=32, validation_split=0.3, class_weight=cw, verbose=2)
model.save("model.keras")
