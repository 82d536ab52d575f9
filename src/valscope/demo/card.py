"""What a rule says of itself: its docstring, what it needs, whether the lab can try it, and its example."""

from __future__ import annotations

import difflib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from valscope.nouns.finding import Acquittal, Finding
from valscope.nouns.trial import Change

HEADINGS = ("What it does", "Why it matters", "Instead", "Cannot tell")
# Facts of a case in the words of those who have the files.
GIVEN = {
    "runs": "log", "scripts": "code", "data": "images or arrays", "networks": "code or model", "saved": "model",
    "summaries": "summary", "errors": "error text", "training": "training", "serving": "model, code and images",
    "stated_validation": "numbers of images", "batch": "code", "grey": "images or words", "recounts": "words",
    "training_code": "training code", "prediction_code": "prediction code", "ways": "code",
    "compared_ways": "code of training and of use", "whole_ways": "code and network", "decisions": "prediction code",
    "scorings": "code that scores", "torch_loops": "code", "written_orders": "code", "class_numbers": "images or words",
    "trained_scores": "words", "quoted_scores": "words", "printed_shares": "words", "counts": "numbers of images",
}  # fmt: skip
TRIED = (("remedy", "training"), ("mend", "use"), ("measure", "experiment"))
SHOWN = 16  # lines of an example


@dataclass(frozen=True, slots=True)
class Card:
    """One rule.

    sentence  the first of its docstring;  sections  heading and text of the others, in order.
    needs     what must be given, in words;  tried  how the lab tries it: by "training", "use" or "experiment";
              empty where only reading decides.
    """

    code: str
    name: str
    sentence: str
    sections: tuple[tuple[str, str], ...]
    needs: tuple[str, ...]
    tried: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """What the rule says of its own sick world.

    ill, sound    what is wrong in it, and what the nearest healthy world has instead.
    file, lines   how the sick file differs from that of the nearest healthy world, as a unified diff.
    changes       the same for the recipes of worlds that are trained.
    claim, remedy, next_step   of the finding; `edits` is the remedy as the lab tries it.
    """

    ill: str
    sound: str
    file: str
    lines: tuple[str, ...]
    changes: tuple[Change, ...]
    claim: str
    remedy: str
    next_step: str
    edits: tuple[Change, ...]


def card(rule: ModuleType) -> Card:
    """The card of a rule."""
    text = rule.__doc__ or ""
    needs = dict.fromkeys(GIVEN.get(need, need.replace("_", " ")) for need in rule.NEEDS)
    return Card(
        str(rule.CODE), str(rule.NAME), text.strip().splitlines()[0], tuple(_sections(text)), tuple(needs),
        tuple(word for name, word in TRIED if hasattr(rule, name)),
    )  # fmt: skip


def example(rule: ModuleType) -> Example:
    """The rule's own sick world, judged by the rule alone; trained first where it has a training."""
    from valscope.case import open_case
    from valscope.lab.changes import changes_between
    from valscope.worlds import write

    sick, healthy = rule.sick(), rule.healthy()
    with tempfile.TemporaryDirectory(prefix="valscope-example-") as folder:
        paths = [str(p) for p in write(sick, folder)]
        told = [o for o in rule.check(open_case(paths)) if isinstance(o, Finding | Acquittal)]
        said = tuple(o.claim.replace(f"{Path(folder)}/", "") for o in told)
    first = next((o for o in told if isinstance(o, Finding)), None)
    mended = rule.remedy(sick.recipe) if sick.recipe is not None and hasattr(rule, "remedy") else None
    file, lines = _differing(sick.files, healthy.files)
    both = sick.recipe is not None and healthy.recipe is not None
    changes = changes_between(healthy.recipe, sick.recipe) if both else ()
    edits = changes_between(sick.recipe, mended) if mended is not None else ()
    return Example(
        _first(rule.sick), _first(rule.healthy), file, lines, changes, said[0] if said else "",
        first.remedy if first else "", first.next_step if first else "", edits,
    )  # fmt: skip


def _first(make: object) -> str:
    return (make.__doc__ or "").strip().partition("\n")[0]


def _sections(text: str) -> Iterator[tuple[str, str]]:
    places = sorted((at, h) for h in HEADINGS if (at := text.find(f"\n{h}:")) >= 0)
    for (at, heading), (end, _) in zip(places, [*places[1:], (len(text), "")]):
        yield heading, " ".join(text[at + len(heading) + 2 : end].split())


def _differing(sick: object, healthy: object) -> tuple[str, tuple[str, ...]]:
    """The first file that differs, as the lines of a diff from healthy to sick."""
    ill, well = dict(sick), dict(healthy)  # type: ignore[call-overload]
    for name, text in ill.items():
        other = well.get(name, "")
        if isinstance(text, str) and isinstance(other, str) and text != other:
            lines = difflib.unified_diff(other.splitlines(), text.splitlines(), n=2, lineterm="")
            kept = [line for line in lines if not line.startswith(("---", "+++", "@@"))]
            return name, tuple(kept[:SHOWN])
    return "", ()
