"""Errors about folders and generators, callbacks, saved models and names that Keras 3 dropped."""

from __future__ import annotations

from valscope.evidence.errors_seen.known import Known

_CLASS_FOLDERS = (
    "Give the folder that holds one folder for each class; check the path and the file extensions."
)
_AUDIT = "Find such files with  valscope audit FOLDER  and remove or replace them."

FEEDING = (
    Known(
        "ran_out_of_data", "ran out of data",
        r"Your input ran out of data; interrupting training(?:[^\n]*?\(in this case, (?P<batches>[\d.]+) batches\))?",
        "The generator ended before all steps of all epochs were drawn: training stopped early, or epochs were "
        "cut short.",
        "Leave out steps_per_epoch and validation_steps, or call .repeat() on the dataset.",
    ),
    Known(
        "no_images", "no images found",
        r"No images found in directory (?P<folder>\S+)\. Allowed formats: (?P<formats>\([^)]*\))",
        "The folder {folder} has no images of the formats {formats} in class folders.", _CLASS_FOLDERS,
    ),
    Known(
        "no_images", "found 0 ",
        r"Found 0 (?:validated )?(?:images|files|image filenames) belonging to (?P<classes>\d+) classes",
        "The generator found no image at all.", _CLASS_FOLDERS,
    ),
    Known(
        "split_of_generator", "`validation_split` is only supported",
        r"`validation_split` is only supported for (?P<what>[^.]+?)\.",
        "validation_split works on arrays only; the data came from a generator or dataset.",
        "Split the files first and give validation_data.",
    ),
    Known(
        "damaged_image", "unknown image file format", r"Unknown image file format\. One of [^.\n]+ required",
        "A file among the images is none: damaged, empty, or of another format under a wrong name.", _AUDIT,
    ),
    Known(
        "damaged_image", "cannot identify image file", r"cannot identify image file (?P<file>\S+)",
        "{file} is no image, or is damaged.", _AUDIT,
    ),
    Known(
        "damaged_image", "file is truncated",
        r"image file is truncated(?: \((?P<left>\d+) bytes not processed\))?",
        "An image file ends too early.", _AUDIT,
    ),
    Known(
        "missing_metric", "which is not available",
        r"metric `?(?P<metric>\w+)`? which is not available\.?(?: Available metrics are: (?P<available>[\w,\s]+?))?(?:\n|$)",
        "A callback watches {metric}, which this training does not have, so it does nothing.",
        "Watch a metric that is printed, and give validation data.",
    ),
    Known(
        "missing_metric", "available, skipping", r"with (?P<metric>\w+) available, skipping",
        "A callback watches {metric}, which this training does not have, so nothing is saved.",
        "Watch a metric that is printed, and give validation data.",
    ),
    Known(
        "missing_metric", "callback received monitor",
        r"callback received monitor=(?P<metric>\w+), but Keras isn't able to automatically determine",
        "The callback watches {metric}, which is not the name of a metric of this training.",
        "Use the printed name, such as val_accuracy, or give mode='max' or 'min'.",
    ),
    Known(
        "lambda_refused", "lambda",
        r"deserialization of a `?Lambda`? layer whose `?function`? is a Python lambda",
        "The saved model holds a Lambda layer, whose code Keras runs only on request, because a file may hold "
        "anything.",
        "Replace it by a layer such as Rescaling; load with safe_mode=False only files of your own.",
    ),
    Known(
        "unknown_layer", "unknown ",
        r"Unknown (?:layer|metric function|loss function|object|initializer): ['\"]?(?P<name>[\w.>]+\w)",
        "The saved model uses {name}, which is defined in your own code.",
        "Load with custom_objects={{'{name}': {name}}}, or decorate the class with "
        "@keras.saving.register_keras_serializable().",
    ),
    Known(
        "unknown_layer", "could not locate class", r"Could not locate class '(?P<name>\w+)'",
        "The saved model uses {name}, which is defined in your own code.",
        "Load with custom_objects={{'{name}': {name}}}, or decorate the class with "
        "@keras.saving.register_keras_serializable().",
    ),
    Known(
        "weights_mismatch", "could not be loaded", r"A total of (?P<count>\d+) objects could not be loaded",
        "Objects of the weight file that do not fit the network: {count}. Its architecture is another one.",
        "Build the same architecture, with the same number of classes, before load_weights.",
    ),
    Known(
        "file_not_found", "file not found: filepath",
        r"File not found: filepath=(?P<path>\S+?)\. Please ensure",
        "The model file {path} does not exist.", "Check the path; Keras 3 saves models as .keras.",
    ),
    Known(
        "removed_method", "has no attribute",
        r"'(?:Sequential|Functional|Model)' object has no attribute "
        r"'(?P<name>\w+_generator|predict_classes|predict_proba)'",
        "Keras 3 has no {name}.",
        "Use fit, evaluate or predict; classes are predict(x).argmax(axis=1), or predict(x) > 0.5 for one unit.",
    ),
    Known(
        "removed_argument", "not recognized", r"Argument\(s\) not recognized: \{(?P<arguments>[^}]*)\}",
        "Keras 3 does not know the argument {arguments}.",
        "Write learning_rate instead of lr, and a schedule instead of decay.",
    ),
    Known(
        "ignored_argument", "no longer supported",
        r"Argument `(?P<name>\w+)` is no longer supported and will be ignored",
        "The argument {name} has no effect any more.", "Use a learning-rate schedule instead of decay.",
    ),
    Known(
        "not_finite", "invalid loss", r"Batch (?P<batch>\d+): Invalid loss, terminating training",
        "The loss is no number any more from batch {batch} on.",
        "Lower the learning rate and look for NaN among the inputs.",
    ),
)  # fmt: skip
