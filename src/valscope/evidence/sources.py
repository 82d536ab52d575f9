"""Files whose text is wrapped: which of them is a notebook, a web page, or a script."""

from __future__ import annotations

import re
from typing import BinaryIO, Literal

Kind = Literal["notebook", "page", "script", "text"]
HEAD = 1 << 16
_NOTEBOOK = re.compile(rb'^\s*\{.*"(?:cell_type|nbformat|worksheets)"', re.DOTALL)
_PAGE = re.compile(rb"<!doctype html|<html[\s>]|<body[\s>]|<head>", re.IGNORECASE)


class Again:
    """A stream whose beginning was read already."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head, self._rest = head, rest

    def read(self, size: int = -1, /) -> bytes:
        """Up to `size` bytes, fewer only at the end; all that is left for -1."""
        head, self._head = self._head, b""
        if size < 0:
            return head + self._rest.read()
        if len(head) > size:
            self._head = head[size:]
            return head[:size]
        return head + self._rest.read(size - len(head))


def kind_of(head: bytes, name: str) -> Kind:
    """What a file is, by its first bytes, and a script by its name: a script has no mark of its own."""
    plain = head.replace(b"\x00", b"")  # UTF-16 as well
    if _NOTEBOOK.match(plain):
        return "notebook"
    if _PAGE.search(plain[:2048]):
        return "page"
    return "script" if name.lower().endswith((".py", ".pyw")) else "text"
