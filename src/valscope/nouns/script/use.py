"""How a script uses its network after training: loading, predicting, deciding, naming classes, scoring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from valscope.nouns.fact import Fact, Source
from valscope.nouns.script.feeding import Use

DecisionKind = Literal[
    "equals", "threshold", "argmax", "argmin", "round", "astype_int", "predict_classes", "any"
]


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A model or weights read from or written to a file.

    name     "load_model", "load_weights", "model_from_json", "save", "save_weights", "torch.load", ...
    writes   True for saving.
    after_fit   for saving: True when a training call comes before it.
    """

    name: str
    source: Source
    file: Fact[str] | None = None
    writes: bool = False
    by_name: Fact[bool] | None = None
    after_fit: bool = False
    network: int | None = None


@dataclass(frozen=True, slots=True)
class Predicting:
    """A call that asks the network: predict, predict_classes, predict_generator, evaluate, model(x).

    per_image   called inside a loop over single images.
    training    the argument `training=` of a direct call.
    steps       as written, None when not.
    """

    name: str
    use: Use
    source: Source
    per_image: bool = False
    training: Fact[bool] | None = None
    steps: Fact[str] | None = None
    network: int | None = None
    feed: int | None = None
    path: int | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """How scores become a class.

    kind       "equals" (`score == 1`), "threshold" (`score > 0.5`, also inside np.where), "argmax",
               "round", "astype_int" (cuts the fraction off), "predict_classes", "any" (`if score:`).
    operator   "==", ">", ">=", "<", "<=" where there is one.
    value      the number compared with.
    axis       of argmax and argmin, None when not written.
    index      the index taken from the scores, as written: "[0][0]".
    predicting position in ScriptFacts.predictions, None when the scores could not be followed.
    network    position in ScriptFacts.networks, None when unknown.
    """

    kind: DecisionKind
    source: Source
    operator: str = ""
    value: float | None = None
    axis: Fact[int] | None = None
    index: str = ""
    predicting: int | None = None
    network: int | None = None


@dataclass(frozen=True, slots=True)
class ClassOrder:
    """Where the order of class names comes from.

    kind    "class_indices", "class_names", "hand_written", "listdir" (order of the file system),
            "listdir_sorted", "glob", "set" (no order at all), "LabelEncoder".
    names   where literal.
    used    False when it only stands in a comment or is never used afterwards.
    """

    kind: str
    source: Source
    names: tuple[str, ...] = ()
    use: Use = "unknown"
    used: bool = True


@dataclass(frozen=True, slots=True)
class LabelStep:
    """Something done to labels.

    kind   "to_categorical", "one_hot", "LabelEncoder", "LabelBinarizer", "OneHotEncoder", "get_dummies",
           "divided", "float", "argmax", "shifted".
    number classes of to_categorical, divisor of "divided", shift of "shifted".
    """

    kind: str
    source: Source
    number: float | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Scoring:
    """A comparison of predictions with true labels outside Keras.

    name           "confusion_matrix", "classification_report", "accuracy_score", "count" (an own loop).
    truth          expression of the true labels as written.
    feed           position of the feed whose `.classes` (or `.labels`) are the truth, or whose labels were collected in
                   one pass while predict() took its images in another; None otherwise.
    feed_shuffled  whether that feed comes in random order; None when unknown or no feed is meant.
    passes         whether labels and predictions come from two passes over it.
    """

    name: str
    source: Source
    truth: str = ""
    feed: int | None = None
    feed_shuffled: bool | None = None
    passes: bool = False


@dataclass(frozen=True, slots=True)
class Switch:
    """A global setting."""

    name: str
    value: Fact[str]


@dataclass(frozen=True, slots=True)
class TorchLoop:
    """What a torch script says about its loops: True with the first such call, False with the line that needs
    one where the text has none, None where the text does not tell.

    eval_called   False where a network with dropout or batch statistics is asked without it.
    zero_grad     False where gradients are sent back and steps taken without it.
    softmax       a softmax whose output goes into a loss that applies softmax itself.
    """

    eval_called: Fact[bool] | None = None
    train_called: Fact[bool] | None = None
    no_grad: Fact[bool] | None = None
    zero_grad: Fact[bool] | None = None
    softmax: Fact[str] | None = None
