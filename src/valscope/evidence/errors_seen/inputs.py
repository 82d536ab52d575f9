"""Errors about the images that go in, and memory."""

from __future__ import annotations

from valscope.evidence.errors_seen.known import SHAPE, Known

_OTHER_SIZE = (
    "another image size, another number of channels than the network was built for, or no batch axis."
)
_FIT = "Resize to the size of training, and give a batch: x[np.newaxis]."
_FEWER_LAYERS = "Use larger images, fewer pooling layers, or padding='same'."
_LESS = "Halve the batch size, or use smaller images or a smaller network."

INPUTS = (
    Known(
        "input_shape", "invalid input shape",
        rf"Invalid input shape for input [\s\S]{{0,160}}?Expected shape (?P<expected>{SHAPE}), but input has "
        rf"incompatible shape (?P<got>{SHAPE})",
        "The network expects {expected} and got {got}: " + _OTHER_SIZE, _FIT,
    ),
    Known(
        "input_shape", "incompatible with",
        r"is incompatible with (?:the )?layer(?: \w+)?: (?:its rank is undefined, but the layer requires |"
        r"expected )(?P<expected>axis -1 of input shape to have value [^\s,]+|(?:min_|max_)?ndim=\d+|"
        rf"shape=\([^)]*\)),? (?:but received input with|found) (?P<got>(?:full )?(?:shape|ndim)=?\s*(?:{SHAPE}|\d+))",
        "A layer expects {expected} and got {got}: " + _OTHER_SIZE, _FIT,
    ),
    Known(
        "input_shape", "error when checking",
        rf"Error when checking (?:model )?input: expected \w+ to have (?:shape )?(?P<expected>{SHAPE}|"
        rf"\d+ dimensions),? but got array with shape (?P<got>{SHAPE})",
        "The network expects {expected} and got {got}: " + _OTHER_SIZE, _FIT,
    ),
    Known(
        "channels", "channels",
        r"expected input(?P<got>\[[^\]]*\]) to have (?P<expected>\d+) channels, but got (?P<channels>\d+) "
        r"channels",
        "The first layer wants {expected} channels and got {channels}: grey images for a colour network, or "
        "axes in another order.",
        "Open images as RGB, and put the channel axis where the framework wants it.",
    ),
    Known(
        "channels", "3 channels",
        r"The input must have 3 channels; Received `?input_shape=(?P<got>\([^)]*\))",
        "The backbone's ImageNet weights need 3 channels; the input shape is {got}.",
        "Read images in colour, or repeat the grey channel three times.",
    ),
    Known(
        "flatten_size", "cannot be multiplied",
        r"mat1 and mat2 shapes cannot be multiplied \((?P<got>\d+x\d+) and (?P<expected>\d+x\d+)\)",
        "The Linear layer is {expected}, but the flattened images are {got}.",
        "Set the layer's in_features to what the flattened feature map has, or use AdaptiveAvgPool2d(1).",
    ),
    Known(
        "too_small", "zero or negative",
        r"Computed output size would be zero or negative\. Received:? `?inputs[ .]shape="
        r"(?P<shape>[(\[][^)\]]*[)\]])",
        "The feature map of shape {shape} is too small for the next layer: there are more pooling or "
        "convolution layers than the image size bears.",
        _FEWER_LAYERS,
    ),
    Known(
        "too_small", "negative dimension",
        r"Negative dimension size caused by subtracting (?P<window>\d+) from (?P<size>\d+)",
        "A window of {window} does not fit into a feature map of {size}: the image is too small for so many "
        "layers, or its axes are in another order.",
        _FEWER_LAYERS,
    ),
    Known(
        "too_small", "at least",
        r"Input size must be at least (?P<least>\d+x\d+); Received: `?input_shape=(?P<got>\([^)]*\))",
        "The backbone needs images of at least {least}, and the input shape is {got}.",
        "Resize the images to at least {least}.",
    ),
    Known(
        "reshape", "cannot reshape",
        r"cannot reshape array of size (?P<size>\d+) into shape (?P<shape>\([\d,\s-]*\))",
        "{size} values cannot fill the shape {shape}: the images have another size or number of channels than "
        "assumed.",
        "Print the shape before reshaping; resize images instead of reshaping arrays.",
    ),
    Known(
        "ragged_images", "object",
        r"Invalid dtype: object|Failed to convert a NumPy array to a Tensor \(Unsupported object type "
        r"(?P<kind>[\w.]+)\)",
        "The array holds Python objects: its images have different sizes, or some could not be read.",
        "Resize every image to one size and number of channels before np.stack; look for None from cv2.imread.",
    ),
    Known(
        "ragged_images", "inhomogeneous shape", r"inhomogeneous shape after (?P<axes>\d+) dimensions",
        "The images have different sizes, so they make no array.",
        "Resize every image to one size and number of channels before np.stack.",
    ),
    Known(
        "cardinality", "cardinality is ambiguous",
        r"Data cardinality is ambiguous[\s\S]{0,120}?x'? sizes: (?P<x>\d+)[\s'\"\\n]{0,6}y'? sizes: (?P<y>\d+)",
        "There are {x} images and {y} labels.",
        "Check len(x) == len(y) after every filter.",
    ),
    Known(
        "list_of_images", "cardinality is ambiguous",
        r"Data cardinality is ambiguous[\s\S]{0,120}?x'? sizes: (?P<first>\d+), (?P<second>\d+), \d+,",
        "The images were given as a Python list, which Keras takes for many inputs of one image.",
        "Give one array: np.stack(images).",
    ),
    Known(
        "cardinality", "same number of samples",
        r"Input arrays should have the same number of samples as target arrays\. Found (?P<x>\d+) input "
        r"samples and (?P<y>\d+) target samples",
        "There are {x} images and {y} labels.", "Check len(x) == len(y) after every filter.",
    ),
    Known(
        "out_of_memory", "oom when allocating",
        r"OOM when allocating tensor with shape\s?(?P<shape>\[[\d,\s]*\])",
        "The device cannot hold a tensor of shape {shape}; its first side is the batch.", _LESS,
    ),
    Known(
        "out_of_memory", "out of memory",
        r"CUDA out of memory\.?(?: Tried to allocate (?P<size>[\d.]+ \wi?B))?",
        "The memory of the graphics card is full.", _LESS,
    ),
    Known(
        "out_of_memory", "unable to allocate",
        r"Unable to allocate (?P<size>[\d.]+ \wi?B) for an array with shape (?P<shape>\([\d,\s]*\))",
        "An array of shape {shape} needs {size}, more than there is.",
        "Read images in batches (image_dataset_from_directory) instead of one array, and keep them as uint8.",
    ),
)  # fmt: skip
