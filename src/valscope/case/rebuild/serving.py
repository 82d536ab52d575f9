"""A saved model with the two ways in which the user's code uses it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from valscope.case.inputs import Given
from valscope.case.objective import output
from valscope.case.rebuild.decision import usual
from valscope.case.rebuild.material import Material, material
from valscope.case.rebuild.network import chained
from valscope.case.rebuild.notes import Unknown
from valscope.case.rebuild.pipelines import Ways, pipelines_from_script
from valscope.case.rebuild.reported import predicted, reported
from valscope.errors import ValscopeError
from valscope.nouns.fact import NotMeasured
from valscope.nouns.pipeline import Pipeline
from valscope.nouns.saved import SavedModel
from valscope.nouns.training import Reported, Serving

if TYPE_CHECKING:
    from valscope.case.case import Case

MODEL = "the saved model (.keras or .h5)"
PHOTOS = "a folder of labelled images"


def rebuilt_serving(case: Case) -> Serving | NotMeasured:
    """The use of a saved model on labelled images; NotMeasured says what is missing."""
    try:
        run = next((i.path for i in case.inputs if i.kind == "run" and i.path is not None), None)
        return _of_run(case, run) if run is not None else _of_model(case)
    except Unknown as unknown:
        return unknown.fact
    except ValscopeError as error:
        return NotMeasured(str(error).rstrip("."), "a file that can be read")


def _of_model(case: Case) -> Serving:
    model = next((m for m in case.saved if m.network is not None), None)
    if model is None:
        raise Unknown("no saved model was given", MODEL)
    data = _images(case)
    ways = _shown(case, model, data.classes)
    return Serving(
        model.file,
        data.path,
        ways.trained,
        ways.served,
        data.classes,
        ways.assumed,
        _reported(case),
        ways.said,
        ways.use,
    )


def _of_run(case: Case, folder: Path) -> Serving:
    """A run knows its own preparation; code may show another use of it."""
    from valscope.case.rebuild.exact import read_recipe

    recipe = read_recipe(folder / "recipe.json")
    if recipe.preparation is None:
        raise Unknown(f"{folder} was trained on feature vectors", "a run on images")
    data = _images(case)
    units = 1 if recipe.model.outputs == "one" else len(recipe.classes)
    trained = Pipeline(recipe.preparation, decision=usual(units))
    size, channels = (recipe.preparation.height, recipe.preparation.width), recipe.preparation.channels
    ways = pipelines_from_script(case.scripts, size, channels, recipe.classes, units)
    if not isinstance(ways, Ways):
        return Serving(str(folder), data.path, trained, None, recipe.classes, reported=_reported(case))
    return Serving(
        str(folder),
        data.path,
        trained,
        ways.served,
        recipe.classes,
        ways.assumed,
        _reported(case),
        ways.said,
        ways.use,
    )


def _used_first(case: Case) -> Sequence[Given]:
    """What was given, the images that the code of prediction names before those of training."""
    asks = {p.source.file for s in case.scripts for p in s.predictions if p.use != "train"}
    trains = {fit.source.file for s in case.scripts for fit in s.fits}
    code = "\n".join(
        segment.text for post in case.posts if post.file in asks - trains for segment in post.of_kind("code")
    )

    def named(given: Given) -> bool:
        return (
            given.path is not None
            and re.search(rf"(?<![\w-]){re.escape(given.path.name)}(?![\w-])", code) is not None
        )

    return sorted(case.inputs, key=lambda given: given.kind == "data" and not named(given))


def _images(case: Case) -> Material:
    """Labelled images. Raises Unknown for vectors, and where nothing is labelled."""
    data = material(_used_first(case))
    if data.vectors is not None:
        raise Unknown("the data are feature vectors", PHOTOS)
    return data


def _shown(case: Case, model: SavedModel, classes: tuple[str, ...]) -> Ways:
    shape = model.input_shape.value if model.input_shape is not None else ()
    size = (shape[0], shape[1]) if len(shape) == 3 and shape[0] and shape[1] else None
    channels = shape[2] if len(shape) == 3 and shape[2] in (1, 3) else None
    assert model.network is not None
    end = output(model.network.but(layers=chained(model.network.layers)))
    ways = pipelines_from_script(case.scripts, size, channels, classes, end[0] if end is not None else None)
    if not isinstance(ways, Ways):
        raise Unknown(
            f"how images were prepared for {model.file} is not known: {ways.reason}", ways.would_settle
        )
    return ways


def _reported(case: Case) -> tuple[Reported, ...]:
    """What training reported, and what was found in use."""
    return (*reported(case), *predicted(case))
