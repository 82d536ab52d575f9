"""Exceptions and warnings in a text are explained with the numbers they hold.

The wordings of Keras 3 were produced with Keras 3.15.1 on TensorFlow; the older ones are those of Keras 2 and
TensorFlow 1 and 2, and some of PyTorch.
"""

import pytest

from valscope.evidence.errors_seen.feeding import FEEDING
from valscope.evidence.errors_seen.inputs import INPUTS
from valscope.evidence.errors_seen.labels import LABELS
from valscope.evidence.post import read_post_lines
from valscope.evidence.text import text_lines
from valscope.nouns.post import SeenError

MESSAGES = [
    ("ValueError: Arguments `target` and `output` must have the same rank (ndim). Received: target.shape=(None,), "
     "output.shape=(None, 3)", "class_numbers_for_one_hot", "3 outputs"),
    ("ValueError: Arguments `target` and `output` must have the same shape. Received: target.shape=(None, 1), "
     "output.shape=(None, 4)", "class_numbers_for_one_hot", "4 outputs"),
    ("ValueError: Arguments `target` and `output` must have the same shape. Received: target.shape=(None, 2), "
     "output.shape=(None, 1)", "one_hot_for_one_unit", "2 classes"),
    ("ValueError: Arguments `target` and `output` must have the same shape. Received: target.shape=(None, 6), "
     "output.shape=(None, 5)", "class_count_differs", "6 classes"),
    ("ValueError: Argument `output` must have rank (ndim) `target.ndim - 1`. Received: target.shape=(None, 3), "
     "output.shape=(None, 3)", "one_hot_for_class_numbers", "(None, 3)"),
    ("ValueError: Shapes (None, 1) and (None, 3) are incompatible", "class_numbers_for_one_hot", "3 outputs"),
    ("ValueError: Shapes (32, 3) and (32, 7, 7, 3) are incompatible", "outputs_not_flat", "(32, 7, 7, 3)"),
    ("ValueError: setting an array element with a sequence. The requested array has an inhomogeneous shape after 1 "
     "dimensions.", "ragged_images", "different sizes"),
    ("ValueError: `logits` and `labels` must have the same shape, received ((None, 5) vs (None, 1)).",
     "class_numbers_for_one_hot", "5 outputs"),
    ("ValueError: logits and labels must have the same shape ((?, 7, 7, 1) vs (?, 1))", "outputs_not_flat", "(?, 7, 7, 1)"),
    ("logits and labels must have the same first dimension, got logits shape [32,4] and labels shape [128]",
     "one_hot_for_class_numbers", "128 values came for 32 images"),
    ("logits and labels must have the same first dimension, got logits shape [96,4] and labels shape [32]",
     "batch_sizes_differ", "[96,4]"),
    ("logits and labels must be broadcastable: logits_size=[32,8] labels_size=[32,7]", "class_count_differs", "7 classes"),
    ("ValueError: Error when checking target: expected dense_2 to have shape (None, 2) but got array with shape (900, 1)",
     "class_numbers_for_one_hot", "2 outputs"),
    ("ValueError: Error when checking target: expected dense_6 to have shape (6,) but got array with shape (5,)",
     "class_count_differs", "5 classes"),
    ("ValueError: You are passing a target array of shape (900, 1) while using as loss `categorical_crossentropy`.",
     "class_numbers_for_one_hot", "(900, 1)"),
    ("Received a label value of 3 which is outside the valid range of [0, 3).  Label values: 2 3 1", "label_out_of_range",
     "A label is 3, but the last layer has 3 units"),
    ("IndexError: Target 5 is out of bounds.", "label_out_of_range", "A label is 5"),
    ("ValueError: dtype='string' is not a valid dtype for Keras type promotion.", "metrics_as_weights", "metrics stand third"),
    ("ValueError: Expected `loss_weights` argument to be a float (single output case) or a list, tuple, or dict (multiple "
     "output case). Received instead: loss_weights=accuracy of type <class 'str'>", "metrics_as_weights", "accuracy is given"),
    ("ValueError: `loss_weights` must match the number of losses, got 1 losses and 2 weights.", "metrics_as_weights",
     "2 weights"),
    ("ValueError: Invalid dtype: str96", "text_labels", "text"),
    ("ValueError: Invalid dtype: object", "ragged_images", "different sizes"),
    ("UserWarning: You are using a softmax over axis -1 of a tensor of shape (None, 1). This axis has size 1. The softmax "
     "operation will always return the value 1", "softmax_of_one", "always 1"),
    ("SyntaxWarning: In loss categorical_crossentropy, expected y_pred.shape to be (batch_size, num_classes) with "
     "num_classes > 1. Received: y_pred.shape=(None, 1).", "crossentropy_of_one_unit", "(None, 1)"),
    ('UserWarning: "`binary_crossentropy` received `from_logits=True`, but the `output` argument was produced by a Sigmoid '
     "activation and thus does not represent logits.", "logits_twice", "Sigmoid"),
    ("ValueError: Could not interpret loss identifier: categorical_crosentropy", "unknown_loss", "categorical_crosentropy"),
    ("RuntimeError: expected scalar type Long but found Float", "labels_not_integers", "Float"),
    ("UserWarning: Using a target size (torch.Size([32])) that is different to the input size (torch.Size([32, 1])).",
     "labels_broadcast", "[32, 1]"),
    ("Invalid input shape for input Tensor(\"data:0\", shape=(8, 8, 3), dtype=float32) with name 'k' and path ''. Expected "
     "shape (None, 8, 8, 3), but input has incompatible shape (8, 8, 3)", "input_shape", "(8, 8, 3)"),
    ("Input 0 with name 'None' of layer 'dense_13' is incompatible with the layer: expected axis -1 of input shape to have "
     "value 192, but received input with shape (None, 144)", "input_shape", "192"),
    ("ValueError: Input 0 is incompatible with layer conv2d: expected ndim=4, found ndim=3. Full shape received: (9, 9, 3)",
     "input_shape", "ndim=4"),
    ('ValueError: Input 0 of layer "sequential" is incompatible with the layer: expected shape=(None, 224, 224, 3), found '
     "shape=(None, 128, 128, 3)", "input_shape", "(None, 128, 128, 3)"),
    ("ValueError: Error when checking input: expected conv2d_1_input to have 4 dimensions, but got array with shape (9, 9)",
     "input_shape", "4 dimensions"),
    ("expected input[32, 1, 28, 28] to have 3 channels, but got 1 channels instead", "channels", "wants 3 channels"),
    ("ValueError: The input must have 3 channels; Received `input_shape=(64, 64, 1)`", "channels", "(64, 64, 1)"),
    ("RuntimeError: mat1 and mat2 shapes cannot be multiplied (32x400 and 512x10)", "flatten_size", "512x10"),
    ("ValueError: Computed output size would be zero or negative. Received `inputs shape=(None, 4, 4, 3)`, `kernel "
     "shape=(5, 5, 3, 3)`", "too_small", "(None, 4, 4, 3)"),
    ("ValueError: Negative dimension size caused by subtracting 3 from 1 for 'conv2d'", "too_small", "window of 3"),
    ("ValueError: Input size must be at least 32x32; Received: input_shape=(16, 16, 3)", "too_small", "32x32"),
    ("ValueError: cannot reshape array of size 7840 into shape (10,32,32,1)", "reshape", "7840"),
    ("ValueError: Data cardinality is ambiguous. Make sure all arrays contain the same number of samples.'x' sizes: 12\n"
     "'y' sizes: 10", "cardinality", "12 images and 10 labels"),
    ("ValueError: Data cardinality is ambiguous:\n  x sizes: 8, 8, 8, 8\n  y sizes: 4\n", "list_of_images", "list"),
    ("ValueError: Input arrays should have the same number of samples as target arrays. Found 900 input samples and 899 "
     "target samples.",
     "cardinality", "900 images and 899 labels"),
    ("ResourceExhaustedError: OOM when allocating tensor with shape[5,64,48,48] and type float", "out_of_memory",
     "[5,64,48,48]"),
    ("RuntimeError: CUDA out of memory. Tried to allocate 2.00 GiB", "out_of_memory", "graphics card"),
    ("numpy.core._exceptions.MemoryError: Unable to allocate 9.1 GiB for an array with shape (50000, 128, 128, 3) and data",
     "out_of_memory", "9.1 GiB"),
    ("WARNING:tensorflow:Your input ran out of data; interrupting training. Make sure that your dataset or generator can "
     "generate at least `steps_per_epoch * epochs` batches (in this case, 2800 batches).", "ran_out_of_data", "ended"),
    ("ValueError: No images found in directory data/train. Allowed formats: ('.bmp', '.png')", "no_images", "data/train"),
    ("Found 0 images belonging to 3 classes.", "no_images", "no image"),
    ("ValueError: `validation_split` is only supported for Tensors or NumPy arrays, found: <generator>",
     "split_of_generator", "arrays only"),
    ("ValueError: Argument `validation_split` is only supported for tensors or NumPy arrays.Found incompatible type",
     "split_of_generator", "arrays only"),
    ("Unknown image file format. One of JPEG, JPEG XL, PNG, GIF, BMP, WebP required.", "damaged_image", "none"),
    ("PIL.UnidentifiedImageError: cannot identify image file 'a/7.jpg'", "damaged_image", "'a/7.jpg'"),
    ("OSError: image file is truncated (7 bytes not processed)", "damaged_image", "too early"),
    ("WARNING:tensorflow:Early stopping conditioned on metric `val_acc` which is not available. Available metrics are: "
     "loss,accuracy", "missing_metric", "val_acc"),
    ("WARNING:tensorflow:Can save best model only with val_acc available, skipping.", "missing_metric", "val_acc"),
    ("ValueError: EarlyStopping callback received monitor=val_acc, but Keras isn't able to automatically determine whether",
     "missing_metric", "val_acc"),
    ("ValueError: Requested the deserialization of a `Lambda` layer whose `function` is a Python lambda.", "lambda_refused",
     "Lambda"),
    ("ValueError: Unknown layer: 'Mine'. Please ensure you are using a `keras.utils.custom_object_scope`", "unknown_layer",
     "Mine"),
    ("TypeError: Could not locate class 'Mine'. Make sure custom classes", "unknown_layer", "Mine"),
    ("ValueError: A total of 1 objects could not be loaded.", "weights_mismatch", "1"),
    ("ValueError: File not found: filepath=a/b.keras. Please ensure the file is an accessible `.keras` zip file.",
     "file_not_found", "a/b.keras"),
    ("AttributeError: 'Sequential' object has no attribute 'predict_classes'", "removed_method", "predict_classes"),
    ("ValueError: Argument(s) not recognized: {'lr': 0.1}", "removed_argument", "lr"),
    ("UserWarning: Argument `decay` is no longer supported and will be ignored.", "ignored_argument", "decay"),
    ("Batch 17: Invalid loss, terminating training", "not_finite", "17"),
]  # fmt: skip


def errors(text: str) -> list[SeenError]:
    return [f.value for f in read_post_lines(text_lines(text)).errors]


@pytest.mark.parametrize(("text", "code", "piece"), MESSAGES, ids=[m[0][:40] for m in MESSAGES])
def test_explained(text: str, code: str, piece: str) -> None:
    found = errors(f"Hello, what does this mean?\n\n{text}\n\nThank you.")
    assert [e.code for e in found] == ([code])
    for error in found:
        assert piece in error.explanation
        assert error.remedy.endswith((".", ")", "]"))
        assert "{" not in error.explanation.replace("{'", "")


def test_every_row_of_the_tables_is_tried() -> None:
    texts = "\n".join(text for text, _, _ in MESSAGES)
    for known in (*LABELS, *INPUTS, *FEEDING):
        assert known.pattern.search(texts), known.wording
        assert known.hint == known.hint.lower()
        assert known.hint in texts.lower()


def test_a_message_that_the_terminal_wrapped() -> None:
    (error,) = errors("ValueError: Shapes (None, 1) and\n(None, 3) are\nincompatible")
    assert error.numbers == (("labels", "(None, 1)"), ("outputs", "(None, 3)"))


def test_a_warning_swallowed_by_a_progress_bar() -> None:
    bar = " 7/562 [......] - ETA: 4s - loss: 0.83 - accuracy: 0.67"
    warning = (
        "WARNING:tensorflow:Your input ran out of data; interrupting training. (in this case, 2810 batches)"
    )
    assert [e.code for e in errors(f"Epoch 1/5\n{bar}{warning}\n")] == ["ran_out_of_data"]


def test_the_same_message_twice_is_one_error_with_its_first_line() -> None:
    text = "\n\n".join(
        ["Hello", "ValueError: Invalid dtype: object", "again:", "ValueError: Invalid dtype: object"]
    )
    facts = read_post_lines(text_lines(text), "post.txt").errors
    assert [(f.source.line, f.source.quote) for f in facts] == [(3, "Invalid dtype: object")]


def test_prose_and_code_are_no_errors() -> None:
    assert (
        errors("The softmax has one unit and the shapes are incompatible, I think.\nraise ValueError('x')")
        == []
    )


CRASH = """Epoch 1/15
Traceback (most recent call last):
  File "/home/a/train.py", line 62, in <module>
    main()
  File "/home/a/train.py", line 57, in main
    model.fit(Photos(train, 32), epochs=15)
  File "/usr/lib/site-packages/keras/src/utils/traceback_utils.py", line 122, in error_handler
    raise e.with_traceback(filtered_tb) from None
  File "/usr/lib/site-packages/keras/src/backend/common/dtypes.py", line 151, in _least
    raise ValueError(
{said}
"""
EPOCH = "30/30 - 1s - 20ms/step - accuracy: 0.8000 - loss: 0.5000 - val_accuracy: 0.7500 - val_loss: 0.6000\n"


def test_an_unknown_exception_at_the_end_is_quoted_with_the_last_own_line() -> None:
    said = "ValueError: the moon is full."
    (fact,) = read_post_lines(text_lines(CRASH.format(said=said)), "train.log").errors
    assert fact.value.code == "stopped"
    assert "with: ValueError: the moon is full." in fact.value.explanation
    assert "line 57 of train.py: model.fit(Photos(train, 32), epochs=15)." in fact.value.explanation
    assert (fact.source.line, fact.source.quote) == (11, said)


@pytest.mark.parametrize(
    "text",
    [
        CRASH.format(said="KeyboardInterrupt"), CRASH.format(said="SystemExit: 1"),
        CRASH.format(said="ValueError: the moon is full.") + f"Epoch 1/15\n{EPOCH}Epoch 2/15\n{EPOCH}",
        f"Epoch 1/15\n{EPOCH}Epoch 2/15\n{EPOCH}" + CRASH.format(said="ValueError: the moon is full."),
        "ValueError: the moon is full.\n",
    ],
    ids=["interrupted", "meant", "goes on", "epochs before", "no traceback"],
)  # fmt: skip
def test_no_other_end_is_an_error(text: str) -> None:
    assert errors(text) == []


def test_a_known_error_at_the_end_is_told_once() -> None:
    assert [e.code for e in errors(CRASH.format(said="ValueError: Invalid dtype: str96"))] == ["text_labels"]
