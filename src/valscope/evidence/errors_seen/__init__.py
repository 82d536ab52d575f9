"""Exceptions and warnings in a text, mapped to what they mean.

Wordings of Keras 3.15 on TensorFlow were produced once each and read off; older ones are those that users
report. The tables are `labels`, `inputs` and `feeding`; `shapes` tells mismatches apart; `stopped` takes what none knows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from valscope.evidence.errors_seen.feeding import FEEDING
from valscope.evidence.errors_seen.inputs import INPUTS
from valscope.evidence.errors_seen.known import Known
from valscope.evidence.errors_seen.labels import LABELS
from valscope.evidence.errors_seen.stopped import read_stopped
from valscope.evidence.text import Line, plain
from valscope.nouns.fact import Fact, Source
from valscope.nouns.post import SeenError, Segment

__all__ = ["read_errors", "read_stopped"]

# Messages longer than this many characters are dumps of an object.
_LONGEST_QUOTE = 600


def read_errors(
    segments: Sequence[Segment], file: str, beside: Sequence[Line] = ()
) -> Iterator[Fact[SeenError]]:
    """Every known error once, at its first place. `beside` are lines of logs that hold a warning."""
    texts = [*_texts(segments), *((line.number, line.text) for line in beside)]
    seen: set[SeenError] = set()
    found = [item for first, text in texts for item in _search(first, plain(text))]
    for line, quote, error in sorted(found, key=lambda item: item[0]):
        if error not in seen:
            seen.add(error)
            yield Fact(error, Source(file, line, quote))


def _texts(segments: Sequence[Segment]) -> list[tuple[int, str]]:
    """Text outside logs, code and summaries; neighbouring segments together, because a message may be wrapped."""
    out: list[tuple[int, str]] = []
    last = None
    for segment in segments:
        if segment.kind in ("log", "code", "summary"):
            continue
        if out and last is not None and segment.first == last + 1:
            out[-1] = (out[-1][0], f"{out[-1][1]}\n{segment.text}")
        else:
            out.append((segment.first, segment.text))
        last = segment.last
    return out


def _search(first: int, text: str) -> Iterator[tuple[int, str, SeenError]]:
    lowered = " ".join(text.lower().split())
    for known in (*LABELS, *INPUTS, *FEEDING):
        if known.hint not in lowered:
            continue
        for match in known.pattern.finditer(text):
            error = _explained(
                known, {k: " ".join(v.split()) for k, v in match.groupdict().items() if v is not None}
            )
            if error is not None:
                line = first + text.count("\n", 0, match.start())
                quote = " ".join(match.group().split())[:_LONGEST_QUOTE]
                yield line, quote, error


def _explained(known: Known, groups: dict[str, str]) -> SeenError | None:
    if known.explain is not None:
        return known.explain(groups)
    return SeenError(
        known.code, known.explanation.format(**groups), known.remedy.format(**groups), tuple(groups.items())
    )
