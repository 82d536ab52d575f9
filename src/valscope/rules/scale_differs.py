"""Pixels are scaled one way in training and another way in use.

What it does: follows the images from file to network on each path of the code and compares the scaling.
Why it matters: a network fed values 255 times too large saturates; good validation then meets bad predictions.
Instead: one function for all paths, or a Rescaling layer inside the network.
Cannot tell: how many points it costs; that takes the saved model and some labelled images.
"""

from __future__ import annotations

from collections.abc import Iterator

from valscope.case import Case
from valscope.nouns.fact import Source
from valscope.nouns.finding import WORSE_IN_USE, Finding, Outcome
from valscope.nouns.pipeline import Pipeline
from valscope.nouns.script import InputPath, ScriptFacts
from valscope.worlds import World, draw
from valscope.worlds.programs import LAYERS, using
from valscope.worlds.scripts import flow, network, predicting

CODE, NAME = "P101", "scale_differs"
NEEDS = ("compared_ways",)
SUSPECT = "the scale of the pixels in use"
UNCLEAR = {"unknown", "other"}
WORDS = {
    "none": "as they are (0 to 255)", "unit": "divided by 255", "symmetric": "scaled to -1..1",
    "imagenet": "normalised by ImageNet's mean and deviation", "caffe": "BGR minus ImageNet's mean",
    "centred": "shifted by 128", "image_max": "divided by each image's own maximum",
    "featurewise": "normalised by the data's mean", "samplewise": "normalised image by image",
}  # fmt: skip
# code that turns the one scale into the other
TO = {
    ("none", "unit"): "x / 255.0", ("none", "symmetric"): "x / 127.5 - 1", ("unit", "none"): "x * 255.0",
    ("unit", "symmetric"): "x * 2 - 1", ("symmetric", "unit"): "(x + 1) / 2",
    ("none", "caffe"): "keras.applications.resnet50.preprocess_input(x)",
}  # fmt: skip


def check(case: Case) -> Iterator[Outcome]:
    """Training against prediction, evaluation and validation; only paths that were followed to the file."""
    for script in case.scripts:
        trained = _clear(script.paths_for("train"))
        if len({p.scale for p in trained}) != 1:
            continue
        seen = set()
        for use in ("predict", "test", "validation"):
            for path in _clear(script.paths_for(use)):
                if path.scale == trained[0].scale or not _same_network(path, trained[0]) or use in seen:
                    continue
                if not _same_inside(path, trained[0]):
                    seen.add(use)
                    yield _finding(trained[0], path, own=_only_there(script, path))


def mend(served: Pipeline, trained: Pipeline) -> Pipeline | None:
    """The scale of training. Scaling twice is another rule's."""
    theirs, own = trained.preparation, served.preparation
    if theirs is None or own is None or theirs.scale == own.scale or own.scale.startswith("unit_"):
        return None
    return served.but(preparation=own.but(scale=theirs.scale))


def _clear(paths: tuple[InputPath, ...]) -> list[InputPath]:
    return [
        p
        for p in paths
        if p.scale not in UNCLEAR and p.inside != "unknown" and (p.traced or p.scale != "none")
    ]


def _same_network(path: InputPath, other: InputPath) -> bool:
    return path.network is None or other.network is None or path.network == other.network


def _same_inside(path: InputPath, other: InputPath) -> bool:
    """Two different networks, each with the scaling that its path lacks."""
    return path.inside != other.inside and {path.scale, path.inside} == {other.scale, other.inside}


def _only_there(script: ScriptFacts, path: InputPath) -> bool:
    """Whether the path divides by the image's own maximum and no other use than its own does."""
    return path.scale == "image_max" and not (
        any(q.scale == "image_max" for q in script.sequences)
        or any(p.scale == "image_max" and p.use != path.use for p in script.paths)
    )


def _finding(trained: InputPath, used: InputPath, *, own: bool) -> Finding:
    """`own`: only the use divides by each image's own maximum, and what is to be said of that is said here."""
    factor = {("unit", "none"): 255.0, ("none", "unit"): 1 / 255}.get((trained.scale, used.scale))
    size = f", {factor:g} times what it was trained on" if factor and factor > 1 else ""
    use = {"predict": "prediction", "test": "evaluation", "validation": "validation"}[used.use]
    explains: tuple[str, ...] = ("P112", "L209") if used.use == "validation" else ("P112", WORSE_IN_USE)
    if own:
        explains = (*explains, "P103")
    return Finding(
        CODE, NAME, "SUSPECTED",
        f"Training gets pixels {WORDS[trained.scale]}, {use} gets them {WORDS[used.scale]}{size}.",
        numbers={"trained": trained.scale, "used": used.scale, **({"factor": factor} if factor else {})},
        evidence=(*_place(trained), *_place(used)),
        explains=explains,
        cannot_tell="how many points it costs: score the saved model both ways on the same images.",
        remedy=f"Scale in {use} as in training, in one function for both, or put Rescaling into the network.",
        next_step=_next(trained, used),
        weight=0.9,
    )  # fmt: skip


def _place(path: InputPath) -> tuple[Source, ...]:
    return (*(s.source for s in path.steps if s.kind in ("read", "scale")), path.source)


def _next(trained: InputPath, used: InputPath) -> str:
    code = TO.get((used.scale, trained.scale)) or f"the scaling of training ({WORDS[trained.scale]})"
    call = f", line {used.source.line}" if used.source.line is not None else ""
    return f"x = {code}   (before the call{call}; count again)"


def sick(seed: int = 0) -> World:
    """Training divides by 255, prediction does not."""
    return _used("", seed)


def healthy(seed: int = 0) -> World:
    """Both divide."""
    return _used(" / 255.", seed)


def _used(scale: str, seed: int) -> World:
    fit = flow(mode="binary", seed=seed) + "model.fit_generator(train, epochs=9, validation_data=val)\n"
    script = network(1, "sigmoid", "binary_crossentropy", fit + predicting(scale, seed=seed), seed=2 * seed)
    return World({"train.py": script})


def sick_program(seed: int = 0) -> World:
    """The saved model gets 0 to 255."""
    return _served("img", seed)


def healthy_program(seed: int = 0) -> World:
    """It gets what it was trained on."""
    return _served("img / 255.0", seed)


def _served(image: str, seed: int) -> World:
    saturating = LAYERS.replace('"relu"', '"tanh"')
    return using(draw.bars(seed, (240, 240, 240), side=32), seed, {"layers": saturating}, image=image)
