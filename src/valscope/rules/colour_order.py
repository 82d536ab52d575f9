"""Red and blue are swapped between training and use.

What it does: compares the channel order on the training path with that of prediction (cv2 reads BGR).
Why it matters: colours carry the classes of many tasks; swapped ones cost points without any error.
Instead: cv2.cvtColor(image, cv2.COLOR_BGR2RGB), or the same reader everywhere.
Cannot tell: how much it costs; grey or shape-bound classes hardly notice.
"""

from __future__ import annotations

from collections.abc import Iterator

from valscope.case import Case
from valscope.case.backbones import expected
from valscope.nouns.finding import WORSE_IN_USE, Finding, Outcome
from valscope.nouns.pipeline import Pipeline
from valscope.nouns.recipe import Recipe
from valscope.worlds import World, draw, spoil
from valscope.worlds.programs import using
from valscope.worlds.scripts import flow, network, side

CODE, NAME = "P105", "colour_order"
NEEDS = ("compared_ways",)
SUSPECT = "the order of red and blue"


def check(case: Case) -> Iterator[Outcome]:
    """Paths whose order is known on both sides."""
    for script in case.scripts:
        paths = [p for p in script.paths_for("train") if p.order is not None and p.colour != "grey"]
        trained, networks = {p.order for p in paths}, {p.network for p in paths}
        if len(trained) != 1:
            continue
        for use in ("predict", "test", "validation"):
            for path in script.paths_for(use):
                same = path.network is None or path.network in networks or None in networks
                if same and path.order is not None and path.order not in trained and path.colour != "grey":
                    yield Finding(
                        CODE, NAME, "SUSPECTED",
                        f"Training sees {str(*trained).upper()}, {use} sees {path.order.upper()}: red and blue are "
                        f"swapped ({path.reader or 'another reader'} there).",
                        numbers={"trained": str(*trained), "used": path.order},
                        evidence=(*(s.source for s in path.steps if s.kind in ("read", "colour")), path.source),
                        explains=("L209",) if use == "validation" else (WORSE_IN_USE,),
                        cannot_tell="how many points it costs.",
                        remedy="cv2.cvtColor(image, cv2.COLOR_BGR2RGB) after cv2.imread, or one reader for all.",
                        next_step="image = image[..., ::-1]   (before predict, once; count again)",
                        weight=0.7,
                    )  # fmt: skip
                    return


def remedy(recipe: Recipe) -> Recipe | None:
    """The order that the backbone was trained with, where its scale is right already."""
    preparation, wanted = recipe.preparation, expected(recipe.model)
    if preparation is None or wanted is None or preparation.colour == "grey":
        return None
    if preparation.scale != wanted[0] or preparation.order == wanted[1]:
        return None
    return recipe.but(preparation=preparation.but(order=wanted[1]))


def mend(served: Pipeline, trained: Pipeline) -> Pipeline | None:
    """The order of training."""
    theirs, own = trained.preparation, served.preparation
    if theirs is None or own is None or theirs.order == own.order or own.colour == "grey":
        return None
    return served.but(preparation=own.but(order=theirs.order))


def sick(seed: int = 0) -> World:
    """Keras reads for training, cv2 for prediction."""
    return _used("cv2.imread('a.jpg')", seed)


def healthy(seed: int = 0) -> World:
    """The same, turned to RGB."""
    return _used("cv2.cvtColor(cv2.imread('a.jpg'), cv2.COLOR_BGR2RGB)", seed)


def _used(image: str, seed: int) -> World:
    more = flow(mode="binary", seed=seed) + "model.fit_generator(train, validation_data=val)\n"
    more += f"image = cv2.resize({image}, ({side(seed)}, {side(seed)})) / 255.\n"
    more += "score = model.predict(np.expand_dims(image, 0))"
    return World({"train.py": network(1, "sigmoid", "binary_crossentropy", more, seed=2 * seed)})


def sick_program(seed: int = 0) -> World:
    """Classes of different colour, red and blue exchanged in use."""
    return _coloured("img[..., ::-1] / 255.0", seed)


def healthy_program(seed: int = 0) -> World:
    """The same order in both."""
    return _coloured("img / 255.0", seed)


def _coloured(image: str, seed: int) -> World:
    return using(spoil.tinted(draw.plain(seed, (120, 120, 120), side=32)), seed, image=image)
