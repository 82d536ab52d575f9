import os
import random

import numpy as np
from keras.applications import MobileNetV2
from keras.layers import Dense, Flatten
from keras.models import Model
from keras.optimizers import Adam
from keras.utils import PyDataset, img_to_array, load_img

size = 64


class Leaves(PyDataset):
    def __init__(self, folder, batch, **kw):
        super().__init__(**kw)
        self.batch = batch
        self.files = []
        self.labels = []
        for k, name in enumerate(sorted(os.listdir(folder))):
            for f in sorted(os.listdir(os.path.join(folder, name))):
                self.files.append(os.path.join(folder, name, f))
                self.labels.append(k)

    def __len__(self):
        return len(self.files) // self.batch

    def __getitem__(self, index):
        images, labels = [], []
        for i in range(self.batch):
            n = random.randint(0, len(self.files) - 1)
            img = img_to_array(load_img(self.files[n], target_size=(size, size)))
            images.append(img / np.max(img))
            one = [0, 0]
            one[self.labels[n]] = 1
            labels.append(one)
        return np.array(images), np.array(labels)


base = MobileNetV2(weights=os.environ["WEIGHTS"], include_top=False, input_shape=(size, size, 3))
for layer in base.layers:
    if not layer.name.lower().endswith("bn"):
        layer.trainable = False
x = Flatten()(base.output)
x = Dense(2, activation="softmax")(x)
model = Model(inputs=base.input, outputs=x)
model.compile(optimizer=Adam(learning_rate=0.001), loss="binary_crossentropy", metrics=["accuracy"])
model.fit(Leaves("data/train", 16), epochs=4, validation_data=Leaves("data/validation", 16), verbose=2)
model.save("model.keras")
