"""Calls the readers of `valscope.evidence`, each imported when something for it was given."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

from valscope.case.inputs import Given
from valscope.case.unusable import damage
from valscope.errors import InputError
from valscope.nouns.images import DataFacts
from valscope.nouns.log import LoggedEpoch, LoggedRun
from valscope.nouns.post import Post
from valscope.nouns.saved import SavedModel
from valscope.nouns.script import ScriptFacts
from valscope.nouns.summary import Contradiction, Summary

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Unread:
    """A damaged file of a folder: its name, and what is wrong with it."""

    name: str
    reason: str


def read_posts(inputs: Sequence[Given]) -> tuple[Post | Unread, ...]:
    """Every text that was given."""
    from io import BufferedReader, BytesIO

    from valscope.evidence.post import read_post, read_post_file

    found: list[Post | Unread] = []
    for item in (i for i in inputs if i.kind == "text"):
        if item.path is not None:
            found += _each([item], read_post_file)
        elif item.content is not None:
            found.append(read_post(BufferedReader(BytesIO(item.content)), item.name))
    return tuple(found)


def read_code(posts: Sequence[Post]) -> tuple[ScriptFacts, ...]:
    """All code of all texts, read together."""
    from valscope.evidence.script import Fragment, read_fragments

    fragments = [
        Fragment(s.text, p.file, s.first) for p in posts for s in p.of_kind("code") if s.text.strip()
    ]
    return (read_fragments(fragments),) if fragments else ()


def read_summaries(posts: Sequence[Post]) -> tuple[Summary, ...]:
    """Every printed table of layers."""
    tables = [(p.file, s) for p in posts for s in p.of_kind("summary")]
    if not tables:
        return ()
    from valscope.evidence import summary

    return tuple(t for file, s in tables for t in summary.read_summaries(s.text, file, s.first))


def find_contradictions(
    summaries: Sequence[Summary], scripts: Sequence[ScriptFacts]
) -> tuple[Contradiction, ...]:
    """Within each table, between tables, and between tables and code."""
    from valscope.evidence import summary

    found = [c for table in summaries for c in summary.check_summary(table)]
    networks = [n for s in scripts for n in s.networks]
    whole = [table for table in summaries if table.ended]  # a cut table may belong to any network
    for position, network in summary.pair_up(whole, networks):
        found += summary.compare_to_code(whole[position], networks[network])
    for first, second in pairwise(summaries):
        found += summary.compare_summaries(first, second)
    return tuple(found)


def read_saved_models(inputs: Sequence[Given]) -> tuple[SavedModel | Unread, ...]:
    """Every saved model or weight file."""
    files = [i for i in inputs if i.kind == "model"]
    if not files:
        return ()
    from valscope.evidence.saved import read_saved

    return tuple(_each(files, read_saved))


def measure_data(inputs: Sequence[Given]) -> tuple[DataFacts | Unread, ...]:
    """Every folder of images, array file and class list."""
    files = [i for i in inputs if i.kind == "data"]
    if not files:
        return ()
    from valscope.case.labels import read_labels
    from valscope.evidence.images import measure

    def read(path: Path) -> DataFacts:
        return (read_labels(path) if path.suffix == ".npy" else None) or measure(path)

    return tuple(_each(files, read))


def _each(inputs: Sequence[Given], read: Callable[[Path], T]) -> Iterator[T | Unread]:
    """What was given by name must be readable; of a folder's files a damaged one is left out, and told."""
    for item in inputs:
        if item.path is None:
            continue
        try:
            yield read(item.path)
        except InputError as error:
            if not item.listed:
                raise
            yield Unread(item.name, damage(item.name, error))


def read_events(inputs: Sequence[Given]) -> tuple[LoggedRun | Unread, ...]:
    """Runs of TensorBoard event files; Keras writes training and validation of one run into two folders."""
    files = [i for i in inputs if i.kind == "events" and i.path is not None]
    if not files:
        return ()
    from valscope.evidence.events import read_event_file

    together: dict[Path, list[LoggedRun]] = {}
    damaged: list[Unread] = []
    for item in files:
        path = item.path or Path()
        home = path.parent.parent if path.parent.name in ("train", "validation") else path
        for found in _each([item], read_event_file):
            if isinstance(found, Unread):
                damaged.append(found)
            else:
                together.setdefault(home, []).extend(found)
    return (*(_merged(runs) for runs in together.values() if runs), *damaged)


def _merged(runs: Sequence[LoggedRun]) -> LoggedRun:
    """One run whose epochs hold the readings of all at the same number."""
    epochs: dict[int | None, LoggedEpoch] = {}
    for epoch in (e for run in runs for e in run.epochs):
        known = epochs.get(epoch.number)
        readings = {**known.readings, **epoch.readings} if known is not None else epoch.readings
        epochs[epoch.number] = replace(known or epoch, readings=readings)
    return replace(runs[0], epochs=tuple(epochs.values()))
