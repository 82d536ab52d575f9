"""How a script's images reach the fit, as a recipe's `Feed`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from valscope.case.rebuild.chosen import Chosen
from valscope.case.rebuild.notes import Notes
from valscope.case.rebuild.split import shuffles_rows
from valscope.case.scored import Scored
from valscope.nouns.fact import Fact, Source
from valscope.nouns.recipe import Feed, Order
from valscope.nouns.script import Amount, SequenceClass
from valscope.nouns.script import Feed as CodedFeed

KERAS_BATCH = 32  # of fit on arrays where none is written
NEAR = 0.1  # steps within this share of one pass are meant as one pass
BATCH = re.compile(r"\bbatch_?size\s*=\s*([1-9]\d{0,3})\b", re.IGNORECASE)
QUOTIENT = re.compile(r"(?<![\w.])(\d{2,})\s*//?\s*(\d+)(?![\w.])")  # "1939/32": the writer's own count


def feed_of(
    chosen: Chosen, trained: int, validated: int, lines: Sequence[Source], old: bool, scored: Scored | None, notes: Notes
) -> Feed:  # fmt: skip
    """The feed of the first training call.

    trained, validated   images in the two parts of the data it is tried on;  old  Keras before 2.3, whose class
    weights count in validation too;  scored  what the log's digits say of the validation part.
    """
    batch = _batch(chosen, scored, lines, notes)
    order, buffer = _order(chosen, trained, lines, notes)
    sequence = _sequence(chosen)
    fit = chosen.fit
    steps = _steps(fit.steps_per_epoch if fit is not None else None, batch, trained, "feed.steps", notes)
    val_steps = _steps(
        fit.validation_steps if fit is not None else None, batch, validated, "feed.val_steps", notes
    )
    counter = sequence is not None and sequence.counter is not None
    if counter and sequence is not None and sequence.counter is not None:
        notes.at("feed.carried_counter", sequence.counter.source)
    apart = next(iter(chosen.script.apart), None)
    if apart is not None:
        notes.at("feed.labels_apart", apart.source)
    split = fit is not None and fit.validation == "split" and fit.class_weight is not None
    if chosen.script.sequences and fit is not None and fit.sample_weight is not None:
        notes.assume("Sample weights are left out.")
    return Feed(
        batch,
        order,
        buffer,
        steps,
        val_steps,
        carried_counter=counter,
        weighted_validation=bool(old and split),
        labels_apart=apart is not None,
    )


def _batch(chosen: Chosen, scored: Scored | None, lines: Sequence[Source], notes: Notes) -> int:
    fit, feed = chosen.fit, chosen.feed
    if feed is not None and feed.batch_size is not None:
        return max(1, notes.say("feed.batch", feed.batch_size))
    if fit is not None and fit.batch_size is not None:
        notes.at("feed.batch", fit.batch_size.source)
        if fit.batch_size.value.value:
            return max(1, int(fit.batch_size.value.value))
    if feed is not None and feed.batch is not None:
        notes.at("feed.batch", feed.source)
        return max(1, feed.batch)
    if feed is not None and scored is not None and scored.batch:
        notes.assume(
            f"Batches hold {scored.batch} images, as the digits of the log say; the code does not tell."
        )
        return scored.batch
    written = {int(found[1]) for line in lines if (found := BATCH.search(line.quote.partition("#")[0]))}
    if feed is not None and len(written) == 1:
        notes.assume(f"Batches hold {min(written)} images, the only batch size that the code names.")
        return min(written)
    if feed is not None or (fit is not None and fit.batch_size is not None) or fit is None:
        notes.assume(f"Batches hold {KERAS_BATCH} images; the code does not tell.")
    return KERAS_BATCH


def _order(chosen: Chosen, trained: int, lines: Sequence[Source], notes: Notes) -> tuple[Order, int]:
    """(order, buffer)"""
    fit, feed, sequence = chosen.fit, chosen.feed, _sequence(chosen)
    if sequence is not None:
        return _of_sequence(sequence, lines, notes), 1000
    if feed is None or feed.kind == "arrays":
        if fit is not None and fit.shuffle is not None and not fit.shuffle.value:
            notes.at("feed.order", fit.shuffle.source)
            return _as_they_stand(chosen, lines, notes), 1000
        return "permuted", 1000
    if feed.kind == "tf.data":
        return _of_tf_data(feed, trained, chosen, lines, notes)
    if feed.shuffled is False:
        notes.at("feed.order", feed.shuffle.source if feed.shuffle is not None else feed.source)
        return _as_they_stand(chosen, lines, notes), 1000
    return "permuted", 1000


def _of_tf_data(
    feed: CodedFeed, trained: int, chosen: Chosen, lines: Sequence[Source], notes: Notes
) -> tuple[Order, int]:
    shuffle = next((step for step in feed.operations if step.name == "shuffle"), None)
    if shuffle is None:
        notes.at("feed.order", feed.source)
        return _as_they_stand(chosen, lines, notes), 1000
    notes.at("feed.order", shuffle.source)
    size = re.match(r"\s*(?:buffer_size\s*=\s*)?(\d+)\s*(?:,|$)", shuffle.value)
    names = [step.name for step in feed.operations]
    if "batch" in names and names.index("batch") < names.index("shuffle"):
        notes.assume("The code shuffles whole batches; here they are drawn from a buffer of as many images.")
    if size is None or int(size[1]) >= trained:
        return "permuted", 1000
    return "buffer", max(1, int(size[1]))


def _of_sequence(sequence: SequenceClass, lines: Sequence[Source], notes: Notes) -> Order:
    """A user's own class or generator; Keras draws the order of its batches anew in each epoch."""
    if sequence.with_replacement is not None and sequence.replacement_guard not in (
        "validation",
        "val",
        "test",
    ):
        notes.at("feed.order", sequence.with_replacement.source)
        return "with_replacement"
    permuted = next((s for s in lines if shuffles_rows(s.quote)), None)
    if sequence.shuffles is not None or permuted is not None:
        notes.at("feed.order", sequence.shuffles.source if sequence.shuffles is not None else permuted)
        return "permuted"
    notes.at("feed.order", sequence.source)
    return "sequential" if sequence.base == "function" else "batches"


def _as_they_stand(chosen: Chosen, lines: Sequence[Source], notes: Notes) -> Order:
    """In the order of the rows: of the data where nothing permuted them, else one random order for all epochs."""
    drawn = any(c.shuffle and c.name == "train_test_split" for c in chosen.script.splits)
    if drawn or any(shuffles_rows(s.quote) for s in lines):
        notes.assume("Rows were permuted once before training; here they are permuted in each epoch.")
        return "permuted"
    return "sequential"


def _sequence(chosen: Chosen) -> SequenceClass | None:
    """The class or generator function that the training is fed by."""
    feed = chosen.feed
    if feed is not None and feed.kind not in ("sequence", "generator"):
        return None
    if feed is None and (chosen.fit is None or chosen.fit.name != "fit_generator"):
        return None
    found = chosen.script.sequences
    return (
        found[0]
        if len(found) == 1
        else next((s for s in found if feed and s.name in feed.source.quote), None)
    )


def _steps(given: Fact[Amount] | None, batch: int, images: int, name: str, notes: Notes) -> int | None:
    """Steps where they are not one pass over the images; the writer's own count in "1939/32" is one pass."""
    if given is None or given.value.value is None or not images:
        return None
    text, value = given.value.text, given.value.value
    if "samples" in given.source.quote and "samples_per_epoch" in given.source.quote:
        value /= batch  # Keras 1 counted images
    quotient = QUOTIENT.search(text)
    if quotient is not None and int(quotient[2]) == batch:
        return None
    if abs(value * batch - images) <= max(batch, NEAR * images):
        return None
    if name == "feed.val_steps" and value * batch > images:
        return None  # a generator begins anew; some images are scored twice
    notes.at(name, given.source)
    return max(1, int(value))
