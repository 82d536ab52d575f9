"""Images are resized one way in training and another way in use.

What it does: compares the kernel with which images are resized on the training path with that of prediction, and
between pipelines everything from file to pixels: orientation, colour mode, geometry, kernel, axes.
Why it matters: nearest against area, or a crop against a stretch, shows the network other edges and other shapes.
Instead: one function from file to tensor for all paths.
Cannot tell: how much it costs; often nothing, with thin structures or fine texture several points.
"""

from __future__ import annotations

from collections.abc import Iterator

from valscope.case import Case
from valscope.nouns.finding import Finding, Outcome
from valscope.nouns.pipeline import Pipeline
from valscope.nouns.script import InputPath
from valscope.worlds import World, draw
from valscope.worlds.programs import PREDICT, using
from valscope.worlds.scripts import flow, network, side

CODE, NAME = "P115", "resize_differs"
NEEDS = ("compared_ways",)
SUSPECT = "resizing and decoding in use"
USES = {"predict": "prediction", "test": "evaluation", "validation": "validation"}


def check(case: Case) -> Iterator[Outcome]:
    """By the way, and only where both kernels can be told: the difference is often harmless."""
    for script in case.scripts:
        trained = [p for p in script.paths_for("train") if p.kernel is not None]
        if len({p.kernel for p in trained}) != 1:
            continue
        for use, words in USES.items():
            other = [p for p in script.paths_for(use) if p.kernel not in (None, trained[0].kernel)]  # type: ignore[arg-type]
            if other and _same_network(other[0], trained[0]):
                yield _finding(trained[0], other[0], words)
                return


def mend(served: Pipeline, trained: Pipeline) -> Pipeline | None:
    """From file to pixels as in training; scale and order of colours are other rules'."""
    theirs, own = trained.preparation, served.preparation
    if theirs is None or own is None:
        return None
    mended = theirs.but(scale=own.scale, order=own.order)
    return served.but(preparation=mended) if mended != own else None


def _same_network(path: InputPath, other: InputPath) -> bool:
    return path.network is None or other.network is None or path.network == other.network


def _finding(trained: InputPath, used: InputPath, words: str) -> Finding:
    steps = (s.source for p in (trained, used) for s in p.steps if s.kind in ("read", "resize"))
    return Finding(
        CODE, NAME, "SUSPECTED",
        f"Training resizes with the kernel \"{trained.kernel}\" ({trained.reader or 'its reader'}), {words} with "
        f"\"{used.kernel}\" ({used.reader or 'another reader'}).",
        numbers={"trained": str(trained.kernel), "used": str(used.kernel)},
        evidence=(*dict.fromkeys(steps), used.source),
        cannot_tell="how many points it costs, if any.",
        remedy="One function from file to tensor for all paths, with the kernel written out.",
        next_step="valscope diagnose train.py predict.py model.keras PHOTOS/   (scores the same images both ways)",
        weight=0.15, minor=True,
    )  # fmt: skip


USE = """
image = cv2.cvtColor(cv2.resize(cv2.imread('a.jpg'), ({side}, {side}){kernel}), cv2.COLOR_BGR2RGB) / 255.
score = model.predict(np.expand_dims(image, 0))
"""


def sick(seed: int = 0) -> World:
    """Keras' generator takes the nearest pixel, cv2 the mean of its neighbours."""
    return _used(", interpolation=cv2.INTER_AREA", seed)


def healthy(seed: int = 0) -> World:
    """Both take the nearest pixel."""
    return _used(", interpolation=cv2.INTER_NEAREST", seed)


def _used(kernel: str, seed: int) -> World:
    fit = flow(mode="binary", seed=seed) + "model.fit_generator(train, epochs=9, validation_data=val)\n"
    use = USE.format(side=side(seed), kernel=kernel)
    return World({"train.py": network(1, "sigmoid", "binary_crossentropy", fit + use, seed=2 * seed)})


def sick_program(seed: int = 0) -> World:
    """Training takes every third pixel, prediction smooths before it shrinks: of fine threads nothing is left."""
    return _woven("BICUBIC", seed)


def healthy_program(seed: int = 0) -> World:
    """Both take every third pixel."""
    return _woven("NEAREST", seed)


def _woven(kernel: str, seed: int) -> World:
    script = PREDICT.replace("import img_to_array, load_img", "import img_to_array\nfrom PIL import Image")
    opened = 'Image.open(os.path.join("photos/val", name, f)).convert("RGB")'
    return using(
        draw.weaves(seed, (120, 120, 120), side=96), seed, {"side": "32"}, script,
        read=f"{opened}.resize((32, 32), Image.{kernel})",
    )  # fmt: skip
