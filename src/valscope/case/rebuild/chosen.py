"""Which of a script's networks and training calls make the training that is rebuilt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from valscope.case.rebuild.notes import Notes, Unknown
from valscope.nouns.fact import Source
from valscope.nouns.network import Network
from valscope.nouns.script import Compile, Feed, Fit, InputPath, ScriptFacts


@dataclass(frozen=True, slots=True)
class Chosen:
    """One network with its training calls, in order; `fits` may be empty where the text shows none."""

    script: ScriptFacts
    network: Network
    number: int
    fits: tuple[Fit, ...]
    compiles: tuple[Compile, ...]

    @property
    def fit(self) -> Fit | None:
        """The first training call."""
        return self.fits[0] if self.fits else None

    @property
    def feed(self) -> Feed | None:
        """What the first training call is fed by."""
        return _at(self.script.feeds, self.fit.feed if self.fit is not None else None)

    @property
    def validation_feed(self) -> Feed | None:
        """What it is validated on."""
        return _at(self.script.feeds, self.fit.validation_feed if self.fit is not None else None)

    @property
    def path(self) -> InputPath | None:
        """The way of training images into this network; that of validation where training's is not shown."""
        ranked = [p for use in ("train", "validation", "test") for p in self.script.paths if p.use == use]
        own = [p for p in ranked if p.network == self.number] or [p for p in ranked if p.network is None]
        return next(iter(own), None)

    def compiled(self, fit: Fit | None) -> Compile | None:
        """The compile call in force at a training call: the last one before it."""
        if fit is None:
            return self.compiles[-1] if self.compiles else None
        earlier = [c for c in self.compiles if before(c.source, fit.source)]
        return earlier[-1] if earlier else self.compiles[0] if self.compiles else None


def before(first: Source, second: Source) -> bool:
    """Whether a line stands before another; files are in the order in which they were given."""
    if first.file != second.file or first.line is None or second.line is None:
        return True
    return first.line < second.line


def chosen(script: ScriptFacts, words: str, notes: Notes) -> Chosen:
    """The training of a script; `words` is the text around it, which may name one of several networks.

    Raises Unknown where no network is built, or several could be meant.
    """
    trained = _called(script.fits)
    number = _number(script, trained, words, notes)
    fits = tuple(f for f in trained if f.network == number or (f.network is None and number in f.candidates))
    if not fits and len(script.networks) == 1:
        fits = trained
    own = tuple(c for c in script.compiles if c.network == number)
    compiles = own or tuple(c for c in script.compiles if c.network is None)
    if not compiles:
        raise Unknown(
            "no compile call of the network is shown, so loss and rate are not known", "the training script"
        )
    return Chosen(script, script.networks[number], number, fits, compiles)


def _called(fits: Sequence[Fit]) -> tuple[Fit, ...]:
    """Training calls that the text reaches; all of them where it only defines functions."""
    return tuple(f for f in fits if f.called) or tuple(fits)


def _number(script: ScriptFacts, fits: Sequence[Fit], words: str, notes: Notes) -> int:
    trained = [f.network for f in fits if f.network is not None]
    named = sorted({n for f in fits for n in f.candidates})
    if trained:
        if len(set(trained)) > 1:
            notes.assume(f"The code trains {len(set(trained))} networks; the last one is taken.")
        return trained[-1]
    if named:
        return _by_words(script.networks, named, words)
    built = [n for n, network in enumerate(script.networks) if network.layers]
    compiled = [c.network for c in script.compiles if c.network is not None]
    if compiled or len(built) == 1:
        return compiled[-1] if compiled else built[0]
    if not built:
        raise Unknown(
            "no network is built in the code", "the script that builds it, or the saved model (.keras or .h5)"
        )
    raise Unknown(
        f"the code builds {len(built)} networks and trains none of them", "the script that calls fit"
    )


def _by_words(networks: Sequence[Network], named: Sequence[int], words: str) -> int:
    """Of several networks that may be trained the one whose ready-made part the text around names alone."""
    told = [
        n
        for n in named
        if any(layer.kind.lower()[:6] in words for layer in networks[n].layers if layer.weights)
    ]
    if len(told) == 1:
        return told[0]
    raise Unknown(
        f"the code may train any of {len(named)} networks",
        "the script with only the network that was trained",
    )


def _at(feeds: Sequence[Feed], place: int | None) -> Feed | None:
    return feeds[place] if place is not None and place < len(feeds) else None
