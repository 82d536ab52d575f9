"""torchvision's and albumentations' transforms: what a Compose does to an image, step by step."""

from __future__ import annotations

from valscope.evidence.script.build.written import shape_of
from valscope.evidence.script.flow.asking import constant, dotted, last_name
from valscope.evidence.script.flow.values import Call, Items, Name, Value
from valscope.evidence.script.way.trail import Trail, numbers
from valscope.evidence.script.way.walker import Walker
from valscope.nouns.script import Step

_AUGMENTING = (
    "Random", "ColorJitter", "Flip", "HorizontalFlip", "VerticalFlip", "Rotate", "ShiftScaleRotate", "Affine",
    "AutoAugment", "TrivialAugment", "CoarseDropout", "Cutout", "GaussianBlur", "GaussNoise", "Elastic", "Transpose",
)  # fmt: skip
_PLAIN = frozenset(
    {"ToPILImage", "ToTensorV2", "PILToTensor", "ToImage", "ToImageTensor", "CenterCrop", "Pad"}
)
_SIZED = frozenset({"Resize", "RandomResizedCrop", "CenterCrop", "RandomCrop", "SmallestMaxSize"})


def transform_trail(transform: Value, trail: Trail, walker: Walker) -> Trail | None:
    """The trail after a transform; None when the value is none."""
    if not isinstance(transform, Call) or not isinstance(transform.function, Name):
        return None
    where, name = dotted(transform.function), last_name(transform.function)
    if not where.startswith(("torchvision", "torch", "albumentations", "A.", "transforms", "v2", "T.")) and (
        name not in ("Compose", "ToTensor", "Normalize")
    ):
        return None
    if name in ("Compose", "Sequential", "OneOf", "RandomApply", "SomeOf"):
        return _composed(transform, trail, walker)
    return _single(transform, name, where, trail)


def _composed(transform: Call, trail: Trail, walker: Walker) -> Trail:
    given = transform.argument(0, "transforms")
    for item in given.items if isinstance(given, Items) else transform.arguments:
        after = transform_trail(item, trail, walker)
        trail = (
            after
            if after is not None
            else trail.then(Step("other", item.text[:60], "", item.source), trail.scaling.become("unknown"))
        )
    return trail


def _single(transform: Call, name: str, where: str, trail: Trail) -> Trail:
    source, text = transform.source, transform.text
    if name == "ToTensor" or (name in ("ConvertImageDtype", "ToDtype") and _to_unit(transform)):
        return trail.then(Step("scale", name, "1/255", source), trail.scaling.times(1 / 255))
    if name == "Normalize":
        return _normalised(transform, where, trail)
    if name.startswith(_AUGMENTING):
        trail = trail.then(Step("augment", name, text, source))
    if name in _SIZED:
        return _sized(transform, name, trail)
    if name == "Grayscale":
        return trail.then(Step("colour", name, text, source), colour="grey")
    if name.startswith(_AUGMENTING) or name in _PLAIN:
        return trail
    return trail.then(Step("other", name, text, source), trail.scaling if name == "Lambda" else None)


def _to_unit(transform: Call) -> bool:
    if last_name(transform.function) == "ToDtype":
        return constant(transform.argument(1, "scale")) is True
    return "uint8" not in dotted(transform.argument(0, "dtype"))


def _normalised(transform: Call, where: str, trail: Trail) -> Trail:
    step = Step("scale", "Normalize", transform.text, transform.source)
    mean, deviation = transform.argument(0, "mean"), transform.argument(1, "std")
    if mean is None and where.startswith(("albumentations", "A.")):
        return trail.then(step, trail.scaling.become("imagenet"))  # albumentations' defaults, on bytes
    means = numbers(mean) if mean is not None else None
    deviations = numbers(deviation) if deviation is not None else None
    if means is None or deviations is None or not all(deviations):
        return trail.then(step, trail.scaling.become("other"))
    scaling = trail.scaling
    if where.startswith(("albumentations", "A.")):
        scaling = scaling.times(1 / 255)
    scaling = scaling.shifted_by_channel([-number for number in means]).divided_by_channel(deviations)
    return trail.then(step, scaling)


def _sized(transform: Call, name: str, trail: Trail) -> Trail:
    given = transform.argument(0, "size", "height")
    shape = shape_of(given)
    if shape is not None and len(shape) == 1 and isinstance(constant(transform.argument(1, "width")), int):
        shape = (shape[0], constant(transform.argument(1, "width")))
    size = tuple(n for n in shape if n is not None) if shape and None not in shape else None
    if size is not None and len(size) == 1:  # one number: the shorter side for Resize, a square for crops
        size = (size[0], size[0]) if "Crop" in name else None
    step = Step("resize", name, given.text if given is not None else "", transform.source)
    return trail.then(step, size=size or trail.size, kernel="bilinear" if name == "Resize" else trail.kernel)
