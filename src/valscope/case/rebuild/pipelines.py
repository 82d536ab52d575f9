"""The two ways in which a script uses its network, as pipelines: with its training images and when it predicts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from valscope.case.objective import output
from valscope.case.rebuild.decision import decision_of, order_of, served_names, trained_names, usual
from valscope.case.rebuild.notes import Notes, Unknown
from valscope.case.rebuild.preparation import prepared
from valscope.case.rebuild.scale_names import named
from valscope.nouns.fact import NotMeasured, Source
from valscope.nouns.pipeline import Mode, Pipeline
from valscope.nouns.preparation import Preparation
from valscope.nouns.script import Feed, InputPath, Predicting, ScriptFacts


@dataclass(frozen=True, slots=True)
class Ways:
    """How images are prepared and outputs decided.

    trained   in training and validation.
    served    in prediction, else in validation where that differs from training; None where no code shows either.
    use       which of the two `served` is.
    assumed, said   as in `valscope.nouns.training.Training`; fields of prediction begin with "served".
    """

    trained: Pipeline
    served: Pipeline | None = None
    assumed: tuple[str, ...] = ()
    said: tuple[tuple[str, Source], ...] = ()
    use: Literal["predict", "val"] = "predict"


def pipelines_from_script(
    scripts: Sequence[ScriptFacts],
    size: tuple[int, int] | None = None,
    channels: int | None = None,
    classes: Sequence[str] = (),
    units: int | None = None,
) -> Ways | NotMeasured:
    """The pipelines that code shows, without a model.

    size, channels   of the network's input where they are known from elsewhere (a saved model, the data).
    classes          names in the order that training numbers them (sorted folders), () when unknown.
    units            outputs of the network where they are known from elsewhere.
    """
    if not scripts:
        return NotMeasured("no code was given", "the training and the prediction script")
    try:
        return _ways(scripts[0], size, channels, classes, units)
    except Unknown as unknown:
        return unknown.fact


def _ways(
    script: ScriptFacts, size: tuple[int, int] | None, channels: int | None, classes: Sequence[str], units: int | None
) -> Ways:  # fmt: skip
    notes = Notes()
    size, channels = size or _size(script), channels or _channels(script)
    units = units if units is not None else _units(script)
    path = next((p for use in ("train", "validation", "test") for p in script.paths if p.use == use), None)
    asked = _asked(script)
    served_path = script.paths[asked.path] if asked is not None and asked.path is not None else None
    if path is None and served_path is None:
        raise Unknown(
            "the code shows no image on its way into a network", "the script that trains or predicts"
        )
    feed = _feed(script, path)
    preparation = _prepared(path, feed, size, channels, "trained", notes) if path is not None else None
    names = trained_names(script, feed, notes)
    trained = Pipeline(preparation, decision=usual(units), order=order_of(names, classes))
    if asked is None or served_path is None:
        validated = _validated(script, path, trained, size, channels, notes)
        use: Literal["predict", "val"] = "val" if validated else "predict"
        return Ways(trained, validated, tuple(notes.assumed), tuple(notes.said), use)
    told = served_names(script, notes) or names
    served = Pipeline(
        _served(served_path, _feed(script, served_path), size, channels, trained.preparation, notes),
        _mode(script, asked, notes), decision_of(script, asked, units, notes),
        order_of(told, classes) if told else trained.order, _aligned(script, asked, notes),
    )  # fmt: skip
    if trained.preparation is None:
        notes.assume("The code does not show training; its images are taken to be prepared as in prediction.")
        trained = replace(trained, preparation=served.preparation)
    return Ways(trained, served, tuple(notes.assumed), tuple(notes.said))


def _prepared(
    path: InputPath, feed: Feed | None, size: tuple[int, int] | None, channels: int | None, side: str, notes: Notes
) -> Preparation:  # fmt: skip
    scale = named(path.scale, path.steps)
    if scale is None and path.scale != "unknown":
        raise Unknown(
            f"the scaling on line {path.source.line} has no name here", "the saved model and its images"
        )
    if scale is None:
        steps = [step for step in path.steps if step.kind == "scale"]
        if steps:
            raise Unknown(
                f"the scaling on line {steps[0].source.line} cannot be followed", "the function that scales"
            )
        notes.assume(
            f"Pixel values are not scaled (line {path.source.line}): the code shows nothing that does."
        )
        scale = "none"
    return prepared(path, feed, size, channels, scale, side, notes)


def _served(
    path: InputPath, feed: Feed | None, size: tuple[int, int] | None, channels: int | None,
    trained: Preparation | None, notes: Notes,
) -> Preparation | None:  # fmt: skip
    """Where the way to prediction cannot be followed, it is that of training: nothing is held against it."""
    if trained is not None and not path.traced and path.scale == "unknown":
        notes.assume(f"Images of prediction (line {path.source.line}) are prepared as in training.")
        return trained
    size = size or ((trained.height, trained.width) if trained is not None else None)
    return _prepared(path, feed, size, channels, "served", notes)


def _validated(
    script: ScriptFacts, path: InputPath | None, trained: Pipeline, size: tuple[int, int] | None,
    channels: int | None, notes: Notes,
) -> Pipeline | None:  # fmt: skip
    """The pipeline of validation where it is another than that of training, as far as it can be followed."""
    other = next((p for p in script.paths if p.use == "validation"), None)
    if path is None or path.use != "train" or other is None or not (path.traced and other.traced):
        return None
    try:
        found = trained.but(
            preparation=_prepared(other, _feed(script, other), size, channels, "served", notes)
        )
    except Unknown:
        return None
    return None if found == trained else found


def _asked(script: ScriptFacts) -> Predicting | None:
    """The prediction that the script is about: on single images first, then on a feed that no fit validates on."""
    known = [p for p in script.predictions if p.use in ("predict", "test", "unknown") and p.path is not None]
    validated = {fit.validation_feed for fit in script.fits} - {None}
    known = [p for p in known if p.name.startswith(("predict", "__call__")) or p.feed not in validated]
    asks = [p for p in known if p.name.startswith(("predict", "__call__"))]
    ranked = sorted(asks, key=lambda p: (not p.per_image, not script.paths[p.path or 0].traced))
    return next(iter(ranked), None)


def _feed(script: ScriptFacts, path: InputPath | None) -> Feed | None:
    place = path.feed if path is not None else None
    return script.feeds[place] if place is not None and place < len(script.feeds) else None


def _size(script: ScriptFacts) -> tuple[int, int] | None:
    shapes = [n.input_shape for n in script.networks if n.input_shape is not None and len(n.input_shape) == 3]
    known = [(s[0], s[1]) for s in shapes if s[0] and s[1]]
    return known[0] if known else None


def _channels(script: ScriptFacts) -> int | None:
    shapes = [n.input_shape for n in script.networks if n.input_shape is not None and len(n.input_shape) == 3]
    return next((s[2] for s in shapes if s[2] in (1, 3)), None)


def _units(script: ScriptFacts) -> int | None:
    for network in script.networks:
        found = output(network)
        if found is not None and found[0] is not None:
            return found[0]
    binary = any(f.class_mode is not None and f.class_mode.value == "binary" for f in script.feeds)
    return 1 if binary else None


def _mode(script: ScriptFacts, asked: Predicting, notes: Notes) -> Mode:
    """model(x, training=True) leaves batch statistics and dropout on."""
    if asked.training is None or not asked.training.value:
        return "moving"
    notes.at("served.mode", asked.training.source)
    layers = [layer.kind for network in script.networks for layer in network.layers]
    return "dropout" if layers and "BatchNormalization" not in layers and not script.backbones else "batch"


def _aligned(script: ScriptFacts, asked: Predicting, notes: Notes) -> bool:
    """False where the labels of a feed that shuffles are held against predictions on the same feed."""
    for scoring in script.scorings:
        if scoring.feed is not None and scoring.feed == asked.feed and scoring.feed_shuffled:
            notes.at("served.aligned", scoring.source)
            return False
    return True
