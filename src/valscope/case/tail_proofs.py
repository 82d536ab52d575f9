"""Puts counts, split and log together and asks which sorted tail could stand behind them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from valscope.case.tail import Tail, only, random_excluded, tails
from valscope.case.tail_proof import TailProof
from valscope.evidence.laws.digits import numerators
from valscope.evidence.laws.sizes import fit, telling
from valscope.evidence.laws.tail import Composition, sorted_split, trained_rows
from valscope.nouns.fact import Fact, Source
from valscope.nouns.images import DataFacts
from valscope.nouns.log import LoggedRun

CAPPED = 0.95  # of the ceiling that the best score must reach for a suspicion
LEARNED = 0.8  # training accuracy that a capped validation must stand beside
SLIPS = 0.02  # of the rows: right answers of an untrained class by accident
LONGEST = 6  # quoted log lines


def tail_proofs(
    runs: Sequence[LoggedRun], counts: Fact[tuple[int, ...]] | None, fraction: Fact[float] | None,
    weights: Fact[tuple[float, ...]] | None, data: Sequence[DataFacts], mixed: bool = False,
) -> Iterator[TailProof]:  # fmt: skip
    """One for each run whose tail can hold a class that was never trained, and nothing contradicts it.

    mixed  whether code puts rows into random order before it trains: then only the digits of a log prove a sorted tail.
    """
    measured = next((d for d in data if d.order is not None and d.order.value.sorted and d.parts), None)
    if measured is not None and fraction is not None:
        if not mixed:
            yield from _measured(runs, measured, fraction)
        return
    if counts is None:
        return
    for run in runs:
        found = _proof(run, counts, fraction, weights)
        if found is not None and (found.proved or not mixed):
            yield found


def _proof(
    run: LoggedRun, counts: Fact[tuple[int, ...]], fraction: Fact[float] | None,
    weights: Fact[tuple[float, ...]] | None,
) -> TailProof | None:  # fmt: skip
    total = sum(counts.value)
    trained = _trained(run, total, fraction)
    if trained is None or not 0 < trained[0] < total or not _whole(run, total - trained[0]):
        return None
    used = weights.value if weights is not None else (1.0,) * len(counts.value)
    tried = _orders(len(counts.value))
    fits = only(tails(run, counts.value, trained[0], used), tried)
    chosen = _chosen(fits)
    if chosen is None:
        return None
    proof = TailProof(
        run, total, trained[0], fraction.value if fraction else None, trained[1], chosen.composition,
        best=_best(run, chosen.composition.rows), orders_tried=tried, orders_fit=len(fits),
        tails_fit=len({t.composition.val for t in fits}),
        random_excluded=random_excluded(run, counts.value, chosen.composition.rows, used),
        law=chosen.law, weights=used, weighted=weights is not None, measured=False,
        evidence=_evidence(run, counts.source, fraction, weights),
    )  # fmt: skip
    return proof if proof.proved or _capped(run, chosen.composition) else None


def _chosen(fits: Sequence[Tail]) -> Tail | None:
    """The only composition left, else that of the classes in the order of their numbers."""
    if len({t.composition.val for t in fits}) > 1:
        fits = [t for t in fits if t.composition.order == tuple(range(len(t.composition.val)))]
    return fits[0] if fits and fits[0].composition.untrained else None


def _trained(run: LoggedRun, total: int, fraction: Fact[float] | None) -> tuple[int, bool] | None:
    """(trained rows, whether the log prints them): the bar counts samples in Keras before 2.3."""
    printed = run.epochs[0].steps if run.epochs else None
    if fraction is not None:
        rows = trained_rows(total, fraction.value)
        if printed is not None and run.samples and printed != rows:
            return None
        if printed is not None and printed > total // 2 and printed != rows:
            return None  # too many for batches: it counts other samples than these
        return rows, printed == rows
    if printed is not None and total // 2 < printed < total:
        return printed, True
    return None


def _whole(run: LoggedRun, rows: int) -> bool:
    column = run.column("val_accuracy")
    return any(column) and fit(rows, telling(column))


def knows_more(run: LoggedRun, composition: Composition) -> bool:
    """Whether a log shows more right answers than a network that never saw the tail's classes could give."""
    if not any(run.column("val_accuracy")):
        return False
    return _best(run, composition.rows) > composition.reachable + SLIPS * composition.rows


def _best(run: LoggedRun, rows: int) -> int:
    best = max((r for r in run.column("val_accuracy") if r is not None), key=lambda r: r.value)
    ks = numerators(best, rows)
    return ks[-1] if len(ks) else round(best.value * rows)


def _capped(run: LoggedRun, composition: Composition) -> bool:
    """Training learns, validation stays under the ceiling and comes close to it."""
    trained = [r.value for r in run.column("accuracy") if r is not None]
    best = _best(run, composition.rows)
    return (
        bool(trained) and max(trained) >= LEARNED and composition.ceiling <= LEARNED
        and CAPPED * composition.reachable <= best <= composition.reachable
    )  # fmt: skip


def _orders(classes: int) -> int:
    from math import factorial

    from valscope.evidence.laws.tail import MOST_CLASSES

    return factorial(classes) if classes <= MOST_CLASSES else 2


def _evidence(
    run: LoggedRun, counts: Source, fraction: Fact[float] | None, weights: Fact[tuple[float, ...]] | None
) -> tuple[Source, ...]:
    told = [counts]
    told += [fraction.source] if fraction is not None else []
    told += [weights.source] if weights is not None else []
    best = sorted(
        (e for e in run.epochs if "val_accuracy" in e.readings),
        key=lambda e: -e.readings["val_accuracy"].value,
    )
    return (*told, *(e.source for e in islice(best, LONGEST)))


def _measured(runs: Sequence[LoggedRun], data: DataFacts, fraction: Fact[float]) -> Iterator[TailProof]:
    """Label array seen: sorted, so the tail is known whatever the log says."""
    assert data.order is not None
    counts = data.parts[0].counts
    total = sum(counts)
    composition = sorted_split(counts, data.order.value.sequence, trained_rows(total, fraction.value))
    if not composition.untrained:
        return
    for run in runs or ():
        if knows_more(run, composition):
            continue
        yield TailProof(
            run, total, sum(composition.train), fraction.value, False, composition, _best(run, composition.rows),
            1, 1, 1, False, None, (1.0,) * len(counts), False, True,
            (data.order.source, fraction.source, run.epochs[0].source),
        )  # fmt: skip
