"""The formats that a run can be exported to, and how each is loaded by a stranger."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Format:
    """suffix  of the file, "" for a folder.  name  of the file in a folder of its own.
    imports, load, call  Python source: what it needs, what loads it, and what gives the probabilities of `batch`
    (float32).
    """

    name: str
    title: str
    file: str
    suffix: str
    imports: str
    load: str
    call: str


FORMATS = {
    format_.name: format_
    for format_ in (
        Format(
            "keras", "a Keras model", "model.keras", ".keras",
            "import keras",
            'model = keras.saving.load_model("{model}", compile=False)',
            "np.asarray(keras.ops.convert_to_numpy(model.predict_on_batch(batch)))",
        ),
        Format(
            "onnx", "an ONNX graph", "model.onnx", ".onnx",
            "import onnxruntime",
            'session = onnxruntime.InferenceSession("{model}")',
            'session.run(None, {"pixels": batch})[0]',
        ),
        Format(
            "savedmodel", "a TensorFlow SavedModel", "model", "",
            "import tensorflow as tf",
            'model = tf.saved_model.load("{model}")',
            "model.serve(batch).numpy()",
        ),
        Format(
            "litert", "a LiteRT (TensorFlow Lite) file", "model.tflite", ".tflite",
            "from ai_edge_litert.interpreter import Interpreter",
            'interpreter = Interpreter("{model}")\n'
            "interpreter.allocate_tensors()\n"
            'given = interpreter.get_input_details()[0]["index"]\n'
            'made = interpreter.get_output_details()[0]["index"]\n\n\n'
            "def one(image):\n"
            "    interpreter.set_tensor(given, image[None])\n"
            "    interpreter.invoke()\n"
            "    return interpreter.get_tensor(made)[0].copy()\n",
            "np.stack([one(image) for image in batch])",
        ),
    )
}  # fmt: skip
