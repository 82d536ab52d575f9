import tensorflow as tf
from tensorflow.keras.layers import BatchNormalization, Conv2D, Dense, Dropout, Flatten, MaxPooling2D
from tensorflow.keras.models import Sequential
from tensorflow.keras.preprocessing.image import ImageDataGenerator

tf.random.set_seed(1)
width, height = 45, 115

model = Sequential()
model.add(Conv2D(32, (3, 3), input_shape=(height, width, 3), activation="relu"))
model.add(BatchNormalization())
model.add(MaxPooling2D(pool_size=(2, 2)))
model.add(Conv2D(32, (3, 3), activation="relu"))
model.add(MaxPooling2D(pool_size=(2, 2)))
model.add(Flatten())
model.add(Dropout(0.5))
model.add(Dense(units=128, activation="relu"))
model.add(Dropout(0.5))
model.add(Dense(units=1, activation="sigmoid"))
model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])

train_datagen = ImageDataGenerator(rescale=1.0 / 255, zoom_range=0.2)
test_datagen = ImageDataGenerator(rescale=1.0 / 255)
training_set = train_datagen.flow_from_directory(
    "data/train", target_size=(height, width), batch_size=32, class_mode="binary"
)
test_set = test_datagen.flow_from_directory(
    "data/val", target_size=(height, width), batch_size=32, class_mode="binary"
)
print(training_set.class_indices)
model.fit(training_set, epochs=4, validation_data=test_set, verbose=2)
model.save("model.keras")
