import keras
from keras import layers
from keras.utils import image_dataset_from_directory

size = 64
train = image_dataset_from_directory(
    "data/train", label_mode="categorical", image_size=(size, size), batch_size=32
)
val = image_dataset_from_directory(
    "data/validation", label_mode="categorical", image_size=(size, size), batch_size=32
)

model = keras.Sequential()
model.add(layers.Input((size, size, 3)))
model.add(layers.Rescaling(1.0 / 255))
for filters in (32, 32, 32):
    model.add(layers.Conv2D(filters, (3, 3), activation="relu"))
    model.add(layers.Conv2D(filters, (3, 3), activation="relu"))
    model.add(layers.MaxPooling2D((2, 2)))
model.add(layers.Flatten())
model.add(layers.Dense(128, activation="relu"))
model.add(layers.Dense(64, activation="relu"))
model.add(layers.Dense(3, activation="softmax"))
model.summary()
model.compile(
    optimizer=keras.optimizers.Adam(learning_rate=0.01), loss="categorical_crossentropy", metrics=["accuracy"]
)
model.fit(train, validation_data=val, epochs=10, verbose=2)
