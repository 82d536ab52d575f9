"""How a script brings images to its network: feeds, splits, the steps from file to tensor."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from valscope.nouns.fact import Fact, Source

Use = Literal["train", "validation", "test", "predict", "unknown"]

# "none" only when the whole way from file to network was followed and nothing scales; "unknown" otherwise.
# "featurewise" and "samplewise" are ImageDataGenerator's own; "other" is a scaling of another form.
ScaleName = Literal[
    "none", "unit", "symmetric", "imagenet", "caffe", "centred", "image_max",
    "featurewise", "samplewise", "other", "unknown",
]  # fmt: skip

StepKind = Literal["read", "resize", "scale", "colour", "augment", "shape", "batch", "other"]
FeedKind = Literal[
    "flow_from_directory", "flow", "flow_from_dataframe", "image_dataset_from_directory",
    "tf.data", "sequence", "generator", "DataLoader", "arrays",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """One thing done to an image on its way.

    name   what does it: "rescale", "/", "preprocess_input", "cv2.resize", "ToTensor", "shuffle".
    value  its setting as text: "1/255", "vgg16", "(224, 224)", "1000".
    """

    kind: StepKind
    name: str
    value: str
    source: Source


@dataclass(frozen=True, slots=True)
class InputPath:
    """The way of images into a network at one use (a fit, its validation, an evaluation, a prediction).

    use          what the images are used for.
    scale        all scaling outside the network taken together.
    factor, offset   x -> x * factor + offset of all scaling outside, on bytes 0..255, where it has this form.
    inside       scaling inside the network (Rescaling and the like), "none" when it has none.
    steps        in order, from the file on.
    traced       True when the way was followed back to a file, folder or known dataset. When False the
                 absence of a step proves nothing.
    reader       "keras" (load_img and generators), "PIL", "cv2", "tf", "matplotlib", "torchvision", ...;
                 None when unknown.
    order        channel order that reaches the network, None when unknown.
    colour       "rgb" or "grey", None when unknown.
    size         (height, width) that reaches the network, None when unknown.
    kernel       resize kernel where it can be told ("nearest" for Keras' load_img by default).
    network, feed   positions in ScriptFacts.networks and ScriptFacts.feeds, None when not known.
    """

    use: Use
    scale: ScaleName
    source: Source
    factor: float | None = None
    offset: float | None = None
    inside: ScaleName = "unknown"
    steps: tuple[Step, ...] = ()
    traced: bool = False
    reader: str | None = None
    order: Literal["rgb", "bgr"] | None = None
    colour: Literal["rgb", "grey"] | None = None
    size: tuple[int, ...] | None = None
    kernel: str | None = None
    network: int | None = None
    feed: int | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """Something that yields batches. A setting is None when it was not written; the properties give the
    value in force, None where that cannot be told.

    size           (height, width) as the feed's own argument gives it.
    augmentation   random changes with their settings as written.
    operations     of tf.data, in order: shuffle, batch, repeat, cache, map, prefetch, take, skip.
    classes        names in a written order.
    drops_last     True where a final short batch is left out.
    """

    kind: FeedKind
    use: Use
    source: Source
    name: str = ""
    directory: Fact[str] | None = None
    class_mode: Fact[str] | None = None
    size: Fact[tuple[int, ...]] | None = None
    colour: Fact[str] | None = None
    batch_size: Fact[int] | None = None
    shuffle: Fact[bool] | None = None
    seed: Fact[int] | None = None
    subset: Fact[str] | None = None
    validation_split: Fact[float] | None = None
    interpolation: Fact[str] | None = None
    keeps_aspect: Fact[bool] | None = None
    classes: Fact[tuple[str, ...]] | None = None
    scale: ScaleName = "unknown"
    scaling: tuple[Step, ...] = ()
    augmentation: tuple[Step, ...] = ()
    operations: tuple[Step, ...] = ()
    drops_last: Fact[bool] | None = None

    @property
    def shuffled(self) -> bool | None:
        """Whether items come in random order: written, or by the default of the function that made it."""
        if self.shuffle is not None:
            return self.shuffle.value
        if self.kind.startswith(("flow", "image_dataset")):
            return True
        if self.kind == "DataLoader":
            return False
        if self.kind == "tf.data":
            return any(step.name == "shuffle" for step in self.operations)
        return None

    @property
    def batch(self) -> int | None:
        """Images in a batch: written, or 32 where that is the default (1 for a torch DataLoader)."""
        if self.batch_size is not None:
            return self.batch_size.value
        if self.kind == "DataLoader":
            return 1
        return None if self.kind in ("tf.data", "sequence", "generator", "arrays") else 32


@dataclass(frozen=True, slots=True)
class SequenceClass:
    """A class that yields batches by index (keras Sequence or PyDataset, torch Dataset) as its code stands.

    counter           attribute that runs on from batch to batch and is never set back between epochs.
    ignores_index     the batch does not depend on the index that it was asked for.
    with_replacement  the call that draws images at random, so that an epoch repeats some and misses others.
    guard             name of the flag that switches `with_replacement` or `augments` off, "" for none:
                      ("validation" for `if not self.validation`).
    floors            __len__ leaves out the last short batch.
    shuffles          where on_epoch_end (or __init__) permutes.
    augments          where images are changed at random.
    scale, scaling    what it does to pixel values.
    """

    name: str
    source: Source
    base: str = ""
    counter: Fact[str] | None = None
    counter_guard: str = ""
    ignores_index: Fact[bool] | None = None
    with_replacement: Fact[str] | None = None
    replacement_guard: str = ""
    floors: Fact[str] | None = None
    shuffles: Fact[str] | None = None
    augments: Fact[str] | None = None
    augment_guard: str = ""
    scale: ScaleName = "unknown"
    scaling: tuple[Step, ...] = ()
    labels: Fact[str] | None = None


@dataclass(frozen=True, slots=True)
class SplitCall:
    """A division of the data in code.

    name     "train_test_split", "KFold", "StratifiedKFold", "GroupKFold", "random_split", "slice",
             "take_skip", "validation_split", ...
    shuffle, stratify   value in force (train_test_split shuffles unless told not to), None when unknown.
    shares   fractions or counts as written; of a slice and of take and skip the fraction that trains.
    """

    name: str
    source: Source
    shuffle: bool | None = None
    stratify: bool | None = None
    seed: Fact[int] | None = None
    shares: tuple[Fact[float], ...] = ()
    items: tuple[str, ...] = field(default=())
