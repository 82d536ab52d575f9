import keras
from keras import layers
from keras.utils import image_dataset_from_directory

train = image_dataset_from_directory(
    "data", validation_split=0.2, subset="training", seed=1, image_size=(SIZE, SIZE), batch_size=16
)
val = image_dataset_from_directory(
    "data", validation_split=0.2, subset="validation", seed=1, image_size=(SIZE, SIZE), batch_size=16
)

model = keras.Sequential(
    [
        layers.Input((SIZE, SIZE, 3)),
        layers.Rescaling(1.0 / 255),
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(64, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Flatten(),
        layers.Dense(128, activation="relu"),
        layers.Dense(CLASSES, activation="softmax"),
    ]
)
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(train, validation_data=val, epochs=EPOCHS, verbose=2)
