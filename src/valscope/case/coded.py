"""What the training code settles: batch, split, what is saved."""

from __future__ import annotations

import re
from collections.abc import Sequence

from valscope.nouns.fact import Fact, NotMeasured, Source
from valscope.nouns.script import Callback, Fit, ScriptFacts

QUOTIENT = re.compile(r"(?<![\w.])(\d{2,})\s*//?\s*(\d+)(?![\w.])")  # "648/32"


def batch(scripts: Sequence[ScriptFacts]) -> Fact[int] | NotMeasured:
    """Images in a validation batch: of the validation feed, of fit, or the divisor of validation_steps."""
    for script in scripts:
        for fit in script.fits:
            found = _batch(script, fit)
            if found is not None and found.value >= 1:
                return found
    return NotMeasured("the batch size stands nowhere", "the training script")


def trained_batch(scripts: Sequence[ScriptFacts]) -> Fact[int] | NotMeasured:
    """Images in a training batch: of the feed that trains, or of fit."""
    for script in scripts:
        for fit in script.fits:
            found = _of_feed(script, fit.feed) or _of_fit(fit)
            if found is not None and found.value >= 1:
                return found
    return NotMeasured("the batch size of training stands nowhere", "the training script")


def _batch(script: ScriptFacts, fit: Fit) -> Fact[int] | None:
    if (found := _of_feed(script, fit.validation_feed)) is not None:
        return found
    if fit.validation_steps is not None and (m := QUOTIENT.search(fit.validation_steps.value.text)):
        return Fact(int(m[2]), fit.validation_steps.source)
    return _of_fit(fit)


def _of_feed(script: ScriptFacts, position: int | None) -> Fact[int] | None:
    if position is None or position >= len(script.feeds) or (feed := script.feeds[position]).batch is None:
        return None
    return Fact(feed.batch, feed.batch_size.source if feed.batch_size is not None else feed.source)


def _of_fit(fit: Fit) -> Fact[int] | None:
    if fit.batch_size is None or fit.batch_size.value.value is None:
        return None
    return Fact(int(fit.batch_size.value.value), fit.batch_size.source)


def fraction(scripts: Sequence[ScriptFacts]) -> Fact[float] | None:
    """The `validation_split` of fit on arrays: Keras takes the last rows as they stand."""
    fits = (f for s in scripts for f in s.fits if f.validation == "split")
    return next((f.validation_split for f in fits if f.validation_split is not None), None)


def saves_last(scripts: Sequence[ScriptFacts]) -> Source | None:
    """Where the code saves the model as it is after the last epoch, with nothing that brings the best back."""
    for script in scripts:
        saving = [f for f in script.files if f.writes and f.after_fit]
        if saving and not any(c.used and _keeps_best(c) for c in script.callbacks):
            return saving[0].source
    return None


def _keeps_best(callback: Callback) -> bool:
    settings = (callback.best_only, callback.restore_best)
    return any(setting is not None and setting.value for setting in settings)
