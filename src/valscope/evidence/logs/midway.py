"""Lines within an epoch that repeat by the thousand: recognised by their template, not taken apart."""

from __future__ import annotations

import re
from dataclasses import dataclass

_PIECE = re.compile(r"[-+]?\d[\d.,]*(?:e[-+]?\d+)?|\bnan\b|\binf\b")
_ANY = r"[-+]?\s*(?:\d[\d.,]*(?:e[-+]?\d+)?|nan|inf)"


@dataclass(frozen=True, slots=True)
class Template:
    """The shape of one such line, with the places of its epoch and its step."""

    pattern: re.Pattern[str]
    number: int | None
    of: int

    def matches(self, text: str) -> bool:
        """Whether the line is another one of the same epoch that does not end it."""
        found = self.pattern.fullmatch(text)
        if found is None:
            return False
        same = self.number is None or int(found["number"]) == self.number
        return same and int(found["at"]) < self.of


def template(text: str, number: int | None, at: int, of: int) -> Template | None:
    """The template of a line in which `number`, `at` and `of` stand, or None where they are not plain."""
    out, end, wanted = [], 0, [*([("number", number)] if number is not None else []), ("at", at), ("of", of)]
    for piece in _PIECE.finditer(text):
        out.append(re.escape(text[end : piece.start()]).replace(r"\ ", " "))
        end = piece.end()
        if wanted and piece.group().isdigit() and int(piece.group()) == wanted[0][1]:
            name = wanted.pop(0)[0]
            out.append(piece.group() if name == "of" else rf"\s*(?P<{name}>\d+)")
        else:
            out.append(_ANY)
    out.append(re.escape(text[end:]))
    if wanted:
        return None
    return Template(re.compile(re.sub(" +", r"\\s+", "".join(out))), number, of)
