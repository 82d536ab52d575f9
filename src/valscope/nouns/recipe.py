"""A `Recipe` decides a training run completely. It is frozen; a remedy is `recipe.but(...)`.

It can express the faults that users make as well as their cures: an unshuffled tail split, sampling with
replacement, a wrong scale, binary cross-entropy on exclusive classes, a rate a hundred times too high.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Literal

from valscope.nouns.preparation import Preparation

SplitKind = Literal["stratified", "tail", "given", "class_head"]
Grouping = Literal["none", "duplicates", "given"]
Order = Literal["permuted", "sequential", "with_replacement", "buffer", "batches"]
Loss = Literal["crossentropy", "binary_crossentropy", "mse"]
Activation = Literal["linear", "softmax", "sigmoid", "relu"]
OptimiserName = Literal["adam", "adamw", "sgd", "rmsprop", "adadelta", "adagrad", "nadam"]
Precision = Literal["float32", "mixed_float16", "mixed_bfloat16"]


@dataclass(frozen=True, slots=True)
class Split:
    """Which items train, which choose the epoch (val), and which are only scored (test).

    "stratified" shuffles within each class and keeps groups together; "tail" takes the last rows as they
    stand, as Keras' `validation_split` does; "given" uses the parts that the source gave; "class_head" takes the
    first rows of each class, as `flow_from_directory(subset="validation")` does.
    """

    kind: SplitKind = "stratified"
    val: float = 0.15
    test: float = 0.15
    grouping: Grouping = "duplicates"
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Feed:
    """How images reach the fit.

    order            "permuted" draws a new permutation from (seed, epoch); "buffer" shuffles like
                     `tf.data` with `buffer` items; "with_replacement" draws anew for each image; "batches"
                     permutes batches of rows as they stand, as Keras does with a `Sequence`.
    steps            batches in an epoch, or None for all images once.
    carried_counter  the position runs on from epoch to epoch instead of starting at 0, for training and
                     for validation (a generator whose counter is never reset).
    balanced         draw classes equally often.
    weighted_validation  class weights also count in val_loss, as Keras did for `validation_split`.
    labels_apart     labels were shuffled against their images, of training and of validation.
    """

    batch: int = 32
    order: Order = "permuted"
    buffer: int = 1000
    steps: int | None = None
    val_steps: int | None = None
    carried_counter: bool = False
    balanced: bool = False
    weighted_validation: bool = False
    labels_apart: bool = False


@dataclass(frozen=True, slots=True)
class Augmentation:
    """Random changes of training images, each 0 (or False) for none.

    rotate is a fraction of a full turn, shift and zoom are fractions of the side, brightness and contrast
    are fractions of the value range.
    """

    flip_horizontal: bool = False
    flip_vertical: bool = False
    rotate: float = 0.0
    shift: float = 0.0
    zoom: float = 0.0
    brightness: float = 0.0
    contrast: float = 0.0

    def __bool__(self) -> bool:
        return self != Augmentation()


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """The network.

    name        a built-in ("cnn", "features", "case0" ... "case4_vgg19"), a `keras.applications` name in
                lower case ("mobilenetv2"), or "config" for any Keras architecture given as JSON.
    weights     "none", "imagenet", or the path of a weight file (backbones only).
    config      Keras architecture as JSON text when name is "config".
    units       width of the hidden layer of the head, 0 for none.
    dropout     before the last layer.
    activation  of the last layer; "linear" means that the loss takes logits.
    outputs     "classes" for one unit a class, "one" for a single unit (two classes).
    batchnorm   how a frozen backbone's BatchNorm runs while its head trains.
    """

    name: str = "cnn"
    weights: str = "none"
    config: str | None = None
    units: int = 0
    dropout: float = 0.2
    activation: Activation = "linear"
    outputs: Literal["classes", "one"] = "classes"
    batchnorm: Literal["inference", "training"] = "inference"


@dataclass(frozen=True, slots=True)
class Optimiser:
    """Optimiser and its rate; rate None means that a range test finds it."""

    name: OptimiserName = "adam"
    rate: float | None = None
    momentum: float = 0.0
    weight_decay: float = 0.0
    clip_norm: float | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """A stretch of training.

    trains       "all", "head" (backbone frozen), "top:N" (last N backbone layers with weights, and the head) or
                 "from:N" (backbone layers from the N-th on, counted as Keras lists them, negative from the end).
    rate_factor  multiplies the optimiser's rate.
    patience     epochs without a lower val_loss after which the stage ends; None for never.
    cached       a frozen backbone's features are computed once, so nothing is augmented in this stage.
    """

    epochs: int
    trains: str = "all"
    rate_factor: float = 1.0
    patience: int | None = None
    cached: bool = False


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that decides a training run. Saved whole in the run as JSON.

    from_logits   whether the loss takes outputs for logits; None where the last activation decides, as it should.
    """

    data: str
    classes: tuple[str, ...]
    preparation: Preparation | None
    model: ModelSpec = field(default_factory=ModelSpec)
    split: Split = field(default_factory=Split)
    feed: Feed = field(default_factory=Feed)
    augmentation: Augmentation = field(default_factory=Augmentation)
    loss: Loss = "crossentropy"
    label_smoothing: float = 0.0
    from_logits: bool | None = None
    optimiser: Optimiser = field(default_factory=Optimiser)
    schedule: Literal["constant", "cosine"] = "constant"
    class_weights: tuple[float, ...] | None = None
    stages: tuple[Stage, ...] = (Stage(30),)
    restore_best: bool = True
    precision: Precision = "float32"
    seed: int = 0

    def but(self, **changes: Any) -> Recipe:
        """The same recipe with some fields changed."""
        return replace(self, **changes)
