"""Several suspects at once: faults that hide one another, remedies that harm, suspects that are innocent."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from valscope.lab.design import Design, Designed, Suspect

State = frozenset[str]  # the faults that are present
N = 300


def suspects(*names: str) -> list[Suspect[State]]:
    def without(name: str) -> Callable[[State], State | None]:
        return lambda state: state - {name} if name in state else None

    return [Suspect(name, name, without(name)) for name in names]


def decide(
    accuracy: Callable[[State], float], faults: str, **more: object
) -> tuple[Designed[State], list[State]]:
    ran: list[State] = []

    def run(state: State) -> list[np.ndarray]:
        ran.append(state)
        easy = np.random.default_rng(5).permutation(N)
        return [easy < round(N * (accuracy(state) + d)) for d in (-0.01, 0.0, 0.01)]

    design: Design[State] = Design(run, **more)  # type: ignore[arg-type]
    return design.decide(frozenset(faults), suspects(*faults)), ran


def effects(found: Designed[State]) -> dict[str, float]:
    return {p.suspect.code: round(p.contrast.mean, 2) for p in found.pairs}


def test_two_faults_that_hide_one_another_are_both_seen() -> None:
    """A rate that destroys everything, and a split that caps what is left."""
    found, ran = decide(lambda s: 0.3 if "r" in s else 0.6 if "s" in s else 0.9, "rs")
    assert effects(found) == {"r": 0.6, "s": 0.3}
    assert {p.suspect.code: tuple(o.code for o in p.others) for p in found.pairs} == {
        "r": ("s",),
        "s": ("r",),
    }
    assert len(ran) == len(set(ran)) == 4


def test_an_innocent_suspect_has_no_effect_and_costs_one_arm() -> None:
    found, ran = decide(lambda s: 0.4 if "a" in s else 0.9, "abc")
    assert effects(found) == {"a": 0.5, "b": 0.0, "c": 0.0}
    assert len(ran) == len(set(ran)) == 6  # the sixth: "a" alone mended


def test_what_helps_is_the_whole_cure() -> None:
    found, _ = decide(lambda s: 0.4 if "a" in s else 0.9, "abc")
    assert found.best == frozenset("bc")
    assert {p.suspect.code: tuple(o.code for o in p.others) for p in found.pairs} == {
        "a": (),
        "b": ("a", "c"),
        "c": ("a", "b"),
    }


def test_remedies_that_stand_in_for_one_another_stay() -> None:
    """Either of "b" and "c" mends: alone each seems idle, and without both it is not cured."""
    found, _ = decide(lambda s: 0.4 if "a" in s else 0.6 if {"b", "c"} <= s else 0.9, "abc")
    assert found.best == frozenset()
    assert effects(found)["a"] == 0.5


def test_a_suspect_that_these_images_cannot_show_to_be_idle_stays() -> None:
    found, _ = decide(lambda s: 0.4 if "a" in s else 0.9, "abc", stays=lambda suspect: suspect.code == "b")
    assert found.best == frozenset("c")
    assert {p.suspect.code: p.others for p in found.pairs}["a"][0].code == "b"


def test_a_remedy_that_harms_does_not_hide_the_cause() -> None:
    """Without fault "b" the training fails: its remedy is the wrong medicine."""
    found, _ = decide(lambda s: 0.3 if "b" not in s else 0.4 if "a" in s else 0.9, "ab")
    assert effects(found)["a"] == 0.5
    assert effects(found)["b"] == -0.6
    assert found.best == frozenset("b")


def test_faults_that_harm_only_together() -> None:
    found, _ = decide(lambda s: 0.4 if {"a", "b"} <= s else 0.9, "ab")
    assert effects(found) == {"a": 0.5, "b": 0.5}
    assert all(p.others == () for p in found.pairs)


def test_where_time_runs_out_the_rest_is_named() -> None:
    left = iter([True, False, False, False])
    found, _ = decide(lambda s: 0.9, "abc", affords=lambda arms: next(left, False))
    assert [s.code for s in found.skipped] == ["b", "c"]


def test_a_remedy_that_changes_nothing_is_not_tried() -> None:
    design: Design[State] = Design(lambda s: [np.ones(30, bool)])
    found = design.decide(frozenset("a"), suspects("a", "z"))
    assert [p.suspect.code for p in found.pairs] == ["a"]


def test_a_lone_remedy_that_harms_is_no_part_of_the_cure() -> None:
    found, _ = decide(lambda s: 0.9 if "a" in s else 0.4, "a")
    assert found.best == found.control == frozenset("a")
    assert effects(found) == {"a": -0.5}


Seeds = tuple[float, float, float]


def table(rows: dict[str, float | Seeds], **more: object) -> Designed[State]:
    """Decide where each set of faults comes to the accuracy that the table gives it, that of every seed where it gives three;
    the longest row is the training as it stands."""
    known = {frozenset(faults): value for faults, value in rows.items()}

    def run(state: State) -> list[np.ndarray]:
        easy = np.random.default_rng(5).permutation(N)
        value = known[state]
        seeds = value if isinstance(value, tuple) else (value - 0.01, value, value + 0.01)
        return [easy < round(N * v) for v in seeds]

    names = max(rows, key=len)
    return Design(run, **more).decide(frozenset(names), suspects(*names))  # type: ignore[arg-type]


def test_faults_that_harm_only_together_beside_an_idle_remedy() -> None:
    """Beside what "d" is mended to, "a" and "b" each do harm alone; beside "d" only together."""
    found = table({"": 0.9, "a": 0.4, "b": 0.4, "d": 0.9, "ad": 0.9, "bd": 0.9, "ab": 0.4, "abd": 0.4})
    assert effects(found) == {"a": 0.5, "b": 0.5, "d": 0.0}


def test_a_cure_that_is_unsure_without_the_idle_remedies_keeps_them() -> None:
    """Without "b" and "c" one training of three is ruined."""
    ruined = (0.9, 0.9, 0.3)
    rows: dict[str, float | Seeds] = {
        "": 0.9,
        "a": 0.5,
        "b": 0.9,
        "c": 0.9,
        "ab": 0.5,
        "ac": 0.5,
        "bc": ruined,
        "abc": 0.4,
    }
    found = table(rows)
    assert effects(found)["a"] == 0.4
    assert found.best == frozenset()


def test_a_fault_that_was_hidden_behind_an_idle_remedy_is_tried() -> None:
    """ "b" mends what "a" is also about; only when "b" is found idle does "a" matter."""

    def edit(state: State) -> State | None:
        return state - {"a", "b"} if state & {"a", "b"} else None

    def run(state: State) -> list[np.ndarray]:
        easy = np.random.default_rng(5).permutation(N)
        value = 0.3 if "r" in state else 0.5 if "a" in state else 0.9
        return [easy < round(N * (value + d)) for d in (-0.01, 0.0, 0.01)]

    wide: Suspect[State] = Suspect("b", "b", edit)
    tried = [wide, *suspects("a", "r")]
    found = Design(run).decide(frozenset("abr"), tried)
    assert effects(found) == {"b": 0.0, "r": 0.6, "a": 0.4}
    assert found.best == frozenset("b")


def test_what_is_idle_beside_fewer_goes_too() -> None:
    """ "x" harms only beside the remedy of "f", which helps only beside that of "r": the training as it stands is sound."""
    rows: dict[str, float | Seeds] = {
        "": 0.9, "x": 0.4, "f": 0.5, "r": 0.9, "fx": 0.5, "rx": 0.4, "fr": 0.9, "frx": 0.9,
    }  # fmt: skip
    found = table(rows)
    assert abs(found.whole.mean) < 0.02
    assert effects(found) == {"f": 0.0, "r": 0.0, "x": 0.0}
    assert found.best == frozenset("fr")


def beside_an_idle_remedy(accuracy: float) -> dict[str, float | Seeds]:
    """ "r", a rate, is idle where the whole network trains, and its remedy ruins a lone head, "f": at the user's rate that head
    comes to `accuracy`. "s" hides both."""
    return {"": 0.9, "f": 0.5, "r": 0.9, "fr": accuracy, "s": 0.5, "fs": 0.5, "rs": 0.5, "frs": 0.5}


@pytest.mark.parametrize(
    ("accuracy", "gain", "best"), [(0.85, 0.05, "r"), (0.9, 0.0, "fr"), (0.95, -0.05, "fr")]
)
def test_an_idle_remedy_that_harms_without_another_condemns_nobody(
    accuracy: float, gain: float, best: str
) -> None:
    found = table(beside_an_idle_remedy(accuracy))
    assert effects(found)["f"] == gain
    assert effects(found)["r"] == 0.0
    assert effects(found)["s"] >= 0.4
    assert found.best == frozenset(best)


def test_of_remedies_that_stand_in_for_one_another_none_is_acquitted() -> None:
    rows: dict[str, float | Seeds] = {
        "": 0.9, "a": 0.4, "b": 0.9, "c": 0.9, "ab": 0.4, "ac": 0.4, "bc": 0.6, "abc": 0.4,
    }  # fmt: skip
    found = table(rows)
    assert effects(found) == {"a": 0.5, "b": 0.3, "c": 0.3}
    assert {p.suspect.code: tuple(s.code for s in p.others) for p in found.pairs}["b"] == ("a",)


def test_what_helps_is_tried_again_only_where_all_of_it_fits_the_time() -> None:
    """The innocent "f" costs 40 points beside the idle remedy of "r": with time for half of the answer nothing changes."""
    rows = beside_an_idle_remedy(0.9)
    short = table(rows, affords=lambda arms: frozenset("fr") not in arms)
    assert short.best == frozenset()
    assert {p.suspect.code: len(p.others) for p in short.pairs} == {"f": 2, "r": 2, "s": 2}
