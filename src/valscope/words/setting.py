"""The settings of a recipe and of its use, and their values, in plain words."""

from __future__ import annotations

from collections.abc import Mapping

from valscope.words.recipe import GEOMETRY, GROUPING, LOSSES, ORDERS, SCALES, SPLITS

NAMES: Mapping[str, str] = {
    "split.kind": "split", "split.grouping": "kin in the split", "split.val": "validation share",
    "split.test": "test share", "split.seed": "seed of the split",
    "feed.order": "order of training images", "feed.batch": "batch", "feed.buffer": "shuffle buffer",
    "feed.steps": "batches an epoch", "feed.val_steps": "validation batches",
    "feed.carried_counter": "position carried from epoch to epoch", "feed.balanced": "classes drawn equally often",
    "feed.weighted_validation": "class weights in the validation loss",
    "feed.labels_apart": "labels shuffled against their images",
    "preparation": "preparation", "preparation.scale": "pixel scale", "preparation.order": "channel order",
    "preparation.height": "height in pixels", "preparation.width": "width in pixels", "preparation.colour": "colour",
    "preparation.kernel": "resize kernel", "preparation.antialias": "antialiasing", "preparation.exif": "EXIF rotation",
    "preparation.geometry": "aspect ratio", "preparation.alpha": "transparent pixels",
    "preparation.axes": "rows and columns", "preparation.centre": "middle of each side that is kept",
    "preparation.fast_decode": "large files decoded smaller",
    "model.name": "network", "model.weights": "start weights", "model.config": "network", "model.units": "hidden units",
    "model.dropout": "dropout", "model.activation": "last activation", "model.outputs": "outputs",
    "model.batchnorm": "BatchNorm of the frozen part",
    "loss": "loss", "from_logits": "loss takes logits",
    "label_smoothing": "label smoothing", "optimiser.name": "optimiser", "optimiser.rate": "learning rate",
    "optimiser.momentum": "momentum", "optimiser.weight_decay": "weight decay", "optimiser.clip_norm": "gradient clipping",
    "schedule": "schedule of the rate", "class_weights": "class weights", "restore_best": "keeps the best epoch",
    "precision": "arithmetic", "seed": "seed", "stages": "stages",
    "augmentation.flip_horizontal": "horizontal flips", "augmentation.flip_vertical": "vertical flips",
    "augmentation.rotate": "turns", "augmentation.shift": "shifts", "augmentation.zoom": "zoom",
    "augmentation.brightness": "brightness", "augmentation.contrast": "contrast",
    "mode": "layers such as BatchNorm and dropout", "order": "class of each output", "checkpoint": "weights",
    "aligned": "predictions and labels in one order", "decision.rule": "decision", "decision.value": "threshold",
    "decision.column": "output that decides", "decision.inverted": "classes swapped",
}  # fmt: skip
STAGE = {
    "epochs": "epochs", "trains": "what trains", "rate_factor": "rate factor", "patience": "patience",
    "cached": "features computed once",
}  # fmt: skip
WORDS: Mapping[str, Mapping[str, str]] = {
    "split.kind": SPLITS, "split.grouping": GROUPING, "feed.order": ORDERS, "preparation.scale": SCALES,
    "preparation.geometry": GEOMETRY, "loss": LOSSES,
    "preparation.axes": {"kept": "as in the picture", "transposed": "exchanged", "reshaped": "scrambled by a reshape"},
    "preparation.colour": {"rgb": "in colour", "grey_rgb": "grey in three channels"},
    "model.activation": {"linear": "none (logits)"},
    "model.outputs": {"classes": "one a class", "one": "a single one"},
    "model.batchnorm": {"inference": "stored statistics", "training": "statistics of each batch"},
    "mode": {"moving": "as in inference", "batch": "statistics of each batch", "dropout": "dropout left on"},
    "decision.rule": {"equals": "only a score exactly equal", "threshold": "a score at or above the threshold",
                      "truncated": "the fraction of the score is cut off", "argmax": "the largest output",
                      "argmin": "the smallest output"},
    "checkpoint": {"": "the model as given"},
}  # fmt: skip
PERCENT = {"split.val", "split.test", "augmentation.shift", "augmentation.zoom", "augmentation.brightness",
           "augmentation.contrast", "preparation.centre"}  # fmt: skip
ABSENT = {"class_weights": "none", "optimiser.rate": "found by a range test", "optimiser.clip_norm": "none",
          "order": "as the outputs come", "preparation": "features as they are"}  # fmt: skip
