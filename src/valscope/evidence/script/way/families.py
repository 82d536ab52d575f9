"""Which scaling each module's preprocess_input does, and each ready-made network was trained with."""

from __future__ import annotations

from valscope.evidence.kinds import TORCH_BACKBONES, backbone
from valscope.nouns.script import ScaleName

FAMILY_OF_MODULE: dict[str, ScaleName] = {
    "vgg16": "caffe", "vgg19": "caffe", "resnet50": "caffe", "resnet": "caffe", "imagenet_utils": "caffe",
    "mobilenet": "symmetric", "mobilenet_v2": "symmetric", "inception_v3": "symmetric", "xception": "symmetric",
    "inception_resnet_v2": "symmetric", "nasnet": "symmetric", "resnet_v2": "symmetric", "resnet50v2": "symmetric",
    "densenet": "imagenet", "efficientnet": "none", "efficientnet_v2": "none", "mobilenet_v3": "none",
    "convnext": "none",
}  # fmt: skip
"""By the module that the function is imported from (keras.applications; the same in all versions)."""


_BY_NAME: tuple[tuple[str, ScaleName], ...] = (
    ("vgg", "caffe"), ("inception", "symmetric"), ("xception", "symmetric"), ("mobilenetv3", "none"),
    ("mobilenet", "symmetric"), ("densenet", "imagenet"), ("nasnet", "symmetric"), ("efficientnet", "none"),
    ("convnext", "none"),
)  # fmt: skip


def expected_scale(name: str) -> ScaleName:
    """The scale that a backbone's published weights expect; "unknown" for one that is not known.

    The same as `valscope.data.pixels.scale.FAMILIES`, which would bring NumPy into the reading of text.
    """
    keras = backbone(name)
    if keras is None or not name[:1].isupper():
        return "imagenet" if name.startswith(TORCH_BACKBONES) else "unknown"
    if keras.startswith("ResNet"):
        return "symmetric" if keras.endswith("V2") else "caffe"
    return next(scale for start, scale in _BY_NAME if keras.lower().startswith(start))
