"""Pixels are scaled outside the network and once more inside it.

What it does: sees a Rescaling (or preprocessing) layer in the network, in code or in the saved model, beside a
scaling on the way to it.
Why it matters: divided by 255 twice, all images are nearly black; on one path only, prediction and training differ.
Instead: scale in one place, best inside the network.
Cannot tell: how many points it costs.
"""

from __future__ import annotations

from collections.abc import Iterator

from valscope import architecture
from valscope.case import Case
from valscope.case.shown import place
from valscope.nouns.fact import Source, lines_of
from valscope.nouns.finding import Finding, Outcome
from valscope.nouns.pipeline import Pipeline
from valscope.nouns.preparation import Scale
from valscope.nouns.recipe import ModelSpec, Recipe
from valscope.nouns.script import InputPath
from valscope.worlds import World, draw
from valscope.worlds.programs import before, training
from valscope.worlds.scripts import flow, side

CODE, NAME = "P112", "scaled_twice"
NEEDS = ("whole_ways",)
SUSPECT = "scaling twice"
ONCE: dict[Scale, Scale] = {
    "unit_unit": "unit", "unit_symmetric": "symmetric", "unit_imagenet": "imagenet", "unit_caffe": "caffe",
}  # fmt: skip
PLAIN = ("unit", "symmetric", "imagenet", "caffe", "centred")


def check(case: Case) -> Iterator[Outcome]:
    """One finding for each use of the images; else the recipe."""
    yield from list(_in_code(case)) or _in_recipe(case)


def remedy(recipe: Recipe) -> Recipe | None:
    """Scaled once: inside the network where it scales, else on the way."""
    preparation = recipe.preparation
    if preparation is None:
        return None
    scale = preparation.scale
    if scale in ONCE:
        return recipe.but(preparation=preparation.but(scale=ONCE[scale]))
    if scale == "unit" and scales_inside(recipe.model):
        return recipe.but(preparation=preparation.but(scale="none"))
    return None


def scales_inside(model: ModelSpec) -> bool:
    """Whether the network divides by about 255 itself."""
    if model.config is None:
        return False
    factors = architecture.settings(model.config, "Rescaling", "scale")
    return any(isinstance(f, int | float) and f < 0.02 for f in factors)


def mend(served: Pipeline, trained: Pipeline) -> Pipeline | None:
    """Once, as in training."""
    theirs, own = trained.preparation, served.preparation
    if theirs is None or own is None or own.scale not in ONCE or theirs.scale == own.scale:
        return None
    return served.but(preparation=own.but(scale=theirs.scale))


def _in_code(case: Case) -> Iterator[Outcome]:
    """One finding for all uses of the images that scale alike."""
    saved = next(((m.inside, Source(m.file)) for m in case.saved if m.inside in PLAIN), None)
    for script in case.scripts:
        twice: dict[tuple[str, str], list[tuple[InputPath, Source]]] = {}
        for path in script.paths:
            within = path.inside in PLAIN
            inside, place = (path.inside, path.source) if within else saved or ("", path.source)
            applies = bool(inside) and (within or path.use == "predict")
            if applies and path.scale in PLAIN:
                twice.setdefault((path.scale, inside), []).append((path, place))
        for (scale, inside), found in twice.items():
            steps = tuple(dict.fromkeys(s.source for p, _ in found for s in p.steps if s.kind == "scale"))
            uses = list(dict.fromkeys(p.use for p, _ in found))
            yield Finding(
                CODE, NAME, "SUSPECTED",
                f"Images are scaled twice at {' and '.join(uses)} ({lines_of(steps)}): \"{scale}\" on the way and "
                f"\"{inside}\" inside the network.",
                numbers={"outside": scale, "inside": inside},
                evidence=tuple(dict.fromkeys((*steps, *(place for _, place in found)))),
                cannot_tell="how many points it costs.",
                remedy="Leave one of the two out, on every path the same one.",
                next_step="print(x.min(), x.max())   (before the call: 0 and 255 where the network scales)",
                weight=0.75,
            )  # fmt: skip


def _in_recipe(case: Case) -> Iterator[Outcome]:
    training = case.training
    if training and training.recipe.preparation is not None and remedy(training.recipe) is not None:
        scale = training.recipe.preparation.scale
        yield Finding(
            CODE, NAME, "SUSPECTED",
            f"Training images are scaled twice: \"{scale}\" on the way"
            + (", and 1/255 once more inside the network." if scale == "unit" else "."),
            numbers={"outside": scale},
            evidence=place(case, "preparation.scale", scale),
            cannot_tell="how many points it costs.",
            remedy="Leave one of the two out, on every path the same one.",
            next_step="print(x.min(), x.max())   (before fit: 0 and 255 where the network scales)",
            weight=0.75,
        )  # fmt: skip


INSIDE = """model = keras.Sequential()
model.add(keras.layers.Rescaling(1./255, input_shape=({side}, {side}, 3)))
model.add(keras.layers.Conv2D(8, 3, activation='relu'))
model.add(keras.layers.Flatten())
model.add(keras.layers.Dense(3, activation='softmax'))
model.compile('adam', 'categorical_crossentropy')
"""
FIT = "model.fit_generator(train, validation_data=val)"


def sick(seed: int = 0) -> World:
    """The generators divide by 255, and the first layer does so again."""
    return World({"train.py": INSIDE.format(side=side(seed)) + flow(seed=seed) + FIT})


def healthy(seed: int = 0) -> World:
    """Only the first layer does."""
    feed = flow(val="", seed=seed).replace("rescale=1./255, ", "")
    return World({"train.py": INSIDE.format(side=side(seed)) + feed + FIT})


def sick_program(seed: int = 0) -> World:
    """The code divides by 255, and the first layer does so again."""
    return _within("img / 255.0", seed)


def healthy_program(seed: int = 0) -> World:
    """Only the first layer does."""
    return _within("img", seed)


def _within(image: str, seed: int) -> World:
    layers = before("keras.layers.Rescaling(1.0 / 255)")
    return training(draw.bars(seed, (150, 150, 150), side=32), seed, image=image, layers=layers, epochs="5")
