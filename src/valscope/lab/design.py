"""Which pairs of arms decide about several suspects at once.

One fault can hide another: a rate that destroys the network hides the split that would have capped it. So each
suspect is tried with all the others mended: M, the training with every remedy, against M without this one. That
takes two arms more than there are suspects, and one more for each that helps. A remedy that makes M worse is taken out
before the others are judged; where no single fault matters with the others mended but all together do, each remedy is
tried on the training as it stands.

An idle remedy is idle beside the others; without them it may do harm (a tenth of the rate suits a network that trains
whole, and a lone head learns nothing by it), and the fault that it stands beside would be blamed for that. So what
helps is tried again with nothing mended that does not, as long as nothing is lost by that and it fits the time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from valscope.lab.arms import LEAST, SHOWN, Contrast, Right, contrast

X = TypeVar("X")
SHARE = 0.25  # of what all remedies gain together: one that gains so much helps


@dataclass(frozen=True, slots=True)
class Suspect(Generic[X]):
    """A fault and its remedy.

    code, name  of the rule;  edit  the remedy, None where what it is given does not have the fault.
    """

    code: str
    name: str
    edit: Callable[[X], X | None]

    @property
    def words(self) -> str:
        """ "learning rate (T106)"."""
        return f"{self.name} ({self.code})"


@dataclass(frozen=True, slots=True)
class Pair(Generic[X]):
    """A suspect's comparison: `without` has the fault, `mended` has not; `others` are mended in both."""

    suspect: Suspect[X]
    without: X
    mended: X
    contrast: Contrast
    others: tuple[Suspect[X], ...]


@dataclass(frozen=True, slots=True)
class Designed(Generic[X]):
    """All comparisons of one control.

    best      the control with the remedies that help;  whole  the control against it.
    skipped   suspects for which the time did not suffice.
    """

    control: X
    best: X
    whole: Contrast
    pairs: tuple[Pair[X], ...]
    skipped: tuple[Suspect[X], ...] = ()


class Design(Generic[X]):
    """Runs arms as they are needed, each only once.

    run      an arm's right-vectors, one a seed.
    affords  whether there is time for these arms.
    stays    a suspect that these images cannot show to be idle.
    """

    def __init__(
        self,
        run: Callable[[X], Sequence[Right]],
        groups: tuple[str, ...] | None = None,
        affords: Callable[[Sequence[X]], bool] = lambda arms: True,
        stays: Callable[[Suspect[X]], bool] = lambda suspect: False,
    ) -> None:
        self._run, self._groups, self._affords, self._stays = run, groups, affords, stays
        self._arms: dict[X, Sequence[Right]] = {}

    def arm(self, x: X) -> Sequence[Right]:
        """The arm's right-vectors."""
        if x not in self._arms:
            self._arms[x] = self._run(x)
        return self._arms[x]

    def known(self, x: X) -> bool:
        """Whether the arm has been run."""
        return x in self._arms

    def contrast(self, control: X, treated: X) -> Contrast:
        """Compare two arms."""
        return contrast(self.arm(control), self.arm(treated), self._groups)

    def decide(self, control: X, suspects: Sequence[Suspect[X]]) -> Designed[X]:
        """Every suspect whose edit changes the control, tried as the module says."""
        suspects = [s for s in suspects if changes(s, control)]
        self.arm(control)
        active = list(suspects)
        while True:
            pairs, skipped = self._leave_one(control, active)
            worse = [p for p in pairs if p.contrast.mean < 0 and p.contrast.high < 0 and p.contrast.apart]
            if not worse:
                break
            harm = min(worse, key=lambda p: p.contrast.mean)
            active = [s for s in active if s is not harm.suspect]
        dropped = [s for s in suspects if s not in active]
        best = mended(control, active)
        pairs += [p for s in dropped if (p := self._added(best, s)) is not None]
        best, active, pairs = self._leaner(control, best, active, pairs)
        whole = self.contrast(control, best)
        if len(active) > 1 and whole.apart and whole.mean > 0 and not _any_helps(pairs, whole):
            pairs = _renewed(pairs, [p for s in active if (p := self._added(control, s)) is not None])
        return Designed(control, best, whole, tuple(pairs), tuple(skipped))

    def _leaner(
        self, control: X, best: X, active: list[Suspect[X]], pairs: list[Pair[X]]
    ) -> tuple[X, list[Suspect[X]], list[Pair[X]]]:
        """What helps, tried with nothing else mended; as it was where the time does not suffice. Where that loses what
        all together gained, what seemed idle stands in for one another, and is tried beside what helps."""
        whole = self.contrast(control, best)
        while True:
            tried = [p for p in pairs if p.suspect in active]
            idle = [p.suspect for p in tried if _idle(p.contrast) and not self._stays(p.suspect)]
            helping = [s for s in active if s not in idle]
            lean = mended(control, helping)
            others = [mended(control, [s for s in helping if s is not left]) for left in helping]
            if not helping or lean in (best, control) or not self._time_for(lean, *others):
                return best, active, pairs
            lost = self.contrast(lean, best)
            if lost.mean >= LEAST and lost.apart:
                beside = [p for s in idle if (p := self._added(lean, s, tuple(helping))) is not None]
                return best, active, _renewed(pairs, beside)
            if lost.mean >= max(LEAST, SHARE * whole.mean):
                return best, active, pairs
            pairs = _renewed(pairs, self._leave_one(control, helping)[0])
            best, active = lean, helping

    def _leave_one(self, control: X, active: Sequence[Suspect[X]]) -> tuple[list[Pair[X]], list[Suspect[X]]]:
        best = mended(control, active)
        pairs: list[Pair[X]] = []
        skipped: list[Suspect[X]] = []
        for suspect in active:
            others = [s for s in active if s is not suspect]
            without = mended(control, others)
            if without == best:
                continue  # another remedy mends the same setting
            if not self._time_for(best, without):
                skipped.append(suspect)
                continue
            beside = tuple(s for s in others if changes(s, control))
            pairs.append(Pair(suspect, without, best, self.contrast(without, best), beside))
        return pairs, skipped

    def _added(self, base: X, suspect: Suspect[X], others: tuple[Suspect[X], ...] = ()) -> Pair[X] | None:
        """One remedy added to a base that lacks it and has those of `others`."""
        treated = suspect.edit(base)
        if treated is None or treated == base or not self._time_for(treated):
            return None
        return Pair(suspect, base, treated, self.contrast(base, treated), others)

    def _time_for(self, *arms: X) -> bool:
        """Whether those that have not been run fit the time together."""
        unknown = [x for x in dict.fromkeys(arms) if not self.known(x)]
        return not unknown or self._affords(unknown)


def changes(suspect: Suspect[X], x: X) -> bool:
    """Whether the remedy has anything to change."""
    edited = suspect.edit(x)
    return edited is not None and edited != x


def mended(x: X, suspects: Sequence[Suspect[X]]) -> X:
    """x with every remedy applied, in order."""
    for suspect in suspects:
        edited = suspect.edit(x)
        x = x if edited is None else edited
    return x


def _any_helps(pairs: Sequence[Pair[X]], whole: Contrast) -> bool:
    return any(p.contrast.apart and p.contrast.mean >= SHARE * whole.mean for p in pairs)


def _idle(found: Contrast) -> bool:
    """Nothing to speak of, or nothing that more seeds would be spent on."""
    return found.low <= 0 and (found.mean < LEAST or (found.mean < SHOWN and not found.apart))


def _renewed(pairs: Sequence[Pair[X]], newer: Sequence[Pair[X]]) -> list[Pair[X]]:
    """Each suspect's newest comparison, in the order in which they were first tried."""
    made = {p.suspect.code: p for p in pairs}
    made.update({p.suspect.code: p for p in newer})
    return list(made.values())
