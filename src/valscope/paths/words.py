"""The settings of a preparation in plain words, and the stage of the way that each belongs to."""

from __future__ import annotations

from typing import Any

from valscope.nouns.path_difference import Stage
from valscope.nouns.preparation import Preparation

# In the order of the way from a file to the tensor.
FIELDS: dict[Stage, tuple[str, ...]] = {
    "decode": ("fast_decode",),
    "EXIF orientation": ("exif",),
    "alpha": ("alpha",),
    "colour": ("colour",),
    "size": ("height", "width"),
    "geometry": ("geometry", "centre"),
    "resize": ("kernel", "antialias"),
    "axes": ("axes",),
    "channel order": ("order",),
    "scale": ("scale",),
}
SCALES = {
    "none": "0..255 as they are", "unit": "divided by 255", "symmetric": "x / 127.5 - 1", "centred": "(x - 127) / 128",
    "imagenet": "divided by 255, ImageNet's mean and deviation taken out", "caffe": "ImageNet's mean taken out",
    "image_max": "divided by each image's own maximum", "image_std": "each image's own mean and deviation taken out",
    "unit_unit": "divided by 255 twice", "unit_symmetric": "divided by 255, then x / 127.5 - 1",
    "unit_imagenet": "divided by 255 twice, ImageNet's mean and deviation taken out",
    "unit_caffe": "divided by 255, ImageNet's mean for 0..255 taken out",
}  # fmt: skip
WORDS: dict[Stage, dict[Any, str]] = {
    "decode": {True: "JPEG decoded at a reduced size", False: "decoded at full size"},
    "EXIF orientation": {True: "EXIF orientation applied", False: "EXIF orientation ignored"},
    "alpha": {"drop": "colour behind transparency kept", "white": "transparency on white",
              "black": "transparency on black"},
    "colour": {"rgb": "colour", "grey": "grey", "grey_rgb": "grey in three channels"},
    "axes": {"kept": "height x width", "transposed": "rows and columns exchanged",
             "reshaped": "resized to width x height, then reshaped"},
    "channel order": {"rgb": "RGB", "bgr": "BGR"},
    "scale": SCALES,
}  # fmt: skip
KERNELS = {
    ("bilinear", True): "bilinear with antialias (Pillow)",
    ("bilinear", False): "bilinear without antialias (tf.image, cv2)",
    ("nearest", True): "nearest (Pillow, load_img)",
    ("nearest", False): "nearest (tf.image)",
    ("bicubic", True): "bicubic with antialias (Pillow)",
    ("bicubic", False): "bicubic without antialias",
    ("area", True): "area (Pillow's box)",
    ("area", False): "area (tf.image, cv2)",
    ("lanczos", True): "Lanczos (Pillow)",
    ("lanczos", False): "Lanczos without antialias",
}
GEOMETRY = {"stretch": "stretched", "crop": "cropped centrally", "pad": "padded with black"}


def setting(stage: Stage, preparation: Preparation) -> tuple[Any, ...]:
    """The values of a stage's fields."""
    return tuple(getattr(preparation, field) for field in FIELDS[stage])


def in_words(stage: Stage, preparation: Preparation) -> str:
    """What a preparation does at a stage."""
    p = preparation
    if stage == "size":
        return f"{p.height} x {p.width}"
    if stage == "geometry":
        kept = "" if p.centre == 1.0 else f", the middle {p.centre:.1%} of each side"
        return GEOMETRY[p.geometry] + kept
    if stage == "resize":
        return KERNELS[p.kernel, p.antialias]
    return WORDS[stage][setting(stage, p)[0]]


def differing(first: Preparation, second: Preparation) -> list[Stage]:
    """Stages at which two preparations differ, in the order of the way."""
    return [stage for stage in FIELDS if setting(stage, first) != setting(stage, second)]


def taken_over(stage: Stage, first: Preparation, second: Preparation) -> Preparation:
    """The first preparation with one stage of the second."""
    return first.but(**{field: getattr(second, field) for field in FIELDS[stage]})
