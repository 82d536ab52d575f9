"""What known functions do to an image: read it, resize it, change its colours, scale it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from valscope.evidence.script.build.models import is_known
from valscope.evidence.script.flow.asking import dotted, last_name
from valscope.evidence.script.flow.elements import element_of, first_of
from valscope.evidence.script.flow.values import Attribute, Call, Instance, Items
from valscope.evidence.script.way.applied import layer_way
from valscope.evidence.script.way.given import step_of, tensor_of
from valscope.evidence.script.way.readers import convert_way, read_way, reads, resize_way
from valscope.evidence.script.way.scales import (
    arithmetic_way,
    float_way,
    other_way,
    preprocess_way,
    standardize_way,
)
from valscope.evidence.script.way.trail import UNKNOWN, Trail
from valscope.evidence.script.way.walker import Walker
from valscope.nouns.script import Step

Way = Callable[[Call, Walker], Trail]
_SAME = frozenset(
    {
        "img_to_array", "array", "asarray", "expand_dims", "reshape", "squeeze", "stack", "vstack", "hstack",
        "concatenate", "concat", "float32", "copy", "ascontiguousarray", "cast", "convert_to_tensor", "constant",
        "from_numpy", "tensor", "Variable", "array_to_img", "transpose", "rollaxis", "moveaxis", "unsqueeze",
        "to", "cuda", "cpu", "numpy", "detach", "astype", "flatten", "ravel", "view", "permute", "list", "tuple",
        "fromarray", "float", "load", "append", "repeat", "row_stack", "dstack", "as_tensor", "toarray", "clip",
        "Tensor", "FloatTensor", "ensure_shape", "set_shape", "get_rgb_array", "swapaxes", "asanyarray",
        "float64", "uint8", "asfarray", "tile", "pad", "to_numpy", "type", "contiguous", "double",
        "half", "set_value", "assign", "getdata", "get_value", "expand", "identity", "atleast_3d", "map_fn", "gather",
    }
)  # fmt: skip
_STACKING = frozenset({"array", "asarray", "stack", "vstack", "concatenate", "row_stack"})
_AUGMENTING = (
    "random_",
    "flip_",
    "rot90",
    "augment",
    "adjust_",
    "rotate",
    "flip",
    "fliplr",
    "flipud",
    "warpAffine",
)


def way(call: Call, walker: Walker) -> Trail | None:
    """The trail of a call's result, None when nothing is known of it."""
    function = call.function
    name = last_name(function)
    if isinstance(function, Call):
        return layer_way(call, function, walker)
    if isinstance(function, Instance):
        return walker.follow(call.mapped) if call.mapped is not None else UNKNOWN
    from valscope.evidence.script.way.flows import feed_trail

    feed = feed_trail(call, walker)
    if feed is not None:
        return feed
    if reads(call, name):
        return read_way(call, name)
    for applies, handler in _WAYS:
        if applies(name, call):
            return handler(call, walker)
    if name in _SAME and "pickle" not in dotted(function):
        trail = walker.follow(tensor_of(call))
        return trail.but(stacked=True) if name in _STACKING and isinstance(tensor_of(call), Items) else trail
    return None


def _dataset(call: Call, walker: Walker) -> Trail:
    name = dotted(call.function)
    known = name.rpartition(".")[0].rpartition(".")[2]
    step = Step("read", name, known, call.source)
    colour: Any = "grey" if "mnist" in known else "rgb"
    return Trail(traced=True, reader="dataset", order="rgb", colour=colour, steps=(step,), stacked=True)


def _next(call: Call, walker: Walker) -> Trail:
    source = call.function.base if isinstance(call.function, Attribute) else call.argument(0)
    inner = element_of(source) if source is not None else None
    return walker.follow(first_of(inner)) if inner is not None else walker.follow(source)


def _augment(call: Call, walker: Walker) -> Trail:
    tensor = call.argument(0, "image", "images", "x", "img") or tensor_of(call)
    return walker.follow(tensor).then(step_of("augment", call))


def _features(call: Call, walker: Walker) -> Trail:
    """The output of a network as the input of another."""
    return Trail(reader="features")


def _starts(*starts: str) -> Callable[[str, Call], bool]:
    return lambda name, call: name.startswith(starts)


def _is(*names: str) -> Callable[[str, Call], bool]:
    return lambda name, call: name in names


_WAYS: tuple[tuple[Callable[[str, Call], bool], Way], ...] = (
    (lambda name, call: "preprocess_input" in name, preprocess_way),
    (_is("resize", "resize_with_pad", "resize_images", "imresize", "thumbnail", "resize_with_crop_or_pad", "smart_resize",
         "resize_bilinear"), resize_way),
    (lambda name, call: name in ("fit", "pad") and "ImageOps" in dotted(call.function), resize_way),
    (_is("cvtColor", "convert", "rgb_to_grayscale", "rgb2gray", "to_grayscale", "grayscale"), convert_way),
    (_is("convert_image_dtype", "img_as_float", "to_tensor"), float_way),
    (_is("divide", "true_divide", "multiply", "subtract", "div", "div_"), arithmetic_way),
    (_is("per_image_standardization", "normalize", "minmax_scale", "fit_transform", "transform", "standardise",
         "equalizeHist", "rescale_intensity", "l2_normalize"), other_way),
    (_is("standardize", "random_transform"), standardize_way),
    (lambda name, call: name == "load_data" and ("dataset" in dotted(call.function) or _is_dataset(call)), _dataset),
    (_is("next", "get_next", "__next__", "__getitem__", "iter", "as_numpy_iterator"), _next),
    (lambda name, call: name == "predict" and isinstance(call.function, Attribute) and is_known(call.function.base),
     _features),
    (_starts(*_AUGMENTING), _augment),
)  # fmt: skip


def _is_dataset(call: Call) -> bool:
    return any(part in dotted(call.function) for part in ("mnist", "cifar", "fashion"))
