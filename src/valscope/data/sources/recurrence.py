"""Noticing that a stream of unknown length goes round: its beginning comes again."""

from __future__ import annotations

import hashlib
from collections import deque
from typing import Any

import numpy as np
from numpy.typing import NDArray

# A beginning is recognised by this many items, of which so many differ. With fewer, a picture that simply occurs
# twice could be taken for a new round.
ITEMS = 8
DIFFERENT = 4


class Recurrence:
    """Remembers how a stream began, by hashes."""

    def __init__(self) -> None:
        self._head: list[bytes] = []
        self._last: deque[bytes] = deque()
        self._items = 0
        self._different: set[bytes] = set()
        self._complete = False

    @property
    def length(self) -> int:
        """Elements in the remembered beginning."""
        return len(self._head)

    def comes_again(self, items: NDArray[Any], labels: NDArray[Any]) -> bool:
        """Take the next element (a batch, or one item); whether the last ones are the first ones again."""
        digests = [_digest(item, label) for item, label in zip(items, labels)]
        element = hashlib.sha256(b"".join(digests)).digest()
        if self._complete:
            self._last.append(element)
            return list(self._last) == self._head
        self._head.append(element)
        self._items += len(digests)
        self._different.update(digests)
        self._complete = self._items >= ITEMS and len(self._different) >= DIFFERENT
        self._last = deque(maxlen=len(self._head))
        return False


def _digest(item: NDArray[Any], label: Any) -> bytes:
    return hashlib.sha256(np.asarray(item).tobytes() + repr(np.asarray(label).tolist()).encode()).digest()
