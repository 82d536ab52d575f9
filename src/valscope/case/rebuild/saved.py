"""The training of a saved model: its layers start afresh, but for those that were saved as not trainable."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

from valscope.case.objective import output
from valscope.case.rebuild.chosen import Chosen, chosen
from valscope.case.rebuild.coded import assembled, words_of
from valscope.case.rebuild.foreign import Config, half_kept, mark_kept, modern
from valscope.case.rebuild.material import Material, material
from valscope.case.rebuild.network import ENDS, Rebuilt, chained
from valscope.case.rebuild.notes import Notes, Unknown
from valscope.nouns.recipe import ModelSpec
from valscope.nouns.saved import SavedModel
from valscope.nouns.script import Compile, ScriptFacts
from valscope.nouns.training import Training

if TYPE_CHECKING:
    from valscope.case.case import Case

SCRIPT = "the training script"


def from_saved(case: Case) -> Training | None:
    """The training of the first saved model with an architecture; None without one.

    Raises Unknown for a model with code of its own, and for what is missing.
    """
    model = next((m for m in case.saved if m.network is not None), None)
    if model is None:
        return None
    if model.unsafe:
        named = ", ".join(dict.fromkeys(fact.value for fact in model.unsafe))
        raise Unknown(
            f"{model.file} has layers with code of their own ({named}); it is re-scored, never rebuilt",
            SCRIPT,
        )
    version = _version(model)
    if version.startswith("1."):
        raise Unknown(
            f"{model.file} was written by Keras {version}, whose layers later versions do not know", SCRIPT
        )
    data = material(case.inputs)
    notes = Notes()
    found = _chosen(case, model, notes)
    built = rebuilt_model(model, data, found, notes)
    training = assembled(case, data, found, built, notes)
    return replace(training, origin="saved")


def rebuilt_model(model: SavedModel, data: Material, found: Chosen, notes: Notes) -> Rebuilt:
    """The saved architecture in the terms of a recipe. Raises Unknown where it cannot be started as it was."""
    assert model.network is not None
    layers = chained(model.network.layers)
    end = output(model.network.but(layers=layers))
    if end is None or (end[1] or "linear") not in ENDS:
        raise Unknown(f"{model.file} does not end in a classifier's layer", SCRIPT)
    units, activation = end
    if units == 1 and len(data.classes) > 2:
        raise Unknown(
            f"{model.file} has one output and the data have {len(data.classes)} classes",
            "data of two classes",
        )
    if units not in (1, len(data.classes)):
        notes.assume(
            f"The last layer gets {len(data.classes)} units for the classes of the data; it had {units}."
        )
    config = _architecture(model)
    count = mark_kept(config)
    _check_start(model, config, count, found)
    if count:
        notes.assume(
            f"{count} layers that were saved as not trainable keep their weights; all others start afresh."
        )
    notes.at("model", model.network.source)
    spec = ModelSpec(
        "config", model.file if count else "none", json.dumps(config), dropout=0.0,
        activation=activation or "linear", outputs="one" if units == 1 else "classes",  # type: ignore[arg-type]
    )  # fmt: skip
    return Rebuilt(
        spec, shape=model.input_shape.value if model.input_shape is not None else None, inner=model.inside
    )


def _architecture(model: SavedModel) -> Config:
    """In the words of Keras 3. Raises Unknown for one that is broken: the file is JSON, but no network of Keras."""
    try:
        return modern(_config(model), _version(model))
    except (LookupError, TypeError, AttributeError, ValueError):
        raise Unknown(f"the architecture in {model.file} is not one that Keras writes", SCRIPT) from None


def _version(model: SavedModel) -> str:
    """Keras' version that wrote the file, "" where the file does not tell."""
    return model.keras_version.value if model.keras_version is not None else ""


def _config(model: SavedModel) -> Config:
    from valscope.evidence.saved.containers import open_saved

    found = open_saved(Path(model.file), model.file).config
    assert found is not None
    return found


def _check_start(model: SavedModel, config: Config, count: int, found: Chosen) -> None:
    """A pretrained network that was trained further did not start afresh."""
    pretrained = [b for b in model.backbones if _pretrained(b.name, found)]
    if half_kept(config) or (pretrained and not count):
        name = pretrained[0].name if pretrained else "a part"
        raise Unknown(
            f"{model.file} holds {name} trained further, and not the weights that it started from",
            f'{SCRIPT} and the weight file of {name} ("notop", .h5) in the folder that VALSCOPE_WEIGHTS names',
        )


def _pretrained(name: str, found: Chosen) -> bool:
    """Whether the code starts a ready-made network from weights; without code it is taken so."""
    told = [b.weights for b in found.script.backbones if b.name == name]
    return not any(fact is not None and fact.value == "none" for fact in told)


def _chosen(case: Case, model: SavedModel, notes: Notes) -> Chosen:
    """What the code says of this model's training, as far as there is code."""
    assert model.network is not None
    if not case.scripts:
        script = ScriptFacts(model.file)
        compiles = (model.compiled,) if model.compiled is not None else ()
        return Chosen(script, model.network, -1, (), compiles)
    script = case.scripts[0]
    try:
        told = chosen(script, words_of(case), notes)
    except Unknown:
        told = Chosen(script, model.network, -1, script.fits, script.compiles)
    merged = tuple(_merged(c, model.compiled) for c in told.compiles)
    stored = (model.compiled,) if model.compiled is not None else ()
    return replace(told, network=model.network, compiles=merged or stored)


def _merged(coded: Compile, saved: Compile | None) -> Compile:
    """What the code does not say is as the file has it; its rate may have been lowered by the end of training."""
    if saved is None:
        return coded
    given = {f.name: getattr(coded, f.name) for f in fields(coded)}
    known = {name: value for name, value in given.items() if value not in (None, ())}
    if coded.default_rate is not None:
        known["rate"] = coded.rate
    return replace(saved, **known)
