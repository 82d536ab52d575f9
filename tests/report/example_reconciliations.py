"""Reconciliations and path differences with every part of a page, and with names that try to break it."""

from __future__ import annotations

from dataclasses import replace

from example_results import HOSTILE, TINY, share

from valscope.nouns.fact import Source
from valscope.nouns.finding import NotChecked
from valscope.nouns.path_difference import Gap, PathDifference, PathPicture, PathSide, PathStage
from valscope.nouns.pipeline import Pipeline
from valscope.nouns.preparation import Preparation
from valscope.nouns.reconciliation import (
    Changed,
    Claim,
    Fall,
    Interaction,
    Reconciliation,
    Step,
    Variant,
    Waterfall,
)
from valscope.nouns.served import Head, ServedModel

TRUE = Pipeline(Preparation(64, 64))
USED = Pipeline(Preparation(64, 64, order="bgr", scale="none"))
SCALE = Step("scale", "divided by 255", "0..255 as they are")
ORDER = Step("channel order", "RGB", "BGR")
READ = Source("predict.py", 6, "img = cv2.imread(path)")
GEN = Source("train.py", 5, "gen = ImageDataGenerator(rescale=1./255)")


def variant(name: str, k: int, *steps: Step, n: int = 300, **more: object) -> Variant:
    d = k / n - 272 / 300
    return Variant(name, steps, TRUE, share(k, n), d, d - 0.04, d + 0.04, **more)  # type: ignore[arg-type]


def sample() -> Reconciliation:
    """Two faults, a claim that one of them explains and one that nothing does."""
    kernel = Step("resize", "bilinear with antialias (Pillow)", "nearest (tf.image)")
    falls = (
        Fall(ORDER, share(150, 300), 0.407, 0.35, 0.46, 1e-9, True, 0.407, (), READ, "x = x[..., ::-1]"),
        Fall(SCALE, share(75, 300), 0.25, 0.19, 0.31, 1e-9, True, 0.6, ("(x - 127) / 128",), READ,
             "x = x.astype('float32') / 255.0", GEN),
        Fall(kernel, share(74, 300), 0.003, -0.01, 0.02, 0.9, False, 0.003),
    )  # fmt: skip
    return Reconciliation(
        ServedModel("model.keras", "keras", (64, 64, 3), Head("softmax", 4)), "photos/", 300, ("a", "b", "c", "d"),
        TRUE, "script", USED, "script",
        (
            variant("reference", 272), variant("scale: 0..255 as they are", 75, SCALE, p_holm=1e-9),
            variant("channel order: BGR", 16, ORDER, n=32), variant("resize: nearest (tf.image)", 270, kernel, tied=True),
            variant("EXIF: ignored", 272, Step("EXIF", "applied", "EXIF orientation ignored"), tied=True, same=True),
            variant("channel order: BGR; scale: 0..255 as they are", 75, ORDER, SCALE),
            variant("mean over classes", 268, metric="balanced accuracy"),
        ),
        ("reference", "resize: nearest (tf.image)"),
        (Claim(0.25, Source("train.log", 12, "accuracy: 0.2500"), ("scale: 0..255 as they are",)), Claim(0.984, None)),
        (Waterfall(share(272, 300), share(74, 300), falls, (Interaction("channel order", "scale", -0.35, -0.4, -0.3),)),
         Waterfall(share(272, 300), share(75, 300), falls[:1], (), 0.25)),
        (Changed("cat/1.jpg", "/photos/cat/1.jpg", "a", "a", "b"), Changed("dog/2.jpg", "/photos/dog/2.jpg", "b", "b", "c")),
        "fault", "66.0 points are lost by channel order (BGR instead of RGB) and scale: 90.7 % becomes 24.7 %.",
        "import keras\n\nmodel = keras.saving.load_model('model.keras')\nif a < b:\n    pass",
        ("2 images cannot be read and are left out.",),
        (NotChecked("inference mode", "a SavedModel holds one", "the .keras file"),), 12.3,
    )  # fmt: skip


def bare() -> Reconciliation:
    """Nothing lost, nothing shown."""
    return replace(
        sample(), served=None, served_from=None, variants=sample().variants[:1], tied=("reference",), claims=(),
        waterfalls=(), changed=(), verdict="equal", sentence="The model has 90.7 %.", snippet="", notes=(), not_checked=(),
    )  # fmt: skip


def hostile() -> Reconciliation:
    """Every text is an attempt."""
    bad = HOSTILE[0] + HOSTILE[1]
    whole = sample()
    step = Step("scale", bad, bad)
    source = Source(bad, 1, bad)
    fall = replace(
        whole.waterfalls[0].falls[1],
        step=step,
        line=source,
        trained_line=source,
        change=bad,
        alternatives=(bad,),
    )
    return replace(
        whole, model=replace(whole.model, file=bad), data=bad, sentence=bad, snippet=bad, notes=(bad,), classes=(bad,) * 4,
        variants=(whole.variants[0], replace(whole.variants[1], name=bad, steps=(step,))), tied=("reference", bad),
        claims=(Claim(0.25, source, (bad,)),), waterfalls=(replace(whole.waterfalls[0], falls=(fall,)),),
        changed=(Changed(bad, bad, bad, bad, bad),), not_checked=(NotChecked(bad, bad, bad),),
    )  # fmt: skip


def difference(bad: str = "") -> PathDifference:
    """Two stages, a picture, one side recognised."""
    gap = Gap(253.0, 126.4, 0.98, bad or "cat/1.jpg")
    stages = (
        PathStage("channel order", bad or "RGB", bad or "BGR", Gap(0.7, 0.1, 0.6, "cat/1.jpg"), READ),
        PathStage(
            "scale",
            "divided by 255",
            "0..255 as they are",
            gap,
            Source(bad or "train.py", 5, bad or "rescale"),
        ),
        PathStage("size", "64 x 64", "32 x 32", None),
    )
    return PathDifference(
        PathSide(bad or "train.py", (64, 64, 3), "float32", 0.0, 1.0, Preparation(64, 64)),
        PathSide(bad or "serve", (64, 64, 3), "float32", 0.0, 255.0, Preparation(64, 64, scale="none"), True),
        12, gap, 0.0025, stages, Gap(1.2, 0.1, 0.2, "cat/1.jpg"), False,
        bad or "The two ways part at channel order.",
        (PathPicture(bad or "cat/1.jpg", TINY, TINY, TINY, gap), PathPicture("b.jpg", TINY, "javascript:1", "", None)),
        ("None of the files is transparent.",), (bad or "A note.",),
    )  # fmt: skip


def equal() -> PathDifference:
    return replace(
        difference(), stages=(), pictures=(), gap=Gap(0.0, 0.0, 0.0, "a"), left=None, explained=True
    )
