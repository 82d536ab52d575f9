"""How long a script trains, and which layers: one stage for each training call."""

from __future__ import annotations

import re
from collections.abc import Sequence

from valscope.case.rebuild.chosen import Chosen, before
from valscope.case.rebuild.network import Rebuilt
from valscope.case.rebuild.notes import Notes
from valscope.nouns.log import LoggedRun
from valscope.nouns.recipe import Stage
from valscope.nouns.script import Callback, Fit, Freeze

USUAL = 20  # epochs where neither code nor log tells
WHOLE = ("", "[:]")
BEHIND = re.compile(r"^\[len\(.*\):\]$")  # the layers behind the backbone
HEADS = ("dense", "fc", "pred", "out", "head", "top", "classif", "dropout", "flatten", "softmax")
CUT = re.compile(r"^\[(-?\d*):(-?\d*)\]$")


def stages_of(
    chosen: Chosen, built: Rebuilt, runs: Sequence[LoggedRun], augmented: bool, old: bool, notes: Notes
) -> tuple[tuple[Stage, ...], bool]:
    """(stages, whether the best weights are brought back)."""
    fits = chosen.fits or (None,)
    base = _rate(chosen, fits[0])
    found: list[Stage] = []
    best = False
    for fit in fits:
        trains = _trains(chosen, built, fit, old, notes)
        stop = _early(chosen, fit, notes)
        rate = _rate(chosen, fit)
        done = sum(stage.epochs for stage in found)
        epochs = _epochs(fit, runs if len(fits) == 1 else (), done, notes)
        factor = round(rate / base, 6) if rate and base else 1.0
        found.append(
            Stage(epochs, trains, factor, _patience(stop), cached=trains == "head" and not augmented)
        )
        best = best or _keeps_best(chosen, fit, stop, notes)
        _same_optimiser(chosen, fits[0], fit, notes)
    return tuple(found), best


def _rate(chosen: Chosen, fit: Fit | None) -> float | None:
    compiled = chosen.compiled(fit)
    return compiled.rate_in_force if compiled is not None else None


def _patience(stop: Callback | None) -> int | None:
    """Keras' default patience is 0."""
    return None if stop is None else stop.patience.value if stop.patience is not None else 0


def _same_optimiser(chosen: Chosen, first: Fit | None, fit: Fit | None, notes: Notes) -> None:
    """A recipe has one optimiser for all its stages."""
    one, other = chosen.compiled(first), chosen.compiled(fit)
    if one is None or other is None or one.optimiser is None or other.optimiser is None:
        return
    if one.optimiser.value != other.optimiser.value:
        notes.assume(
            f"A later stage has {other.optimiser.value} in the code; here {one.optimiser.value} goes on."
        )


def _epochs(fit: Fit | None, runs: Sequence[LoggedRun], done: int, notes: Notes) -> int:
    """Epochs of one training call; `done` by the calls before it."""
    if fit is not None and fit.epochs is not None:
        notes.at("stages.epochs", fit.epochs.source)
        if fit.epochs.value.value:
            known = fit.initial_epoch.value if fit.initial_epoch is not None else 0
            return max(1, int(fit.epochs.value.value) - (done if fit.goes_on else known))
    for run in runs:
        total = run.epochs[0].total or len(run.epochs)
        notes.assume(f"It is trained for {total} epochs, as the log shows.")
        notes.at("stages.epochs", run.epochs[0].source)
        return total
    if (
        fit is not None
        and fit.epochs is None
        and "epoch" not in fit.source.quote
        and fit.source.quote.endswith(")")
    ):
        return 1  # Keras' own default
    notes.assume(f"It is trained for {USUAL} epochs; neither code nor log tells.")
    return USUAL


def _callbacks(chosen: Chosen, fit: Fit | None) -> list[Callback]:
    places = fit.callbacks if fit is not None else ()
    return [chosen.script.callbacks[n] for n in places if n < len(chosen.script.callbacks)]


def _early(chosen: Chosen, fit: Fit | None, notes: Notes) -> Callback | None:
    used = _callbacks(chosen, fit)
    for callback in used:
        if callback.kind in ("ReduceLROnPlateau", "LearningRateScheduler"):
            notes.assume(f"{callback.kind} is left out: the rate stays as it is.")
    found = next((c for c in used if c.kind == "EarlyStopping"), None)
    if found is not None:
        notes.at("stages.patience", found.source)
        if found.monitored != "val_loss":
            notes.assume(f"EarlyStopping watches {found.monitored} in the code and val_loss here.")
    return found


def _keeps_best(chosen: Chosen, fit: Fit | None, stop: Callback | None, notes: Notes) -> bool:
    """EarlyStopping brings the best weights back, or a checkpoint of the best is loaded afterwards."""
    if stop is not None and stop.restore_best is not None and stop.restore_best.value:
        notes.at("restore_best", stop.restore_best.source)
        return True
    kept = {c.file.value for c in _callbacks(chosen, fit) if c.kind == "ModelCheckpoint" and c.file is not None
            and c.best_only is not None and c.best_only.value}  # fmt: skip
    loaded = [f for f in chosen.script.files if not f.writes and f.file is not None and f.file.value in kept]
    for file in loaded[:1]:
        notes.at("restore_best", file.source)
    return bool(loaded)


def _trains(chosen: Chosen, built: Rebuilt, fit: Fit | None, old: bool, notes: Notes) -> str:
    """Which layers a training call changes: what was frozen and thawed before it, in order."""
    if built.spec.name == "config":
        return "all" if built.spec.weights == "none" else "head"
    trains = "all"
    for freeze in chosen.script.freezes:
        if freeze.network not in (None, chosen.number) or (
            fit is not None and not before(freeze.source, fit.source)
        ):
            continue
        if freeze.after_compile and old:
            notes.assume("Freezing after compile, which old Keras ignores, is left out.")
            continue
        after = _after(trains, freeze, built.ends)
        if after is None:
            notes.assume(f"Freezing of some layers (line {freeze.source.line}) is left out.")
        else:
            trains = after
            notes.at("stages.trains", freeze.source)
    return trains


def _after(trains: str, freeze: Freeze, ends: int) -> str | None:
    """`trains` after one more assignment; None for one that a recipe cannot express. `ends` is the number of
    layers behind the backbone."""
    part = freeze.slice
    if freeze.of == "layer":
        return (
            ("head" if not freeze.value else "all")
            if re.search(r"layers\[0\]", freeze.source.quote)
            else None
        )
    part, _, condition = (word.strip() for word in part.partition("where "))
    if condition and "BatchNorm" not in condition:
        return "head" if not freeze.value and not part and _all_but_head(condition) else None
    if condition and not condition.startswith("not "):
        return trains  # BatchNorm alone: its mode tells this
    if part in WHOLE:
        return "all" if freeze.value else "head"
    if BEHIND.match(part) and freeze.value:
        return trains  # the head is trained in any case
    cut = CUT.match(part)
    if cut is None:
        return None
    first, last = (int(n) if n else None for n in (cut[1], cut[2]))
    if not freeze.value and first is None and last is not None:
        return _from(last, freeze, ends)
    if freeze.value and last is None and first is not None:
        return _from(first, freeze, ends)
    return None


def _all_but_head(condition: str) -> bool:
    """Whether a condition on names spares only layers that users put behind a backbone: `layer.name != 'dense_1'`."""
    names = re.findall(r"['\"](\w+)['\"]", condition)
    others = re.search(r"\.name\s*(!=|not\s+in\b)", condition)
    return bool(others and names) and all(name.startswith(HEADS) for name in names)


def _from(place: int, freeze: Freeze, ends: int) -> str:
    """Layers from `place` on are trained; a negative place counts from the end, the head's layers included
    where the whole model is meant."""
    if place < 0 and freeze.of != "backbone":
        place = min(0, place + ends)
    return "head" if place == 0 else f"from:{place}"
