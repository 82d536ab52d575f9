import os

import keras
from keras import layers
from keras.applications.mobilenet_v2 import MobileNetV2, preprocess_input
from keras.utils import image_dataset_from_directory

size = 96
train = image_dataset_from_directory(
    "data", validation_split=0.2, subset="training", seed=7, image_size=(size, size), batch_size=32
)
val = image_dataset_from_directory(
    "data", validation_split=0.2, subset="validation", seed=7, image_size=(size, size), batch_size=32
)

base = MobileNetV2(weights=os.environ["WEIGHTS"], include_top=False, input_shape=(size, size, 3))
base.trainable = False

inputs = keras.Input((size, size, 3))
x = preprocess_input(inputs)
x = base(x, training=False)
x = layers.GlobalAveragePooling2D()(x)
x = layers.Dropout(0.3)(x)
outputs = layers.Dense(6, activation="softmax")(x)
model = keras.Model(inputs, outputs)
model.compile(
    optimizer=keras.optimizers.Adam(1e-3), loss="sparse_categorical_crossentropy", metrics=["accuracy"]
)
stop = keras.callbacks.EarlyStopping(patience=3, restore_best_weights=True)
model.fit(train, validation_data=val, epochs=12, callbacks=[stop], verbose=2)
model.save("model.keras")
