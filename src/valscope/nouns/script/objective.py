"""What a script trains and how: backbone, freezing, compile, fit, callbacks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from valscope.nouns.fact import Fact, Source
from valscope.nouns.script.feeding import ScaleName


@dataclass(frozen=True, slots=True)
class Amount:
    """A number as a script writes it.

    text           the expression: "648/32".
    value          its value, None when it is not literal.
    whole_division True when it divides two integers under Python 2, so that the fraction is dropped.
    """

    text: str
    value: float | None = None
    whole_division: bool = False


@dataclass(frozen=True, slots=True)
class Backbone:
    """A ready-made network used as a part.

    name          class name: "ResNet50"; for torch "resnet50".
    weights       "imagenet", a path, "none", or None where it is not written (Keras then takes "imagenet").
    expects       scaling that its published weights were trained with, "none" where the network scales
                  by itself (EfficientNet, ConvNeXt), "unknown" for one that is not in the table.
    training      the argument `training=` of its call: False keeps BatchNorm in inference.
    network       position in ScriptFacts.networks of the model built on it, None when unknown.
    """

    name: str
    source: Source
    weights: Fact[str] | None = None
    include_top: Fact[bool] | None = None
    input_shape: Fact[tuple[int | None, ...]] | None = None
    pooling: Fact[str] | None = None
    expects: ScaleName = "unknown"
    training: Fact[bool] | None = None
    network: int | None = None


@dataclass(frozen=True, slots=True)
class Freeze:
    """An assignment to `trainable` (or torch's `requires_grad`).

    of       "backbone", "model", or "layer", after what the assignment reaches.
    target   the backbone's class name, or the expression as written.
    slice    "[:-4]" where only some layers are meant, "" for all.
    after_compile   True when the model had been compiled before and is not compiled again.
    """

    value: bool
    of: Literal["backbone", "model", "layer", "unknown"]
    target: str
    source: Source
    slice: str = ""
    after_compile: bool = False
    network: int | None = None


@dataclass(frozen=True, slots=True)
class Compile:
    """A `compile` call, or a torch criterion with its optimiser.

    loss           canonical: "binary_crossentropy", "categorical_crossentropy",
                   "sparse_categorical_crossentropy", "mse", ...; torch "cross_entropy", "bce",
                   "bce_with_logits", "nll"; a custom function by its own name.
    from_logits    as written; None when not.
    optimiser      lower case: "adam", "rmsprop", "sgd".
    rate           as written (`lr=`, `learning_rate=`, positional). None when not written or not literal.
    default_rate   the rate in force where none is written; None when versions of Keras differ in it and the
                   script does not tell which.
    schedule       name of a learning-rate schedule given as rate.
    metrics        as written.
    """

    source: Source
    loss: Fact[str] | None = None
    from_logits: Fact[bool] | None = None
    label_smoothing: Fact[float] | None = None
    optimiser: Fact[str] | None = None
    rate: Fact[float] | None = None
    default_rate: float | None = None
    momentum: Fact[float] | None = None
    weight_decay: Fact[float] | None = None
    clip: Fact[float] | None = None
    schedule: Fact[str] | None = None
    metrics: tuple[Fact[str], ...] = ()
    network: int | None = None

    @property
    def rate_in_force(self) -> float | None:
        """The written rate, or the default one."""
        return self.rate.value if self.rate is not None else self.default_rate


@dataclass(frozen=True, slots=True)
class Fit:
    """A training call.

    name          "fit", "fit_generator", "train_on_batch", "fine_tune", "loop" (a torch loop), ...
    validation    what it is validated on; "none" where no validation is given.
    validation_is_training   True when validation and training are the same object.
    class_weight  the expression as written; `class_weights` its values where literal (class number, weight).
    class_weight_power   where weights are computed from the number of images of each class: to which power; -1 for
                  balanced ones, 1 where large classes weigh most.
    feed, validation_feed   positions in ScriptFacts.feeds; network in ScriptFacts.networks.
    goes_on       whether its epochs count on from those that ran before, by a number that only the run tells.
    called        whether the text reaches it, from its own lines or by a function that they call.
    candidates    where the text leaves open which of several networks is trained (then `network` is None):
                  their positions.
    """

    name: str
    source: Source
    epochs: Fact[Amount] | None = None
    batch_size: Fact[Amount] | None = None
    steps_per_epoch: Fact[Amount] | None = None
    validation_steps: Fact[Amount] | None = None
    validation: Literal["split", "data", "none"] = "none"
    validation_split: Fact[float] | None = None
    validation_is_training: Fact[bool] | None = None
    shuffle: Fact[bool] | None = None
    class_weight: Fact[str] | None = None
    class_weights: tuple[tuple[int, float], ...] = ()
    class_weight_power: float | None = None
    sample_weight: Fact[str] | None = None
    initial_epoch: Fact[int] | None = None
    callbacks: tuple[int, ...] = ()
    network: int | None = None
    feed: int | None = None
    validation_feed: int | None = None
    candidates: tuple[int, ...] = ()
    goes_on: bool = False
    called: bool = True


@dataclass(frozen=True, slots=True)
class Callback:
    """A callback as constructed. Unwritten settings are None; `monitored` gives the one in force."""

    kind: str
    source: Source
    monitor: Fact[str] | None = None
    patience: Fact[int] | None = None
    restore_best: Fact[bool] | None = None
    best_only: Fact[bool] | None = None
    weights_only: Fact[bool] | None = None
    file: Fact[str] | None = None
    mode: Fact[str] | None = None
    factor: Fact[float] | None = None
    used: bool = False

    @property
    def monitored(self) -> str:
        """The metric that it watches: written, or Keras' default "val_loss"."""
        return self.monitor.value if self.monitor is not None else "val_loss"
