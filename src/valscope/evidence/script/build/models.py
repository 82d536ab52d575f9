"""Which values are networks, and which of them are one and the same."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from valscope.evidence.kinds import TORCH_BACKBONES
from valscope.evidence.script.build.makers import backbone_name
from valscope.evidence.script.flow.asking import constant, dotted, last_name
from valscope.evidence.script.flow.values import (
    Attribute,
    Call,
    Either,
    Instance,
    Item,
    Name,
    Parameter,
    Value,
)

BUILDERS = frozenset({"Sequential", "Model", "Functional", "Graph"})
LOADERS = frozenset(
    {
        "load_model",
        "model_from_json",
        "model_from_yaml",
        "from_config",
        "load_from_checkpoint",
        "load_learner",
    }
)
_PASSED_ON = frozenset({"to", "cuda", "cpu", "train", "eval", "float", "half", "double", "requires_grad_"})
_WRAPPERS = frozenset(
    {"DataParallel", "DistributedDataParallel", "multi_gpu_model", "clone_model", "compile"}
)
_BASES = frozenset({"Model", "Module", "Sequential", "LightningModule", "Functional"})
# What has `fit` and is no network.
_OTHERS = (
    "sklearn", "xgboost", "lightgbm", "scipy", "Generator", "Encoder", "Scaler", "Binarizer", "Tokenizer", "PCA",
    "SVC", "SVM", "KMeans", "Forest", "Regression", "Bayes", "Neighbors", "Tree", "GridSearch", "Vectorizer", "KFold",
    "generator", "datagen", "encoder", "scaler", "binarizer", "tokenizer", "pca", "svm", "knn", "clf", "kmeans",
    "normalizer", "lb.", "le.", "mlb.", "plt", "ax.", "optimizer", "Tuner", "tuner",
)  # fmt: skip
_USUAL = (
    "model",
    "classifier",
    "net",
    "cnn",
    "network",
    "autoencoder",
    "discriminator",
    "learn",
    "vgg",
    "resnet",
)


def roots(value: Value | None, depth: int = 0) -> list[Value]:
    """The networks that a value may be; an unknown value stands for itself."""
    if value is None or depth > 12:
        return []
    if isinstance(value, Either):
        return [root for option in value.options for root in roots(option, depth + 1)]
    if isinstance(value, Call):
        inner = _inner(value)
        return [value] if inner is None else roots(inner, depth + 1)
    return [value]


def key(root: Value) -> Hashable:
    """What tells one network from another: the object where the text makes it, else its expression."""
    if isinstance(root, Attribute | Item | Parameter):
        return (
            root.parsed.fragment.file,
            getattr(root, "function", ""),
            root.text or getattr(root, "name", ""),
        )
    return id(root)


def is_built(root: Value) -> bool:
    """Whether the text builds or loads this network."""
    if isinstance(root, Instance):
        return any(last_name(base) in _BASES for base in root.cls.ancestors())
    return isinstance(root, Call) and (builds(root) or loads(root) or ready_made(root) is not None)


def builds(call: Call) -> bool:
    """Sequential(...) or Model(...)."""
    return isinstance(call.function, Name) and last_name(call.function) in BUILDERS


def loads(call: Call) -> bool:
    """load_model(...) and its relatives."""
    return last_name(call.function) in LOADERS


def ready_made(call: Call) -> str | None:
    """Name of the ready-made network that a call makes, None for other calls."""
    found = backbone_name(call)
    if found is not None:
        return found
    name = dotted(call.function)
    last = name.rpartition(".")[2]
    if last == "create_model" and call.arguments:
        return str(constant(call.arguments[0]) or "timm")
    torch = name.startswith("torchvision.models") or (
        name.startswith(("models.", "keras.models.")) and "." in name
    )
    return last if torch and last.startswith(TORCH_BACKBONES) else None


def may_be_model(value: Value | None) -> bool:
    """Whether a receiver of fit or predict can be a network: built in the text, or unknown with a usual name."""
    found = roots(value)
    return bool(found) and any(is_built(root) or _usual(root) for root in found)


def surely_not_model(value: Value | None) -> bool:
    """A scaler, an encoder, an image generator, a classifier of another kind."""
    return any(_other(root) for root in roots(value)) and not any(is_built(root) for root in roots(value))


def _inner(call: Call) -> Value | None:
    """The network inside a call that hands it on."""
    if (
        isinstance(call.function, Attribute)
        and call.function.name in _PASSED_ON
        and is_known(call.function.base)
    ):
        return call.function.base
    if last_name(call.function) in _WRAPPERS and isinstance(call.function, Name) and call.arguments:
        return call.arguments[0]
    return None


def is_known(value: Value) -> bool:
    """Whether some network that the text builds may be meant."""
    return any(is_built(root) for root in roots(value))


def _names(root: Value) -> Iterator[str]:
    yield from root.names
    yield dotted(root.function) if isinstance(root, Call) else dotted(root)
    if isinstance(root, Parameter | Attribute):
        yield root.name
    if isinstance(root, Instance):
        yield root.cls.name
        yield from (dotted(base) for base in root.cls.ancestors())


def _other(root: Value) -> bool:
    return any(other in f"{name}." for name in _names(root) for other in _OTHERS)


def _usual(root: Value) -> bool:
    return any(word in name.lower() for name in _names(root) for word in _USUAL) and not _other(root)
