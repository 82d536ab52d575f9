"""The training that code shows, on the data that were given."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING

from valscope.case import known
from valscope.case.rebuild.augmentation import from_steps
from valscope.case.rebuild.chosen import Chosen, chosen
from valscope.case.rebuild.feed import feed_of
from valscope.case.rebuild.material import Material, material
from valscope.case.rebuild.network import Rebuilt, rebuilt_network
from valscope.case.rebuild.notes import Notes, Unknown
from valscope.case.rebuild.objective import class_weights_of, from_logits_of, loss_of, optimiser_of
from valscope.case.rebuild.preparation import preparation_of, scale_of
from valscope.case.rebuild.reported import logged, reported
from valscope.case.rebuild.split import split_of
from valscope.case.rebuild.stages import stages_of
from valscope.case.rebuild.weights import with_weights
from valscope.nouns.fact import Source
from valscope.nouns.network import Layer, Network
from valscope.nouns.preparation import Preparation
from valscope.nouns.recipe import Augmentation, Recipe, Split
from valscope.nouns.script import InputPath
from valscope.nouns.training import Training

if TYPE_CHECKING:
    from valscope.case.case import Case

PARSED = re.compile(r"\bparse(?:_known)?_args\s*\(")


def from_code(case: Case) -> Training:
    """The training of a case's scripts. Raises Unknown for what is missing."""
    if not case.scripts:
        raise Unknown(
            "no code of the training was given", "the training script, or the saved model (.keras or .h5)"
        )
    data = material(case.inputs)
    notes = Notes()
    found = chosen(case.scripts[0], words_of(case), notes)
    _check_folders(found, data)
    path = found.path
    network = found.network if data.vectors is not None else _flattening(found.network, path)
    built = rebuilt_network(network, len(data.classes), path.scale if path is not None else "unknown", notes)
    return assembled(case, data, found, built, notes)


def _flattening(network: Network, path: InputPath | None) -> Network:
    """A network of vectors that are images laid out in a row, with the layer that lays them out."""
    first = next((layer.input_shape for layer in network.layers if layer.input_shape), network.input_shape)
    if path is None or path.size is None or not first or len(first) != 1 or _branching(network):
        return network
    channels, rest = divmod(first[0] or 0, path.size[0] * path.size[1])
    if rest or channels not in (1, 3) or path.reader in (None, "features"):
        return network
    shape = (*path.size[:2], channels)
    row = Layer("Flatten", input_shape=shape, source=path.steps[-1].source if path.steps else network.source)
    return network.but(layers=(row, *network.layers), input_shape=shape)


def _branching(network: Network) -> bool:
    return any(layer.inputs not in ((), ("input",)) for layer in network.layers)


def _check_folders(found: Chosen, data: Material) -> None:
    """Raises Unknown where a folder that the code takes as the whole of a part was read as one class."""
    for feed in (found.feed, found.validation_feed):
        name = PurePath(feed.directory.value).name if feed is not None and feed.directory is not None else ""
        if name in data.classes:
            raise Unknown(
                f"the code takes a whole part from the folder {name!r}, which stands among the classes of the data",
                "the same folders named train, val and test",
            )


def assembled(case: Case, data: Material, found: Chosen, built: Rebuilt, notes: Notes) -> Training:
    """The recipe of a network that is rebuilt, and everything around it."""
    compiled, run = found.compiled(found.fit), logged(case)
    if compiled is None:
        raise Unknown("no compile call is shown, so loss and rate are not known", "the training script")
    if any(PARSED.search(line.quote) for line in code_lines(case)):
        notes.assume("Options of the command line have their defaults.")
    old = any(case.old_keras(r) for r in case.runs)
    lines = code_lines(case)
    preparation = _preparation(data, found, built, notes)
    augmentation = _augmentation(found, built, preparation, notes)
    split = split_of(found, data, lines, known.ratio(case.stated), notes)
    trained, validated = _sizes(data, split)
    stages, best = stages_of(found, built, (run,) if run is not None else (), bool(augmentation), old, notes)
    spec = with_weights(built.spec, [i.path for i in case.inputs if i.path is not None], stages, found, notes)
    loss, smoothing = loss_of(compiled, spec.outputs, spec.activation, notes)
    recipe = Recipe(
        data.path, data.classes, preparation, spec, split,
        feed_of(found, trained, validated, lines, old, case.scored(run) if run is not None else None, notes),
        augmentation, loss, smoothing, optimiser=optimiser_of(compiled, case.rates, notes),
        from_logits=from_logits_of(compiled, spec.activation, notes),
        class_weights=class_weights_of(found.fit, case.weights, data, notes),
        stages=stages, restore_best=best,
    )  # fmt: skip
    return Training(
        recipe, data.path, "keras", "script", tuple(notes.assumed), reported(case), tuple(notes.said),
        tuple(notes.stand_ins),
    )  # fmt: skip


def _preparation(data: Material, found: Chosen, built: Rebuilt, notes: Notes) -> Preparation | None:
    """None for feature vectors."""
    path, image = found.path, built.shape is None or len(built.shape) != 1 or built.spec.name != "config"
    if data.vectors is not None:
        if image and built.shape is not None:
            raise Unknown("the network takes images and the data are feature vectors", "the folder of images")
        return None
    if not image or (path is not None and path.reader == "features"):
        raise Unknown(
            "the network takes feature vectors and the data are images",
            "the array of features (.npz with x and y)",
        )
    backbone = built.spec.name if built.spec.name != "config" else ""
    scale = scale_of(path, built, data, notes)
    return preparation_of(path, found.feed, built.shape, scale, data, backbone, notes)


def _augmentation(
    found: Chosen, built: Rebuilt, preparation: Preparation | None, notes: Notes
) -> Augmentation:
    if preparation is None:
        return Augmentation()
    if built.augmentation:
        return built.augmentation
    feed, path = found.feed, found.path
    steps = feed.augmentation if feed is not None else ()
    steps = (
        steps or tuple(s for s in path.steps if s.kind == "augment")
        if path is not None and path.use == "train"
        else steps
    )
    own = feed is not None and feed.kind in ("sequence", "generator")
    if own and not steps and any(s.augments for s in found.script.sequences):
        notes.assume("Random changes of images that a generator of the code makes itself are left out.")
    validated = found.validation_feed
    if validated is not None and validated.augmentation:
        notes.assume("The code augments validation images too; here they stay as they are.")
    return from_steps(steps, preparation.width, notes)


def _sizes(data: Material, split: Split) -> tuple[int, int]:
    """About how many images train and validate."""
    if split.kind == "given":
        train = data.of_part("train") or 0
        return train, data.of_part("val") or data.of_part("test") or 0
    validated = round(data.total * split.val)
    return data.total - validated - round(data.total * split.test), validated


def words_of(case: Case) -> str:
    """The text without its code, in lower case."""
    from itertools import chain

    logs = (e.quote for r in case.runs for e in r.events)
    segments = (s.text for p in case.posts for s in p.segments if s.kind != "code")
    return "\n".join(chain(segments, logs)).lower()


def code_lines(case: Case) -> Sequence[Source]:
    """All lines of code."""
    return tuple(
        Source(p.file, s.first + n, line.strip())
        for p in case.posts for s in p.of_kind("code") for n, line in enumerate(s.text.split("\n"))
    )  # fmt: skip
