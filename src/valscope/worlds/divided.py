"""Code that divides images into `train_ds` and `val_ds` and trains. `{0}` and `{1}` are what rules vary, in either part."""

from __future__ import annotations

from valscope.worlds.scripts import batch, network, side

TAKEN = """
import tensorflow as tf
ds = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(len(x){0})
train_ds = ds.take(int(0.8 * len(x))).batch({batch})
val_ds = ds.skip(int(0.8 * len(x))).batch({batch})
"""
LOADED = """
import tensorflow as tf
train_ds = tf.keras.utils.image_dataset_from_directory(
    'photos', subset='training', image_size=({side}, {side}), batch_size={batch}, {0})
val_ds = tf.keras.utils.image_dataset_from_directory(
    'photos', subset='validation', image_size=({side}, {side}), batch_size={batch}, {1})
"""
FLOWING = """
from tensorflow.keras.preprocessing.image import ImageDataGenerator
train_gen = ImageDataGenerator(rescale=1./255, {0})
val_gen = ImageDataGenerator(rescale=1./255, {1})
train_ds = train_gen.flow_from_directory('photos', target_size=({side}, {side}), batch_size={batch}, subset='training')
val_ds = val_gen.flow_from_directory('photos', target_size=({side}, {side}), batch_size={batch}, subset='validation')
"""


def divided(code: str, train: str, val: str, seed: int = 0) -> str:
    """A small network trained on `train_ds` and validated on `val_ds`."""
    more = code.format(train, val, side=side(seed), batch=batch(seed))
    return network(more=more + "model.fit(train_ds, epochs=9, validation_data=val_ds)", seed=seed)
