"""A recipe's `Preparation` from the way of images that code shows."""

from __future__ import annotations

from valscope.case.rebuild.material import Material
from valscope.case.rebuild.network import Rebuilt
from valscope.case.rebuild.notes import Notes, Unknown
from valscope.case.rebuild.scale_names import named
from valscope.nouns.network import Shape
from valscope.nouns.preparation import Colour, Kernel, Preparation, Scale
from valscope.nouns.script import Feed, InputPath, ScaleName

KERNELS: dict[str, Kernel] = {
    "nearest": "nearest", "bilinear": "bilinear", "linear": "bilinear", "bicubic": "bicubic", "cubic": "bicubic",
    "lanczos": "lanczos", "lanczos3": "lanczos", "lanczos4": "lanczos", "lanczos5": "lanczos", "area": "area",
    "box": "area", "hamming": "bilinear", "gaussian": "bicubic", "mitchellcubic": "bicubic",
}  # fmt: skip
# What each reader does where the code does not say otherwise: kernel, widened when shrinking, EXIF turned.
# keras: load_img; tf: tf.image.resize; cv2: imread turns by EXIF, resize does not widen its kernel; PIL: resize
# is bicubic since 7.0.
READERS: dict[str, tuple[Kernel, bool, bool]] = {
    "keras": ("nearest", True, False), "tf": ("bilinear", False, False), "cv2": ("bilinear", False, True),
    "PIL": ("bicubic", True, False), "torchvision": ("bilinear", True, False), "skimage": ("bilinear", True, False),
}  # fmt: skip
SIZES = {"inceptionv3": 299, "xception": 299, "inceptionresnetv2": 299}  # other ready-made networks: 224
USUAL = 224


def preparation_of(
    path: InputPath | None, feed: Feed | None, shape: Shape | None, scale: Scale, data: Material, backbone: str,
    notes: Notes,
) -> Preparation:  # fmt: skip
    """How the code prepares an image in training.

    shape     the network's input as written;  scale  the whole scaling outside the network's first weights.
    backbone  name of a ready-made network, "" for none.
    Raises Unknown where no size is known.
    """
    size = _size(path, feed, shape, data, backbone, notes)
    channels = shape[2] if shape is not None and len(shape) == 3 and shape[2] in (1, 3) else None
    if backbone:
        channels = 3
    unread = (path is None or path.reader is None) and (feed is None or feed.kind in ("arrays", "flow"))
    if channels is None and unread and (path is None or path.colour is None):
        channels = 1 if data.grey else 3
    return prepared(path, feed, size, channels, scale, "trained", notes)


def prepared(
    path: InputPath | None, feed: Feed | None, size: tuple[int, int] | None, channels: int | None, scale: Scale,
    side: str, notes: Notes,
) -> Preparation:  # fmt: skip
    """The preparation of one way of images.

    size, channels   of the network's input where they are known; the way's own go before.
    side             "served" for prediction, whose lines are noted under that name.
    Raises Unknown where no size is known.
    """
    reader = path.reader if path is not None and path.reader else ""
    kernel, widened, turned = READERS.get(reader, ("bilinear", True, False))
    if path is not None and path.kernel in KERNELS:
        kernel = KERNELS[path.kernel]
    height, width = size or _written_size(path, feed, None)
    colour = _colour(path, feed, channels)
    order = "bgr" if path is not None and path.order == "bgr" and colour == "rgb" else "rgb"
    if scale in ("caffe", "unit_caffe"):
        order = _turned(path)
    if path is not None:
        name = "preparation" if side == "trained" else f"{side}.preparation"
        notes.at(name, next((s.source for s in path.steps if s.kind == "read"), None))
        notes.at(f"{name}.scale", next((s.source for s in path.steps if s.kind == "scale"), None))
    crop = feed is not None and feed.keeps_aspect is not None and feed.keeps_aspect.value
    return Preparation(
        height, width, colour=colour, order=order, exif=turned,  # type: ignore[arg-type]
        alpha="drop", kernel=kernel, antialias=widened, geometry="crop" if crop else "stretch", scale=scale,
        fast_decode=False,
    )  # fmt: skip


def _written_size(path: InputPath | None, feed: Feed | None, shape: Shape | None) -> tuple[int, int]:
    """Raises Unknown where neither the way nor the network tells a size."""
    written = (
        path.size if path is not None else None,
        feed.size.value if feed is not None and feed.size is not None else None,
        shape[:2] if shape is not None and len(shape) == 3 else None,
    )
    for size in written:
        if size is not None and len(size) == 2 and all(isinstance(n, int) and n > 0 for n in size):
            return int(size[0] or 0), int(size[1] or 0)
    raise Unknown(
        "the size of the network's input stands nowhere", "the line that sets input_shape or target_size"
    )


def _colour(path: InputPath | None, feed: Feed | None, channels: int | None) -> Colour:
    """Grey images given to a network of three channels stand in all of them."""
    grey = path is not None and path.colour == "grey"
    if feed is not None and feed.colour is not None:
        grey = feed.colour.value == "grayscale"
    if channels == 1:
        return "grey"
    return ("grey" if channels is None else "grey_rgb") if grey else "rgb"


BY_NUMBERS = {"-", "+", "by channel", "Normalize"}  # steps that take a written mean out


def _turned(path: InputPath | None) -> str:
    """preprocess_input of the "caffe" kind turns RGB into BGR, and images that cv2 read it turns back; a mean written
    as numbers turns nothing."""
    if path is not None and path.order is not None and {s.name for s in path.steps} & BY_NUMBERS:
        return path.order
    return "rgb" if path is not None and path.order == "bgr" and path.reader == "cv2" else "bgr"


def scale_of(path: InputPath | None, built: Rebuilt, data: Material, notes: Notes) -> Scale:
    """One name for all scaling that the preparation does. Raises Unknown for one that has no name here."""
    told = path.scale if path is not None else "unknown"
    steps = path.steps if path is not None else ()
    if built.whole != "unknown":
        told, steps = built.whole, ()
    elif built.inside != "none":
        told, steps = built.inside, ()
    if told == "unknown" and built.inner not in ("none", "unknown"):
        notes.assume("Images go into the network as bytes: it scales them itself.")
        told = "none"
    if data.floats:
        return _of_floats(told, data)
    if told == "unknown":
        found: Scale = _guessed(built, data)
        if not data.top:
            how = "divided by 255" if found == "unit" else "scaled as its ready-made part expects"
            notes.assume(f"The code does not show how pixel values are scaled; they are {how}.")
        return found
    if told == "featurewise":
        notes.assume("Standardisation by the training set is rebuilt with ImageNet's means and deviations.")
        return "imagenet"
    name = named(told, steps)
    if name is None:
        raise Unknown("the scaling of pixel values has no name here", "the saved model and its images")
    return name


def _of_floats(told: ScaleName, data: Material) -> Scale:
    """Arrays of floats were scaled by their owner and are used as they are."""
    if data.top > 2 and told not in ("none", "unknown"):
        raise Unknown(
            f"{data.path} holds floats up to {data.top:g}, which are used as they are while the code scales them",
            "the same images as uint8",
        )
    return "none"


def _guessed(built: Rebuilt, data: Material) -> Scale:
    """Where no code scales arrays, nothing does; else what the weights expect, else x / 255."""
    if data.top:
        return "none"
    return named(built.expects, ()) or "unit"


def _size(
    path: InputPath | None,
    feed: Feed | None,
    shape: Shape | None,
    data: Material,
    backbone: str,
    notes: Notes,
) -> tuple[int, int]:
    """The written size; else that of the images, or the usual one of a ready-made network."""
    try:
        size = _written_size(path, feed, shape)
    except Unknown:
        if data.size is not None:
            notes.assume(
                f"Images keep their own size of {data.size[0]}x{data.size[1]} pixels; the code names none."
            )
            return data.size
        if not backbone:
            raise
        side = SIZES.get(backbone, USUAL)
        notes.assume(
            f"Images become {side}x{side} pixels, the usual size of {backbone}; the code names none."
        )
        return side, side
    if feed is not None and feed.size is not None:
        notes.at("preparation.height", feed.size.source)
    return size
