"""Red and blue are swapped between training and use.

What it does: compares the channel order on the training path with that of prediction (cv2 reads BGR).
Why it matters: colours carry the classes of many tasks; swapped ones cost points without any error.
Instead: the order of training everywhere: the same reader, and the same conversion or none.
Cannot tell: how much it costs; grey or shape-bound classes hardly notice.
"""

from __future__ import annotations

from collections.abc import Iterator

from valscope.case import Case
from valscope.case.backbones import expected
from valscope.nouns.fact import Source, lines_of
from valscope.nouns.finding import WORSE_IN_USE, Finding, Outcome
from valscope.nouns.pipeline import Pipeline
from valscope.nouns.recipe import Recipe
from valscope.nouns.script import InputPath
from valscope.worlds import World, draw, spoil
from valscope.worlds.programs import using
from valscope.worlds.scripts import flow, network, side

CODE, NAME = "P105", "colour_order"
NEEDS = ("compared_ways",)
SUSPECT = "the order of red and blue"
USES = {"predict": "prediction", "test": "evaluation", "validation": "validation"}


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
                    yield _finding(paths[0], path)
                    return


def _finding(trained: InputPath, used: InputPath) -> Finding:
    use = USES[used.use]
    turns = _turns(used)
    how = f"turned in {lines_of(turns)}" if turns else f"{used.reader or 'another reader'} there"
    undoes = f": undoes {lines_of(turns)}" if turns else ""
    places = (*(s.source for s in used.steps if s.kind in ("read", "colour")), used.source)
    return Finding(
        CODE, NAME, "SUSPECTED",
        f"Training sees {(trained.order or '').upper()}, {use} sees {(used.order or '').upper()}: red and blue are swapped "
        f"({how}).",
        numbers={"trained": trained.order or "", "used": used.order or ""},
        evidence=tuple(dict.fromkeys(places)),
        explains=("L209",) if used.use == "validation" else (WORSE_IN_USE,),
        cannot_tell="how many points it costs.",
        remedy=_instead(trained, used, use),
        next_step=f"image = image[..., ::-1]   (before the call in {lines_of([used.source])}, once{undoes}; count again)",
        weight=0.7,
    )  # fmt: skip


def _instead(trained: InputPath, used: InputPath, use: str) -> str:
    """What brings the order of training into the other use, or that of the other use into training."""
    own, theirs = _turns(used), _turns(trained)
    if own and not theirs:
        first = f"Leave the conversion of {lines_of(own)} out of {use}, for training has none"
    elif theirs and not own:
        first = f"Convert in {use} as training does in {lines_of(theirs)}"
    elif trained.order == "rgb" and used.reader == "cv2" and not own:
        return f"cv2.cvtColor(image, cv2.COLOR_BGR2RGB) after cv2.imread in {use}, or one reader for all."
    else:
        reader = trained.reader or f"it gives {(trained.order or '').upper()}"
        first = f"Read in {use} with the reader of training ({reader})"
    if trained.order == "bgr" and trained.reader == "cv2" and not theirs:
        return f"{first}; or cv2.cvtColor(image, cv2.COLOR_BGR2RGB) after cv2.imread in training too, and train again."
    return f"{first}."


def _turns(path: InputPath) -> tuple[Source, ...]:
    """Where the path exchanges red and blue."""
    found = (
        s
        for s in path.steps
        if s.kind == "colour" and (s.name == "::-1" or s.value.endswith(("BGR2RGB", "RGB2BGR")))
    )
    return tuple(dict.fromkeys(s.source for s in found))


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
