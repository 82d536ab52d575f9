"""Bytes of any origin to numbered lines of text."""

from __future__ import annotations

from typing import NamedTuple


class Line(NamedTuple):
    """One line of text. `number` is 1-based in the file as it was given."""

    number: int
    text: str
