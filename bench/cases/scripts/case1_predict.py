import os

import numpy as np
from tensorflow.keras.models import load_model
from tensorflow.keras.preprocessing import image

model = load_model("model.keras")
right = 0
total = 0
for name in ["left", "right"]:
    folder = os.path.join("data/val", name)
    for f in sorted(os.listdir(folder)):
        img = image.load_img(os.path.join(folder, f), target_size=(115, 45))
        x = image.img_to_array(img)
        x = np.expand_dims(x, axis=0)
        result = model.predict(x, verbose=0)
        if result[0][0] == 1:
            prediction = "right"
        else:
            prediction = "left"
        total = total + 1
        if prediction == name:
            right = right + 1
print("Accuracy of prediction: %d of %d" % (right, total))
