"""Decision, class names and inference mode in the user's code."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from valscope.report.patch.asked import Asked, equal
from valscope.report.patch.calls import Call, Token
from valscope.report.patch.edit import Edit
from valscope.report.patch.values import is_plain, set_value, source_of


def decision(asked: Asked) -> list[Edit]:
    """`score == 1` becomes `score > 0.5`, a fraction cut off a comparison, argmin argmax."""
    if asked.after == "argmax" and asked.before == "argmin":
        return _renamed(asked)
    if asked.after != "threshold":
        return []
    value = asked.changes.get("decision.value", "0.5")
    limit = value if equal(value, value) else "0.5"
    return {"equals": _equality, "truncated": _truncated, "argmax": _argmax}.get(asked.before, _nothing)(
        asked, limit
    )


def _nothing(asked: Asked, limit: str) -> list[Edit]:
    return []


def _equality(asked: Asked, limit: str) -> list[Edit]:
    """Only `== 1`: what `== 0` meant is not certain."""
    tokens = asked.statement.tokens
    found = [
        (sign, number) for sign, number in pairwise(tokens)
        if sign.text == "==" and number.kind == "number" and equal(number.text, "1")
    ]  # fmt: skip
    return [Edit(found[0][0].start, found[0][1].end, f"> {limit}")] if len(found) == 1 else []


def _truncated(asked: Asked, limit: str) -> list[Edit]:
    """`int(score)` and `scores.astype(int)`."""
    for call in asked.calls:
        if call.name == "int" and len(call.positional) == 1:
            end = call.positional[0].end
            return [Edit(end, end, f" > {limit}")]
        receiver = call.name.removesuffix(".astype")
        if call.last == "astype" and receiver != call.name and receiver.replace(".", "").isidentifier():
            return [Edit(call.start, call.start + len(receiver), f"({receiver} > {limit})")]
    return []


def _argmax(asked: Asked, limit: str) -> list[Edit]:
    """argmax over a single output is always 0; the score is compared instead."""
    for call in asked.calls:
        axis = call.argument("axis")
        over = axis is not None and source_of(asked.code, axis.tokens) in ("1", "-1")
        if (
            call.last == "argmax"
            and over
            and len(call.positional) == 1
            and is_plain(call.positional[0].tokens)
        ):
            scores = source_of(asked.code, call.positional[0].tokens)
            return [Edit(call.start, call.closes + 1, f"({scores}[:, 0] > {limit}).astype(int)")]
    return []


def _renamed(asked: Asked) -> list[Edit]:
    found: list[Call] = [c for c in asked.calls if c.last == "argmin"]
    if len(found) != 1:
        return []
    return [Edit(found[0].opens - len("argmin"), found[0].opens, "argmax")]


def order(asked: Asked) -> list[Edit]:
    """The names of a written list change places, so that each stands at the number that training gave its class."""
    before, after = _numbers(asked.before), _numbers(asked.after)
    n = len(before or after or ())
    names = _listed(asked.statement.tokens, n)
    held, wanted = before or tuple(range(n)), after or tuple(range(n))
    if not n or not names or sorted(held) != sorted(wanted) or len(set(held)) < n:
        return []
    texts = {number: name.text for number, name in zip(held, names, strict=True)}
    return [
        Edit(name.start, name.end, texts[number])
        for name, number in zip(names, wanted, strict=True)
        if name.text != texts[number]
    ]


def _numbers(text: str) -> tuple[int, ...]:
    """ "1, 0, 2" as numbers; () for anything else."""
    parts = [part.strip() for part in text.split(",")]
    return tuple(map(int, parts)) if all(part.isdecimal() for part in parts) else ()


def _listed(tokens: Sequence[Token], n: int) -> list[Token]:
    """The n texts of the only list or tuple of texts on a line; [] where there is another text or none."""
    texts = [i for i, token in enumerate(tokens) if token.kind == "string"]
    apart = all(b - a == 2 and tokens[a + 1].text == "," for a, b in pairwise(texts))
    inside = len(texts) == n > 1 and apart and texts[0] > 0 and tokens[texts[0] - 1].text in ("[", "(")
    return [tokens[i] for i in texts] if inside else []


def mode(asked: Asked) -> list[Edit]:
    """`training=True` becomes False, and so does the learning phase."""
    if asked.after not in ("moving", "inference"):
        return []
    argument = asked.keyword("training")
    if argument is not None:
        return [set_value(asked.code, argument, "False")]
    for call in asked.calls:
        if call.last == "set_learning_phase" and call.positional:
            return [set_value(asked.code, call.positional[0], "0")]
    return []
