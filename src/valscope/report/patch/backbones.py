"""Which preprocess_input belongs to the backbone of a script."""

from __future__ import annotations

from valscope.report.patch.asked import Asked
from valscope.report.patch.edit import Edit
from valscope.report.patch.values import imports, keras_module

# Backbones by the module of keras.applications that has their preprocess_input.
FAMILIES = {
    "ResNet50V2": "resnet_v2", "ResNet101V2": "resnet_v2", "ResNet152V2": "resnet_v2", "ResNet50": "resnet50",
    "ResNet101": "resnet", "ResNet152": "resnet", "VGG16": "vgg16", "VGG19": "vgg19", "MobileNet": "mobilenet",
    "MobileNetV2": "mobilenet_v2", "InceptionV3": "inception_v3", "InceptionResNetV2": "inception_resnet_v2",
    "Xception": "xception", "DenseNet121": "densenet", "DenseNet169": "densenet", "DenseNet201": "densenet",
    "NASNetMobile": "nasnet", "NASNetLarge": "nasnet",
}  # fmt: skip
EXPECTS = {
    "resnet50": "caffe", "resnet": "caffe", "vgg16": "caffe", "vgg19": "caffe", "densenet": "imagenet",
}  # fmt: skip


def family(asked: Asked) -> str | None:
    """The only backbone of the file whose published weights expect that scale."""
    names = {t.text for t in asked.code.tokens if t.kind == "name"} & set(FAMILIES)
    families = {FAMILIES[name] for name in names}
    found = families.pop() if len(families) == 1 else None
    return found if found is not None and EXPECTS.get(found, "symmetric") == asked.after else None


def import_of(asked: Asked, family: str) -> list[Edit]:
    """The import of its preprocess_input."""
    return imports(
        asked.code, f"{keras_module(asked.code)}.applications.{family}", "preprocess_input", asked.statement
    )
