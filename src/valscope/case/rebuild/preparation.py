"""A recipe's `Preparation` from the way of images that code shows."""

from __future__ import annotations

from valscope.case.rebuild.material import Material
from valscope.case.rebuild.network import Rebuilt
from valscope.case.rebuild.notes import Notes, Unknown
from valscope.nouns.network import Shape
from valscope.nouns.preparation import Kernel, Preparation, Scale
from valscope.nouns.script import Feed, InputPath, ScaleName

NAMED: tuple[Scale, ...] = ("none", "unit", "symmetric", "imagenet", "caffe", "centred", "image_max")
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
    """How the code prepares an image.

    shape     the network's input as written;  scale  the whole scaling outside the network's first weights.
    backbone  name of a ready-made network, "" for none.
    Raises Unknown where no size is known.
    """
    reader = path.reader if path is not None and path.reader else ""
    kernel, widened, turned = READERS.get(reader, ("bilinear", True, False))
    if path is not None and path.kernel in KERNELS:
        kernel = KERNELS[path.kernel]
    height, width = _size(path, feed, shape, data, backbone, notes)
    grey = _grey(path, feed, shape, data, backbone)
    order = "bgr" if path is not None and path.order == "bgr" and not grey else "rgb"
    if scale == "caffe":
        order = _turned(path)
    if path is not None:
        notes.at("preparation", next((s.source for s in path.steps if s.kind == "read"), None))
        notes.at("preparation.scale", next((s.source for s in path.steps if s.kind == "scale"), None))
    crop = feed is not None and feed.keeps_aspect is not None and feed.keeps_aspect.value
    return Preparation(
        height, width, colour="grey" if grey else "rgb", order=order, exif=turned,  # type: ignore[arg-type]
        alpha="drop", kernel=kernel, antialias=widened, geometry="crop" if crop else "stretch", scale=scale,
        fast_decode=False,
    )  # fmt: skip


def _turned(path: InputPath | None) -> str:
    """preprocess_input of the "caffe" kind turns RGB into BGR; images that cv2 read it turns back."""
    return "rgb" if path is not None and path.order == "bgr" and path.reader == "cv2" else "bgr"


def scale_of(outside: ScaleName, built: Rebuilt, data: Material, traced: bool, notes: Notes) -> Scale:
    """One name for all scaling that the preparation does. Raises Unknown for one that has no name here."""
    told = outside if built.inside == "none" else built.inside
    if told == "unknown" and built.inner not in ("none", "unknown"):
        notes.assume("Images go into the network as bytes: it scales them itself.")
        told = "none"
    if data.floats:
        if data.top > 2 and told not in ("none", "unknown"):
            raise Unknown(
                f"{data.path} holds floats up to {data.top:g}, which are used as they are while the code scales them",
                "the same images as uint8",
            )
        return "none"
    if told == "unknown":
        told = "none" if data.top else built.expects if built.expects in NAMED else "unit"
        if not traced and not data.top:
            how = "divided by 255" if told == "unit" else "scaled as its ready-made part expects"
            notes.assume(f"The code does not show how pixel values are scaled; they are {how}.")
    if told in ("featurewise", "samplewise"):
        notes.assume(f"The {told} standardisation is rebuilt with ImageNet's means and deviations.")
        told = "imagenet"
    if told not in NAMED:
        raise Unknown(
            "the scaling of pixel values is none of the known ones", "the saved model and its images"
        )
    return told


def _size(
    path: InputPath | None,
    feed: Feed | None,
    shape: Shape | None,
    data: Material,
    backbone: str,
    notes: Notes,
) -> tuple[int, int]:
    written = (
        path.size if path is not None else None,
        feed.size.value if feed is not None and feed.size is not None else None,
        shape[:2] if shape is not None and len(shape) == 3 else None,
    )
    for size in written:
        if size is not None and len(size) == 2 and all(isinstance(n, int) and n > 0 for n in size):
            if feed is not None and feed.size is not None:
                notes.at("preparation.height", feed.size.source)
            return int(size[0] or 0), int(size[1] or 0)
    if data.size is not None:
        notes.assume(
            f"Images keep their own size of {data.size[0]}x{data.size[1]} pixels; the code names none."
        )
        return data.size
    if backbone:
        side = SIZES.get(backbone, USUAL)
        notes.assume(
            f"Images become {side}x{side} pixels, the usual size of {backbone}; the code names none."
        )
        return side, side
    raise Unknown(
        "the size of the network's input stands nowhere", "the line that sets input_shape or target_size"
    )


def _grey(
    path: InputPath | None, feed: Feed | None, shape: Shape | None, data: Material, backbone: str
) -> bool:
    if backbone:
        return False
    if feed is not None and feed.colour is not None:
        return feed.colour.value == "grayscale"
    if shape is not None and len(shape) == 3 and shape[2] in (1, 3):
        return shape[2] == 1
    if path is not None and path.colour is not None:
        return path.colour == "grey"
    return data.grey and data.top > 0
