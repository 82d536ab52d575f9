"""Functions that read an image file, and those that change its size and colours."""

from __future__ import annotations

from typing import Any

from valscope.evidence.script.build.written import shape_of
from valscope.evidence.script.flow.asking import constant, dotted, last_name
from valscope.evidence.script.flow.values import Attribute, Call
from valscope.evidence.script.way.given import step_of, tensor_of
from valscope.evidence.script.way.trail import Trail
from valscope.evidence.script.way.walker import Walker
from valscope.nouns.script import Step

_READERS = {
    "imread": "array", "open": "PIL", "load_img": "keras", "decode_jpeg": "tf", "decode_png": "tf",
    "decode_image": "tf", "decode_bmp": "tf", "decode_and_crop_jpeg": "tf", "imdecode": "cv2",
    "default_loader": "torchvision", "pil_loader": "torchvision", "read_image": "torchvision",
}  # fmt: skip


def reads(call: Call, name: str) -> bool:
    """Whether a call reads an image file."""
    if name == "open":
        return "Image" in dotted(call.function) or "PIL" in dotted(call.function)
    return name in _READERS


def read_way(call: Call, name: str) -> Trail:
    """The trail of an image just read."""
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
        if plain == "grayscale" or plain is True or "GRAYSCALE" in dotted(word):
            return "grey"
        if reader == "cv2" and plain == 0:
            return "grey"
    channels = constant(call.argument(None, "channels"))
    if channels in (1, 3):
        return "grey" if channels == 1 else "rgb"
    return "rgb" if reader in ("cv2", "keras") else None


def _known(shape: Any) -> tuple[int, ...] | None:
    return tuple(shape[:2]) if shape and None not in shape and len(shape) >= 2 else None


def resize_way(call: Call, walker: Walker) -> Trail:
    """A resize, with the order of height and width of its library."""
    where = dotted(call.function)
    method = isinstance(call.function, Attribute) and "cv2" not in where
    trail = walker.follow(tensor_of(call))
    given = call.argument(0 if method else 1, "size", "dsize", "output_shape")
    size = _known(shape_of(given))
    if size and ("cv2" in where or "ImageOps" in where or method):
        size = (size[1], size[0])  # OpenCV and Pillow take (width, height)
    kernel = _kernel(call, where, method) or ("bicubic" if method and trail.reader == "PIL" else None)
    step = step_of("resize", call, given.text if given is not None else "")
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


def convert_way(call: Call, walker: Walker) -> Trail:
    """A change of colours."""
    trail = walker.follow(tensor_of(call))
    mode = str(constant(call.argument(0, "mode")) or dotted(call.argument(1, "code"))).upper()
    step = step_of("colour", call, mode)
    if "GRAY" in mode or mode == "L" or "grayscale" in last_name(call.function):
        return trail.then(step, colour="grey")
    if "BGR2RGB" in mode:
        return trail.then(step, order="rgb", colour="rgb")
    if "RGB2BGR" in mode:
        return trail.then(step, order="bgr", colour="rgb")
    return trail.then(step, colour="rgb" if mode in ("RGB", "NONE") else trail.colour)
