"""What known functions do to an image: read it, resize it, change its colours, scale it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from valscope.evidence.script.families import FAMILY_OF_MODULE
from valscope.evidence.script.layers import layer_of, settings, shape_of
from valscope.evidence.script.models import builds, is_known
from valscope.evidence.script.scaling import Scaling
from valscope.evidence.script.trail import UNKNOWN, Trail, Walker, element_of, first_of, numbers, scaled
from valscope.evidence.script.values import (
    Attribute,
    Call,
    Context,
    Function,
    Instance,
    Items,
    Parameter,
    Value,
    constant,
    dotted,
    last_name,
)
from valscope.nouns.script import ScaleName, Step
from valscope.nouns.script.feeding import StepKind

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
_READERS = {
    "imread": "array", "open": "PIL", "load_img": "keras", "decode_jpeg": "tf", "decode_png": "tf",
    "decode_image": "tf", "decode_bmp": "tf", "decode_and_crop_jpeg": "tf", "imdecode": "cv2",
    "default_loader": "torchvision", "pil_loader": "torchvision", "read_image": "torchvision",
}  # fmt: skip
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
_NOWHERE = Context()
_MODES: dict[Any, ScaleName] = {"caffe": "caffe", "tf": "symmetric", "torch": "imagenet"}


def way(call: Call, walker: Walker) -> Trail | None:
    """The trail of a call's result, None when nothing is known of it."""
    function = call.function
    name = last_name(function)
    if isinstance(function, Call):
        return _layer(call, function, walker)
    if isinstance(function, Instance):
        return walker.follow(call.mapped) if call.mapped is not None else UNKNOWN
    from valscope.evidence.script.feeds import feed_trail

    feed = feed_trail(call, walker)
    if feed is not None:
        return feed
    if _is_reader(call, name):
        return _read(call, name)
    for applies, handler in _WAYS:
        if applies(name, call):
            return handler(call, walker)
    if name in _SAME and "pickle" not in dotted(function):
        trail = walker.follow(tensor_of(call))
        return trail.but(stacked=True) if name in _STACKING and isinstance(tensor_of(call), Items) else trail
    return None


def tensor_of(call: Call) -> Value | None:
    """The image that a function or method works on."""
    function = call.function
    if isinstance(function, Attribute):
        return function.base
    return call.argument(
        0, "image", "images", "x", "img", "src", "input", "arr", "a", "value", "tensor", "path", "pic"
    )


def preprocess_family(function: Value, call: Call | None = None) -> tuple[str, ScaleName]:
    """(module, scale) of a preprocess_input; ("", "unknown") where the import does not tell."""
    mode = constant(call.argument(2, "mode")) if call else None
    if mode in _MODES:
        return str(mode), _MODES[mode]
    parts = dotted(function).split(".")
    for part in reversed(parts[:-1]):
        if part in FAMILY_OF_MODULE:
            return part, FAMILY_OF_MODULE[part]
    return "", "unknown"


def scale_of_function(function: Value, walker: Walker, scaling: Scaling) -> tuple[Scaling, str]:
    """What a preprocessing function does, given by name, as a lambda or as a function of the text."""
    if "preprocess_input" in last_name(function):
        family, scale = preprocess_family(function)
        return (scaling if scale == "none" else scaling.become(scale)), family
    if isinstance(function, Function):
        from valscope.evidence.script.calls import apply

        start = Parameter(function.node, function.parsed, "image")
        call = Call(function.node, function.parsed, function, [start], {}, _NOWHERE)
        result = walker.world.patiently(lambda: apply(function, [start], walker.world, call))
        trail = walker.follow(result)
        told = trail.steps or result is start
        return (
            trail.scaling if not scaling.touched else scaling.become("other")
        ) if told else scaling, function.name
    return scaling.become("unknown"), dotted(function)


def _is_reader(call: Call, name: str) -> bool:
    if name == "open":
        return "Image" in dotted(call.function) or "PIL" in dotted(call.function)
    return name in _READERS


def _read(call: Call, name: str) -> Trail:
    where = dotted(call.function)
    reader = _READERS[name]
    if name == "imread":
        reader = next(
            (r for r in ("cv2", "matplotlib", "skimage", "imageio", "scipy") if r in where), "array"
        )
        reader = "matplotlib" if "mpimg" in where or "plt" in where else reader
    trail = Trail(traced=True, reader=reader, order="bgr" if reader == "cv2" else "rgb")
    trail = trail.but(
        steps=(Step("read", where or name, "", call.source),), colour=_colour_read(call, reader)
    )
    if reader == "matplotlib":  # PNG files come as 0..1, others as bytes
        return trail.but(traced=False)
    if reader == "keras":
        size = shape_of(call.argument(None, "target_size"))
        kernel = constant(call.argument(None, "interpolation")) or ("nearest" if size else None)
        return trail.but(size=_known(size), kernel=kernel)
    return trail


def _colour_read(call: Call, reader: str) -> Any:
    words = (call.argument(None, "color_mode", "grayscale", "as_gray", "as_grey"), call.argument(1, "flags"))
    for word in words:
        plain = constant(word)
        if plain in ("grayscale", True) or "GRAYSCALE" in dotted(word) or (reader == "cv2" and plain == 0):
            return "grey"
    channels = constant(call.argument(None, "channels"))
    if channels in (1, 3):
        return "grey" if channels == 1 else "rgb"
    return "rgb" if reader in ("cv2", "keras") else None


def _known(shape: Any) -> tuple[int, ...] | None:
    return tuple(shape[:2]) if shape and None not in shape and len(shape) >= 2 else None


def _step(kind: StepKind, call: Call, value: str = "") -> Step:
    return Step(kind, dotted(call.function) or call.text[:40], value, call.source)


def _resize(call: Call, walker: Walker) -> Trail:
    where = dotted(call.function)
    method = isinstance(call.function, Attribute) and "cv2" not in where
    trail = walker.follow(tensor_of(call))
    given = call.argument(0 if method else 1, "size", "dsize", "output_shape")
    size = _known(shape_of(given))
    if size and ("cv2" in where or "ImageOps" in where or method):
        size = (size[1], size[0])  # OpenCV and Pillow take (width, height)
    kernel = _kernel(call, where, method)
    step = _step("resize", call, given.text if given is not None else "")
    scaling = trail.scaling
    if "skimage" in where and constant(call.argument(None, "preserve_range")) is not True:
        scaling = scaling if scaling.touched else scaling.from_unit()
    return trail.then(step, scaling, size=size, kernel=kernel)


def _kernel(call: Call, where: str, method: bool) -> str | None:
    given = call.argument(None, "interpolation", "method", "resample")
    if given is None and method and len(call.arguments) > 1:
        given = call.arguments[1]
    if given is not None:
        name = (str(constant(given)) if constant(given) is not None else dotted(given)).rpartition(".")[2]
        return (
            name.lower().replace("inter_", "").replace("linear", "bilinear").replace("bibilinear", "bilinear")
        )
    return "bilinear" if "cv2" in where or "tensorflow" in where else None


def _convert(call: Call, walker: Walker) -> Trail:
    trail = walker.follow(tensor_of(call))
    mode = str(constant(call.argument(0, "mode")) or dotted(call.argument(1, "code"))).upper()
    step = _step("colour", call, mode)
    if "GRAY" in mode or mode == "L" or "grayscale" in last_name(call.function):
        return trail.then(step, colour="grey")
    if "BGR2RGB" in mode:
        return trail.then(step, order="rgb", colour="rgb")
    if "RGB2BGR" in mode:
        return trail.then(step, order="bgr", colour="rgb")
    return trail.then(step, colour="rgb" if mode in ("RGB", "NONE") else trail.colour)


def _preprocess(call: Call, walker: Walker) -> Trail:
    trail = walker.follow(call.argument(0, "x"))
    family, scale = preprocess_family(call.function, call)
    scaling = trail.scaling if scale == "none" else trail.scaling.become(scale)
    return trail.then(_step("scale", call, family), scaling)


def _arithmetic(call: Call, walker: Walker) -> Trail:
    signs = {"divide": "/", "true_divide": "/", "multiply": "*", "subtract": "-", "add": "+", "div": "/"}
    sign = signs[last_name(call.function).rstrip("_")]
    method = isinstance(call.function, Attribute)
    tensor, by = tensor_of(call), call.argument(0 if method else 1, "y", "x2")
    trail = walker.follow(tensor)
    row = numbers(by) if by is not None else None
    return trail.then(_step("scale", call, by.text if by else ""), scaled(trail.scaling, sign, row))


def _other_scale(call: Call, walker: Walker) -> Trail:
    trail = walker.follow(call.argument(0, "X", "image", "x", "src"))
    name = last_name(call.function)
    scale: ScaleName = "samplewise" if name == "per_image_standardization" else "other"
    return trail.then(_step("scale", call), trail.scaling.become(scale))


def _to_float(call: Call, walker: Walker) -> Trail:
    trail = walker.follow(call.argument(0, "image"))
    if "uint8" in dotted(call.argument(1, "dtype")):
        return trail
    return trail.then(_step("scale", call, "1/255"), trail.scaling.times(1 / 255))


def _standardize(call: Call, walker: Walker) -> Trail:
    """ImageDataGenerator.standardize and random_transform."""
    from valscope.evidence.script.feeds import generator_scaling

    trail = walker.follow(call.argument(0, "x"))
    if last_name(call.function) != "standardize" or not isinstance(call.function, Attribute):
        return trail.then(_step("augment", call))
    maker = call.function.base
    if not isinstance(maker, Call):
        return UNKNOWN
    scaling, steps = generator_scaling(maker, walker, trail.scaling)
    return trail.but(scaling=scaling, steps=trail.steps + steps)


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
    return walker.follow(tensor).then(_step("augment", call))


def _layer(call: Call, maker: Call, walker: Walker) -> Trail:
    """A Keras layer, or a Sequential of layers, applied to images; a torch transform likewise."""
    trail = walker.follow(call.argument(0, "inputs", "x", "img", "image"))
    from valscope.evidence.script.transforms import transform_trail

    transformed = transform_trail(maker, trail, walker)
    if transformed is not None:
        return transformed
    if builds(maker) and maker.arguments and isinstance(maker.arguments[0], Items):
        for item in maker.arguments[0].items:
            trail = _layer_step(item, trail)
        return trail
    return _layer_step(maker, trail) if layer_of(maker) is not None else UNKNOWN


def _layer_step(maker: Value, trail: Trail) -> Trail:
    layer = layer_of(maker) if isinstance(maker, Call) else None
    if layer is None or not isinstance(maker, Call):
        return UNKNOWN
    if layer.kind == "Rescaling":
        given = settings(maker, "Rescaling", False)
        step = Step("scale", "Rescaling", given["scale"].text if "scale" in given else "", maker.source)
        if layer.scale is None:
            return trail.then(step, trail.scaling.become("other"))
        return trail.then(step, trail.scaling.times(layer.scale).plus(layer.offset or 0.0))
    if layer.kind == "Normalization":
        return trail.then(
            Step("scale", "Normalization", "", maker.source), trail.scaling.become("featurewise")
        )
    if layer.kind == "Resizing":
        return trail.then(
            Step("resize", "Resizing", str(layer.size), maker.source), size=layer.size, kernel="bilinear"
        )
    if layer.kind.startswith("Random"):
        return trail.then(Step("augment", layer.kind, maker.text, maker.source))
    return trail


def _features(call: Call, walker: Walker) -> Trail:
    """The output of a network as the input of another."""
    return Trail(reader="features")


def _starts(*starts: str) -> Callable[[str, Call], bool]:
    return lambda name, call: name.startswith(starts)


def _is(*names: str) -> Callable[[str, Call], bool]:
    return lambda name, call: name in names


_WAYS: tuple[tuple[Callable[[str, Call], bool], Way], ...] = (
    (lambda name, call: "preprocess_input" in name, _preprocess),
    (_is("resize", "resize_with_pad", "resize_images", "imresize", "thumbnail", "resize_with_crop_or_pad", "smart_resize",
         "resize_bilinear"), _resize),
    (lambda name, call: name in ("fit", "pad") and "ImageOps" in dotted(call.function), _resize),
    (_is("cvtColor", "convert", "rgb_to_grayscale", "rgb2gray", "to_grayscale", "grayscale"), _convert),
    (_is("convert_image_dtype", "img_as_float", "to_tensor"), _to_float),
    (_is("divide", "true_divide", "multiply", "subtract", "div", "div_"), _arithmetic),
    (_is("per_image_standardization", "normalize", "minmax_scale", "fit_transform", "transform", "standardise",
         "equalizeHist", "rescale_intensity", "l2_normalize"), _other_scale),
    (_is("standardize", "random_transform"), _standardize),
    (lambda name, call: name == "load_data" and ("dataset" in dotted(call.function) or _is_dataset(call)), _dataset),
    (_is("next", "get_next", "__next__", "__getitem__", "iter", "as_numpy_iterator"), _next),
    (lambda name, call: name == "predict" and isinstance(call.function, Attribute) and is_known(call.function.base),
     _features),
    (_starts(*_AUGMENTING), _augment),
)  # fmt: skip


def _is_dataset(call: Call) -> bool:
    return any(part in dotted(call.function) for part in ("mnist", "cifar", "fashion"))
