"""All facts of a text together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from valscope.evidence.inside import inside_scale
from valscope.evidence.script.build.networks import Networks
from valscope.evidence.script.facts.about import frameworks_of, python2_of, switches
from valscope.evidence.script.facts.apart import shuffled_apart
from valscope.evidence.script.facts.backbones import backbones
from valscope.evidence.script.facts.callbacks import callback_of
from valscope.evidence.script.facts.copied import copied
from valscope.evidence.script.facts.decisions import decisions
from valscope.evidence.script.facts.fits import fits, loops
from valscope.evidence.script.facts.freezing import freezes, pops
from valscope.evidence.script.facts.labels import class_orders, label_steps
from valscope.evidence.script.facts.objective import compile_of, torch_objective
from valscope.evidence.script.facts.ranges import row_ranges
from valscope.evidence.script.facts.reading import Reading, use_by_name
from valscope.evidence.script.facts.scorings import scorings
from valscope.evidence.script.facts.sequences import sequences
from valscope.evidence.script.facts.splits import splits
from valscope.evidence.script.facts.subsets import subsets
from valscope.evidence.script.facts.torch_loop import torch_loop
from valscope.evidence.script.facts.usage import files, link_loaded, predictions, training_calls
from valscope.evidence.script.flow.asking import last_name
from valscope.evidence.script.flow.interpret import interpret
from valscope.evidence.script.rows.stretches import Rows
from valscope.evidence.script.text.parse import Parsed
from valscope.evidence.script.way.flows import FLOWS, FOLDERS
from valscope.evidence.script.way.walker import Walker
from valscope.evidence.script.way.ways import way
from valscope.nouns.script import Callback, Compile, ScriptFacts


def gather(fragments: Sequence[Parsed]) -> ScriptFacts:
    """The facts of fragments read as one text."""
    world = interpret(fragments)
    reading = Reading(world, Walker(world, way), Networks(world))
    reading.networks.gather()
    rows = Rows()
    ranges = world.patiently(partial(row_ranges, reading, rows)) or []
    frameworks = frameworks_of(fragments)
    names = {fact.value for fact in frameworks}
    tf = bool(names & {"tf.keras", "tensorflow"})
    callbacks, places = _callbacks(reading)
    link_loaded(reading, [callback.file for callback in callbacks])
    trained = fits(reading, places) + loops(reading, training_calls(reading))
    validated = {fit.validation_feed for fit in trained if fit.validation_feed is not None}
    asked = predictions(reading, validated)
    _other_feeds(reading)
    networks = tuple(reading.networks.built)
    inside = [inside_scale(network) for network in networks]
    compiles = _compiles(reading, tf)
    used = {index for fit in trained for index in fit.callbacks}
    return ScriptFacts(
        fragments[0].fragment.file if fragments else "",
        python2=python2_of(fragments),
        frameworks=frameworks,
        networks=networks,
        backbones=backbones(reading),
        freezes=tuple(freezes(reading)),
        pops=tuple(pops(reading)),
        compiles=compiles,
        fits=tuple(trained),
        callbacks=tuple(replace(c, used=n in used) for n, c in enumerate(callbacks)),
        sequences=tuple(sequences(reading)),
        splits=tuple(splits(reading)),
        ranges=tuple(ranges),
        subsets=tuple(world.patiently(partial(subsets, reading, rows.things)) or ()),
        copied=tuple(world.patiently(partial(copied, reading, rows, ranges)) or ()),
        apart=tuple(shuffled_apart(fragments)),
        feeds=tuple(reading.feeds),
        paths=tuple(
            replace(p, inside=inside[p.network]) if p.network is not None else p for p in reading.paths
        ),
        labels=tuple(label_steps(reading)),
        class_orders=tuple(class_orders(reading)),
        files=tuple(files(reading)),
        predictions=tuple(asked),
        decisions=tuple(decisions(reading)),
        scorings=tuple(scorings(reading)),
        torch=torch_loop(reading, asked, bool(names & {"lightning", "fastai"})) if "torch" in names else None,
        switches=switches(reading),
        repaired=tuple(source for parsed in fragments for source in parsed.repaired),
        unread=tuple(source for parsed in fragments for source in parsed.unread),
    )


def _callbacks(reading: Reading) -> tuple[list[Callback], dict[int, int]]:
    """Callbacks in order, and the position of each call that makes one."""
    found: list[Callback] = []
    places: dict[int, int] = {}
    for call in reading.calls:
        callback = callback_of(call)
        if callback is not None:
            if callback not in found:
                found.append(callback)
            places[id(call)] = found.index(callback)
    return found, places


def _compiles(reading: Reading, tf: bool) -> tuple[Compile, ...]:
    found: list[Compile] = []
    for call in reading.methods("compile"):
        facts = compile_of(call, tf)
        if facts is not None:
            facts = replace(facts, network=reading.networks.index(call.function.base))  # type: ignore[attr-defined]
            if facts not in found:
                found.append(facts)
    return tuple(found + torch_objective(reading.calls))


def _other_feeds(reading: Reading) -> None:
    """Feeds that no training or prediction call of the text is given."""
    for call in reading.calls:
        makes = last_name(call.function) in FLOWS | FOLDERS | {"DataLoader"}
        if makes and not any(feed.source == call.source for feed in reading.feeds):
            reading.feed(call, use_by_name(call))
