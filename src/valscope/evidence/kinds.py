"""Names of layers: aliases of all Keras generations, torch's names for the same things, ready-made networks."""

from __future__ import annotations

import re
from collections.abc import Sequence

_ALIASES = {
    "Convolution1D": "Conv1D", "Convolution2D": "Conv2D", "Convolution3D": "Conv3D",
    "SeparableConvolution2D": "SeparableConv2D", "SeparableConvolution1D": "SeparableConv1D",
    "Deconvolution2D": "Conv2DTranspose", "Convolution2DTranspose": "Conv2DTranspose",
    "DepthwiseConvolution2D": "DepthwiseConv2D", "AtrousConvolution2D": "Conv2D",
    "MaxPool1D": "MaxPooling1D", "MaxPool2D": "MaxPooling2D", "MaxPool3D": "MaxPooling3D",
    "AvgPool1D": "AveragePooling1D", "AvgPool2D": "AveragePooling2D", "AvgPool3D": "AveragePooling3D",
    "GlobalAvgPool1D": "GlobalAveragePooling1D", "GlobalAvgPool2D": "GlobalAveragePooling2D",
    "GlobalMaxPool1D": "GlobalMaxPooling1D", "GlobalMaxPool2D": "GlobalMaxPooling2D",
    "GlobalAvgPool3D": "GlobalAveragePooling3D", "GlobalMaxPool3D": "GlobalMaxPooling3D",
    "BatchNormalizationV1": "BatchNormalization", "BatchNormalizationV2": "BatchNormalization",
    "Input": "InputLayer", "CuDNNLSTM": "LSTM", "CuDNNGRU": "GRU", "Merge": "Concatenate",
    "concatenate": "Concatenate", "merge": "Concatenate", "add": "Add", "multiply": "Multiply",
    "average": "Average", "maximum": "Maximum", "subtract": "Subtract", "SyncBatchNormalization": "BatchNormalization",
}  # fmt: skip

_TORCH = {
    "Conv1d": "Conv1D", "Conv2d": "Conv2D", "Conv3d": "Conv3D", "ConvTranspose2d": "Conv2DTranspose",
    "LazyConv2d": "Conv2D", "Linear": "Dense", "LazyLinear": "Dense", "MaxPool1d": "MaxPooling1D",
    "MaxPool2d": "MaxPooling2D", "AvgPool1d": "AveragePooling1D", "AvgPool2d": "AveragePooling2D",
    "AdaptiveAvgPool1d": "AdaptiveAveragePooling1D", "AdaptiveAvgPool2d": "AdaptiveAveragePooling2D",
    "AdaptiveMaxPool2d": "AdaptiveMaxPooling2D", "Dropout": "Dropout", "Dropout2d": "SpatialDropout2D",
    "BatchNorm1d": "BatchNormalization", "BatchNorm2d": "BatchNormalization", "ReLU": "ReLU",
    "ReLU6": "ReLU", "LeakyReLU": "LeakyReLU", "ELU": "ELU", "PReLU": "PReLU", "Sigmoid": "Sigmoid",
    "Tanh": "Tanh", "Softmax": "Softmax", "Softmax2d": "Softmax", "LogSoftmax": "LogSoftmax", "GELU": "GELU",
    "Flatten": "Flatten", "Embedding": "Embedding", "LSTM": "LSTM", "GRU": "GRU", "SiLU": "SiLU",
    "LayerNorm": "LayerNormalization", "Identity": "Identity", "ZeroPad2d": "ZeroPadding2D",
    "Upsample": "UpSampling2D", "SELU": "SELU", "Hardswish": "Hardswish",
}  # fmt: skip

LAYERS = frozenset(
    {
        "Conv1D", "Conv2D", "Conv3D", "Conv2DTranspose", "Conv1DTranspose", "Conv3DTranspose", "SeparableConv1D",
        "SeparableConv2D", "DepthwiseConv1D", "DepthwiseConv2D", "LocallyConnected1D", "LocallyConnected2D",
        "Dense", "Activation", "Flatten", "Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D",
        "AlphaDropout", "GaussianDropout", "GaussianNoise", "ActivityRegularization", "MaxPooling1D",
        "MaxPooling2D", "MaxPooling3D", "AveragePooling1D", "AveragePooling2D", "AveragePooling3D",
        "GlobalAveragePooling1D", "GlobalAveragePooling2D", "GlobalAveragePooling3D", "GlobalMaxPooling1D",
        "GlobalMaxPooling2D", "GlobalMaxPooling3D", "AdaptiveAveragePooling1D", "AdaptiveAveragePooling2D",
        "AdaptiveMaxPooling2D", "BatchNormalization", "LayerNormalization", "GroupNormalization",
        "UnitNormalization", "ReLU", "LeakyReLU", "PReLU", "ELU", "ThresholdedReLU", "Softmax", "Sigmoid",
        "Tanh", "LogSoftmax", "GELU", "SiLU", "SELU", "Hardswish", "Identity", "ZeroPadding1D", "ZeroPadding2D",
        "ZeroPadding3D", "Cropping1D", "Cropping2D", "Cropping3D", "UpSampling1D", "UpSampling2D",
        "UpSampling3D", "Reshape", "Permute", "RepeatVector", "Masking", "Embedding", "LSTM", "GRU",
        "SimpleRNN", "RNN", "ConvLSTM2D", "Bidirectional", "TimeDistributed", "InputLayer", "Lambda", "Add",
        "Multiply", "Average", "Maximum", "Minimum", "Subtract", "Concatenate", "Dot", "Rescaling",
        "Normalization", "Resizing", "CenterCrop", "RandomFlip", "RandomRotation", "RandomZoom",
        "RandomTranslation", "RandomContrast", "RandomBrightness", "RandomCrop", "RandomHeight", "RandomWidth",
        "Attention", "MultiHeadAttention", "AdditiveAttention", "TFSMLayer", "KerasLayer", "Operation",
        "AdaptiveAveragePooling3D", "AdaptiveMaxPooling1D", "AdaptiveMaxPooling3D", "AugMix", "AutoContrast",
        "CategoryEncoding", "ConvLSTM1D", "ConvLSTM3D", "CutMix", "Discretization", "EinsumDense", "Equalization",
        "GroupQueryAttention", "Hashing", "IntegerLookup", "MaxNumBoundingBoxes", "MelSpectrogram", "MixUp",
        "Pipeline", "RMSNormalization", "RandAugment", "RandomColorDegeneration", "RandomColorJitter",
        "RandomElasticTransform", "RandomErasing", "RandomGaussianBlur", "RandomGrayscale", "RandomHue",
        "RandomInvert", "RandomPerspective", "RandomPosterization", "RandomSaturation", "RandomSharpness",
        "RandomShear", "STFTSpectrogram", "Solarization", "SpectralNormalization", "StringLookup",
        "TextVectorization",
    }
)  # fmt: skip
"""Class names that Keras (of any generation) has for layers, after `canonical`."""

MERGING = frozenset({"Add", "Multiply", "Average", "Maximum", "Minimum", "Subtract", "Concatenate", "Dot"})

_BACKBONE_NAMES = (
    "VGG16 VGG19 ResNet50 ResNet101 ResNet152 ResNet50V2 ResNet101V2 ResNet152V2 InceptionV3 InceptionResNetV2 "
    "Xception MobileNet MobileNetV2 MobileNetV3Small MobileNetV3Large DenseNet121 DenseNet169 DenseNet201 "
    "NASNetMobile NASNetLarge EfficientNetB0 EfficientNetB1 EfficientNetB2 EfficientNetB3 EfficientNetB4 "
    "EfficientNetB5 EfficientNetB6 EfficientNetB7 EfficientNetV2B0 EfficientNetV2B1 EfficientNetV2B2 "
    "EfficientNetV2B3 EfficientNetV2S EfficientNetV2M EfficientNetV2L ConvNeXtTiny ConvNeXtSmall ConvNeXtBase "
    "ConvNeXtLarge ConvNeXtXLarge"
)
_BACKBONES = {name.lower(): name for name in _BACKBONE_NAMES.split()}
TORCH_BACKBONES = (
    "resnet", "vgg", "densenet", "alexnet", "squeezenet", "mobilenet", "inception_v3", "googlenet",
    "efficientnet", "convnext", "vit_", "swin", "regnet", "shufflenet", "mnasnet", "resnext", "wide_resnet",
)  # fmt: skip


def canonical(kind: str, torch: bool = False) -> str:
    """The name that Keras 3 has for a layer class; the name itself where it is not known."""
    if torch:
        return _TORCH.get(kind, kind)
    return _ALIASES.get(kind, kind)


def backbone(name: str) -> str | None:
    """The class name of a ready-made network ("resnet50" and "ResNet50" give "ResNet50"), None for others."""
    return _BACKBONES.get(name.replace("_", "").lower())


def complete(cut: str, name: str = "") -> str | None:
    """The layer class that a printed table cut to these letters: the one whose automatic name the layer
    has ("max_pooling2d_6"), else the only one that starts so; None where that does not settle it."""
    if canonical(cut) in LAYERS:
        return canonical(cut)
    fitting = {known for known in (*LAYERS, *_ALIASES) if known.startswith(cut)}
    named = {canonical(known) for known in fitting if snake(known) == _unnumbered(name)}
    if len(named) == 1:
        return named.pop()
    kinds = {canonical(known) for known in fitting}
    return kinds.pop() if len(kinds) == 1 and len(cut) >= 3 else None


def snake(kind: str) -> str:
    """The automatic name of a layer class, as Keras makes it: "MaxPooling2D" gives "max_pooling2d"."""
    split = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", kind)
    return re.sub("([a-z])([A-Z])", r"\1_\2", split).lower()


def _unnumbered(name: str) -> str:
    return re.sub(r"_\d+$", "", name)


def backbone_in(name: str, layers: Sequence[str] = ()) -> str | None:
    """The ready-made network that a saved model is, told by its name ("mobilenetv2_1.00_96") or by the names
    of its layers; None for others."""
    short = name.replace("_", "").lower()
    for known in sorted(_BACKBONES, key=len, reverse=True):
        if short.startswith(known) and not short[len(known) :].removesuffix("notop").strip("0123456789."):
            return _BACKBONES[known]
    present = set(layers)
    for found, has, lacks in _SIGNATURES:
        if present.issuperset(has.split()) and not present.intersection(lacks.split()):
            return found
    return None


# Names of layers that keras.applications gives, which one network has and its relatives lack.
_SIGNATURES = (
    ("VGG19", "block1_conv1 block5_conv4", ""),
    ("VGG16", "block1_conv1 block5_conv3", "block5_conv4"),
    ("ResNet50V2", "conv4_block6_out conv5_block3_out post_relu", "conv4_block7_out"),
    ("ResNet101V2", "conv4_block23_out post_relu", "conv4_block24_out"),
    ("ResNet152V2", "conv4_block36_out post_relu", ""),
    ("ResNet50", "conv4_block6_out conv5_block3_out", "conv4_block7_out post_relu"),
    ("ResNet50", "res4f_branch2c res5c_branch2c", ""),  # names up to Keras 2.2
    ("ResNet101", "conv4_block23_out", "conv4_block24_out post_relu"),
    ("ResNet152", "conv4_block36_out", "post_relu"),
    ("DenseNet121", "conv4_block24_concat conv5_block16_concat", "conv4_block25_concat"),
    ("DenseNet169", "conv4_block32_concat conv5_block32_concat", "conv4_block33_concat"),
    ("DenseNet201", "conv4_block48_concat", ""),
    ("MobileNetV2", "Conv_1 block_16_project", ""),
    ("MobileNet", "conv_pw_13 conv_dw_13", ""),
    ("InceptionResNetV2", "conv_7b mixed_7a", ""),
    ("InceptionV3", "mixed0 mixed10", ""),
    ("Xception", "block14_sepconv2 block1_conv1", ""),
)
