"""From changed settings to a unified diff of the user's code."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from valscope.nouns.fact import Source
from valscope.nouns.trial import Change
from valscope.report.patch import deciding, feeding, objective, pixels
from valscope.report.patch import optimiser as rates
from valscope.report.patch.asked import Asked
from valscope.report.patch.code import Code, code
from valscope.report.patch.edit import Edit, apart, apply, still_valid
from valscope.report.patch.hints import hint
from valscope.report.patch.layers import layer_setting
from valscope.report.patch.values import line_before
from valscope.words.change import plain_name, told_once

Said = Sequence[tuple[str, Source]]
Editor = Callable[[Asked], list[Edit]]
number = rates.keyword_number

EDITORS: Mapping[str, Editor] = {
    "optimiser.rate": rates.rate, "optimiser.name": rates.optimiser, "optimiser.momentum": number("momentum"),
    "optimiser.weight_decay": number("weight_decay"), "optimiser.clip_norm": number("clipnorm"),
    "label_smoothing": number("label_smoothing"), "loss": objective.loss, "model.activation": objective.activation,
    "model.dropout": number("rate"), "class_weights": objective.class_weights, "restore_best": objective.restore_best,
    "model.batchnorm": deciding.mode, "split.kind": feeding.split, "split.val": number("validation_split", "test_size"),
    "feed.order": feeding.order, "feed.buffer": feeding.buffer, "feed.batch": number("batch_size"),
    "feed.steps": number("steps_per_epoch"), "feed.val_steps": number("validation_steps"),
    "preparation.scale": pixels.scale, "preparation.order": pixels.channels, "decision.rule": deciding.decision,
    "mode": deciding.mode, "aligned": feeding.aligned, "order": deciding.order,
}  # fmt: skip
PATTERNS: Sequence[tuple[str, Editor]] = (
    (r"stages\.\d+\.epochs", number("epochs", "nb_epoch")),
    (r"stages\.\d+\.trains", objective.trains),
    (r"stages\.\d+\.patience", number("patience")),
)
# Settings of these parts stand together: the line of one is where the others are mended.
TOGETHER = ("split", "decision")
SILENT = "model.config"  # an architecture and its layers, whose lines are not known
WORDS = {"none": "None", "yes": "True", "no": "False"}


def suggest_patch(sources: Mapping[str, str], changes: Sequence[Change], said: Said) -> str:
    """A unified diff of the user's own code, "" where no line is known.

    sources  text by file, lines numbered as in `said`.
    changes  settings with their values before and after, as a trial has them.
    said     where each setting stands.

    A literal is edited where the edit is certain and leaves code that still parses; elsewhere a comment above the
    line says what to do. Nothing is run or written.
    """
    return "".join(_diff(file, text, _patched(text, changes, said, file)) for file, text in sources.items())


def _patched(text: str, changes: Sequence[Change], said: Said, file: str) -> str:
    script = code(text)
    kept: list[Edit] = []
    for edits in _edits(script, told_once(changes), said, file):
        new = [e for e in edits if e not in kept]
        if apart(new, kept) and still_valid(text, apply(text, [*kept, *new])):
            kept += new
    return apply(text, kept)


def _edits(script: Code, changes: Sequence[Change], said: Said, file: str) -> Iterator[list[Edit]]:
    """One group of edits for each setting and line, or the comment in their place."""
    after = {plain_name(c.setting): c.after for c in changes}
    settled: set[str] = set()
    for change in changes:
        name = plain_name(change.setting)
        part = name.split(".")[0]
        found = [s for line in _lines(name, script, said, file) if (s := script.statement(line)) is not None]
        tried = [
            _edit(name, Asked(script, s, _plain(change.before), _plain(change.after), after)) for s in found
        ]
        certain = [e for e in tried if e and still_valid(script.text, apply(script.text, e))]
        if certain:
            settled.add(part)
            yield from certain
        elif found and not name.startswith(SILENT) and not (part in TOGETHER and part in settled):
            comment = line_before(script, found[0], f"# suggestion: {hint(change)}")
            yield [comment] if comment is not None else []


def _plain(value: str) -> str:
    """A value as Python writes it; "none" is also the name of a scale, which its editor knows."""
    return WORDS.get(value, value)


def _edit(name: str, asked: Asked) -> list[Edit]:
    if name.startswith("augmentation."):
        return feeding.augment(name, asked)
    if name.startswith("model.config."):
        return layer_setting(name, asked)
    editor = EDITORS.get(name) or next((e for p, e in PATTERNS if re.fullmatch(p, name)), None)
    return editor(asked) if editor is not None else []


def _lines(name: str, script: Code, said: Said, file: str) -> list[int]:
    """Where a setting stands in a file: its own line, else that of the part it belongs to."""
    here = [(plain_name(field), source) for field, source in said if source.file == file]
    exact = [s for field, s in here if field == name]
    exact = exact or [s for field, s in here if field == re.sub(r"\.\d+\.", ".", name)]
    part = name.split(".")[0]
    wider = [s for field, s in here if field == part or (part in TOGETHER and field.startswith(f"{part}."))]
    places = [_line(script, source) for source in exact or wider]
    return list(dict.fromkeys(line for line in places if line is not None))


def _line(script: Code, source: Source) -> int | None:
    """The line of a source, where the text there is what was quoted; else the only line with that quote."""
    lines, quote = script.text.split("\n"), source.quote.strip().rstrip(".").rstrip()
    if source.line is not None and 1 <= source.line <= len(lines) and quote in lines[source.line - 1]:
        return source.line
    if source.line is not None and _logical(script, source.line, quote):
        return source.line
    found = [i for i, text in enumerate(lines, 1) if len(quote) > 5 and quote in text]
    return found[0] if len(found) == 1 else None


def _logical(script: Code, line: int, quote: str) -> bool:
    """Whether a quote is that of a call over several lines, its blanks and breaks aside."""
    statement = script.statement(line)
    if statement is None:
        return False
    written = "".join(script.text[statement.start : statement.end].split())
    return "".join(quote.split()) in written


def _diff(file: str, before: str, after: str) -> str:
    name = file.lstrip("/")
    found = difflib.unified_diff(_kept(before), _kept(after), f"a/{name}", f"b/{name}", n=2)
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in found
    )


def _kept(text: str) -> list[str]:
    """Lines with their ends; only \\n ends one, as in `patch`."""
    *lines, last = text.split("\n")
    return [*(f"{line}\n" for line in lines), *([last] if last else [])]
