"""Training and prediction scripts as people write them, in several styles."""

from __future__ import annotations

SEQUENTIAL = """\
'''Classifier of three kinds.'''
from keras.models import Sequential
from keras.layers import Dense, Dropout

model = Sequential()
model.add(Dense(256, input_shape = (25088,), activation = 'relu'))
model.add(Dropout(0.5))
model.add(Dense(len(classes), activation = 'softmax'))
model.compile(optimizer = 'rmsprop', loss = 'binary_crossentropy', metrics = ['accuracy'])
model.fit(
    X,
    y,
    epochs = 50,
    batch_size = 32,
    validation_split = 0.3,
    class_weight = class_weights
)
"""

TENSORFLOW = """\
import tensorflow as tf
import numpy as np

LEARNING_RATE = 1e-2
EPOCHS = 20

def build():
    base = tf.keras.applications.MobileNetV2(include_top=False, weights="imagenet")
    base.trainable = False
    inputs = tf.keras.Input((224, 224, 3))
    x = base(inputs, training=True)
    x = tf.keras.layers.GlobalAveragePooling2D()(x)
    return tf.keras.Model(inputs, tf.keras.layers.Dense(5, activation="sigmoid")(x))

model = build()
model.compile(
    optimizer=tf.keras.optimizers.SGD(learning_rate=LEARNING_RATE, momentum=0.9),
    loss=tf.keras.losses.BinaryCrossentropy(),
    metrics=["accuracy"],
)
stop = tf.keras.callbacks.EarlyStopping(patience=5)
history = model.fit(images / 255., labels, epochs=EPOCHS, shuffle=False, validation_split=0.2, callbacks=[stop])
"""

GENERATORS = """\
from keras.preprocessing.image import ImageDataGenerator
from keras.applications.resnet50 import ResNet50
import cv2

train_datagen = ImageDataGenerator(rescale = 1./255, rotation_range = 90, zoom_range = 0.2, vertical_flip = True)
test_datagen = ImageDataGenerator(rescale = 1./255)
training_set = train_datagen.flow_from_directory('train', target_size = (115, 45), class_mode = 'categorical')
test_set = test_datagen.flow_from_directory('test', target_size = (115, 45))
model = ResNet50(weights=None)
model.compile('adam', 'binary_crossentropy')
"""

# Python 2, as in forums: ast cannot read it.
PREDICTION = """\
import os
import numpy as np
from keras.models import load_model
from keras.preprocessing import image

classifier = load_model('./classifier.h5')
for f in os.listdir(folder):
    test_image = image.load_img(folder+f, target_size = (115, 45))
    test_image = image.img_to_array(test_image)
    test_image = np.expand_dims(test_image, axis = 0)
    result = classifier.predict(test_image)
    if result[0][0] == 1:
        pright=pright+1
    else:
        pleft=pleft+1
print 'Right = '+str(pright)
"""

OWN_SEQUENCE = """\
class DataGenerator(keras.utils.Sequence):

    def __getitem__(self, index):
        for i in range(self.batch_size):
            index = random.randint(0, len(self.inputs) - 1)
            batch[i] = self.rgb_processing(self.inputs[index])
        return batch

    def rgb_processing(self, path):
        img = cv2.imread(path)
        rgb = np.asarray(img)
        return rgb/np.max(rgb)

model.compile(loss=keras.losses.binary_crossentropy,
              optimizer=Adam(0.01),
              metrics=['accuracy'])
for layer in model.layers:
    layer.trainable = False
"""

SPLITTING = """\
from sklearn.model_selection import train_test_split
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, shuffle=False)
ds = tf.data.Dataset.from_tensor_slices((X_train, y_train)).shuffle(100).batch(32)
rows = np.random.choice(len(X), 32, replace=True)
classes = (model.predict(X_test)).astype(int)
scores = model.predict(X_test)
named = scores.astype(int)
one = int(scores[0])
best = np.argmax(scores, axis=1)
worst = np.argmin(scores, axis=1)
"""
SCRIPTS = (SEQUENTIAL, TENSORFLOW, GENERATORS, PREDICTION, OWN_SEQUENCE, SPLITTING)
