"""What generators, folders and datasets do to images."""

from __future__ import annotations

from typing import Any

from valscope.evidence.script.build.written import shape_of
from valscope.evidence.script.flow.asking import constant, dotted, is_none, last_name, options
from valscope.evidence.script.flow.elements import first_of
from valscope.evidence.script.flow.values import Attribute, Call
from valscope.evidence.script.way.scaling import Scaling
from valscope.evidence.script.way.trail import Trail
from valscope.evidence.script.way.transforms import transform_trail
from valscope.evidence.script.way.walker import Walker
from valscope.nouns.script import Step

FLOWS = frozenset({"flow", "flow_from_directory", "flow_from_dataframe"})
FOLDERS = frozenset({"image_dataset_from_directory"})
OPERATIONS = frozenset(
    {
        "map", "batch", "shuffle", "repeat", "cache", "prefetch", "take", "skip", "filter", "unbatch", "shard",
        "apply", "concatenate", "enumerate", "with_options", "padded_batch", "interleave", "ragged_batch",
    }
)  # fmt: skip
SOURCES = frozenset(
    {"from_tensor_slices", "from_tensors", "list_files", "from_generator", "TFRecordDataset", "zip", "range"}
)
TORCH_SETS = frozenset(
    {
        "ImageFolder",
        "DatasetFolder",
        "MNIST",
        "CIFAR10",
        "CIFAR100",
        "FashionMNIST",
        "STL10",
        "SVHN",
        "Flowers102",
    }
)
_CHANGES = (
    "rotation_range", "width_shift_range", "height_shift_range", "brightness_range", "shear_range", "zoom_range",
    "channel_shift_range", "horizontal_flip", "vertical_flip", "zca_whitening",
)  # fmt: skip
_STANDARD = {
    "featurewise_center": "featurewise", "featurewise_std_normalization": "featurewise",
    "samplewise_center": "samplewise", "samplewise_std_normalization": "samplewise",
}  # fmt: skip


def feed_trail(call: Call, walker: Walker) -> Trail | None:
    """What a feed gives; None when the call is none."""
    name = last_name(call.function)
    if name in FLOWS and isinstance(call.function, Attribute):
        return _flow(call, name, walker)
    if name in FOLDERS:
        size = shape_of(call.argument(None, "image_size")) or (256, 256)
        kernel = constant(call.argument(None, "interpolation")) or "bilinear"
        return _folder(call, "tf", size, _colour(call)).but(kernel=kernel)
    if name == "DataLoader":
        return walker.follow(call.argument(0, "dataset")).but(feed=call)
    if name in TORCH_SETS:
        trail = Trail(traced=True, reader="torchvision", order="rgb", stacked=True, feed=call)
        trail = trail.but(steps=(Step("read", name, call.text, call.source),))
        transform = call.argument(None, "transform")
        after = transform_trail(transform, trail, walker) if transform is not None else trail
        return after if after is not None else trail.but(traced=False)
    if name in ("random_split", "Subset"):
        return walker.follow(call.argument(0, "dataset"))
    if dotted(call.function).startswith("tensorflow_datasets") or dotted(call.function) == "tfds.load":
        return Trail(traced=True, reader="tfds", order="rgb", stacked=True, feed=call)
    return _pipeline(call, name, walker)


def _pipeline(call: Call, name: str, walker: Walker) -> Trail | None:
    """tf.data: the last operation stands for the feed."""
    if name in SOURCES and "Dataset" in dotted(call.function):
        given = call.arguments[0] if call.arguments else None
        return walker.follow(first_of(given)).but(feed=call, stacked=True) if given is not None else None
    if name not in OPERATIONS or not isinstance(call.function, Attribute):
        return None
    if name == "map" and call.mapped is not None:
        return walker.follow(first_of(call.mapped)).but(feed=call, stacked=True)
    trail = walker.follow(call.function.base)
    return trail.but(feed=call) if trail.feed is not None else None


def _flow(call: Call, name: str, walker: Walker) -> Trail:
    if name == "flow":
        trail = walker.follow(call.argument(0, "x")).but(feed=call)
    else:
        size = shape_of(call.argument(1 if name == "flow_from_directory" else None, "target_size")) or (
            256,
            256,
        )
        trail = _folder(call, "keras", size, _colour(call))
        trail = trail.but(kernel=constant(call.argument(None, "interpolation")) or "nearest")
    maker = generator_of(call)
    if maker is None:
        return trail.but(traced=False)
    scaling, steps = generator_scaling(maker, walker, trail.scaling)
    return trail.but(scaling=scaling, steps=(*trail.steps, *steps, *changes_of(maker)))


def _folder(call: Call, reader: str, size: Any, colour: Any) -> Trail:
    step = Step("read", last_name(call.function), _directory(call), call.source)
    known = tuple(size) if None not in size else None
    return Trail(
        traced=True,
        reader=reader,
        order="rgb",
        colour=colour,
        size=known,
        steps=(step,),
        stacked=True,
        feed=call,
    )


def _directory(call: Call) -> str:
    given = call.argument(0, "directory")
    return str(constant(given) or (given.text if given is not None else ""))


def _colour(call: Call) -> str | None:
    mode = call.argument(None, "color_mode")
    if mode is None:
        return "rgb"
    return {"grayscale": "grey", "rgb": "rgb"}.get(str(constant(mode)))


def generator_of(call: Call) -> Call | None:
    """The ImageDataGenerator whose flow a call asks for."""
    base = call.function.base if isinstance(call.function, Attribute) else None
    found = [option for option in options(base) if isinstance(option, Call)]
    return next((option for option in found if last_name(option.function) == "ImageDataGenerator"), None)


def generator_scaling(maker: Call, walker: Walker, scaling: Scaling) -> tuple[Scaling, tuple[Step, ...]]:
    """What an ImageDataGenerator does to values: its preprocessing function first, then rescale, then
    standardisation (the order of Keras)."""
    from valscope.evidence.script.way.scales import scale_of_function

    steps: list[Step] = []
    function, rescale = maker.argument(None, "preprocessing_function"), maker.argument(None, "rescale")
    if function is not None and not is_none(function):
        scaling, family = scale_of_function(function, walker, scaling)
        steps.append(Step("scale", "preprocessing_function", family, function.source))
    if rescale is not None and not is_none(rescale):
        factor = constant(rescale)
        known = isinstance(factor, int | float) and factor
        scaling = (
            scaling.times(float(factor)) if known else (scaling if factor == 0 else scaling.become("other"))
        )
        steps.append(Step("scale", "rescale", rescale.text, rescale.source))
    for word, name in _STANDARD.items():
        given = maker.argument(None, word)
        if constant(given) is True and given is not None:
            if scaling.named != name:
                scaling = scaling.become(name) if not scaling.touched else Scaling(named=name, touched=True)  # type: ignore[arg-type]
            steps.append(Step("scale", word, "True", given.source))
    return scaling, tuple(steps)


def changes_of(maker: Call) -> tuple[Step, ...]:
    """Random changes that an ImageDataGenerator makes."""
    given = [(word, maker.keywords[word]) for word in _CHANGES if word in maker.keywords]
    return tuple(
        Step("augment", word, value.text, value.source)
        for word, value in given
        if constant(value) not in (0, False)
    )
