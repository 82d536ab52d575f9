"""Work on many files in a few threads, in order, holding few results."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from valscope.errors import DataError

T = TypeVar("T")
# Files given to a thread at once, where they are small: handing over costs some 50 microseconds, a thumbnail 400.
GROUP = 8
# Results of a group are held in memory together; this much is nothing beside decoding.
GROUP_BYTES = 2**20
# More threads than this decode no faster, because Python itself runs in one at a time, but take memory.
MOST = 16


def cores() -> int:
    """Cores that this process may use, 16 at most."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(MOST, allowed)


class Threads:
    """A few threads, started at the first use. Pillow and hashlib let them run at once.

    result_bytes  roughly what one result takes.
    """

    def __init__(self, count: int | None = None, result_bytes: int = 0) -> None:
        self.count = count or cores()
        self._group = max(1, min(GROUP, GROUP_BYTES // max(1, result_bytes)))
        self._pool: ThreadPoolExecutor | None = None

    def each(self, things: list[int], work: Callable[[int], T]) -> Iterator[tuple[int, T | DataError]]:
        """(thing, result, or the DataError it raised) in order."""
        size = max(1, min(self._group, len(things) // (4 * self.count)))
        groups = [things[start : start + size] for start in range(0, len(things), size)]
        if len(groups) < 2:
            yield from _outcomes(work, things)
            return
        self._pool = self._pool or ThreadPoolExecutor(self.count, thread_name_prefix="valscope-decode")
        ahead: deque[Future[list[tuple[int, T | DataError]]]] = deque()
        try:
            for group in groups:
                ahead.append(self._pool.submit(_outcomes, work, group))
                if len(ahead) > 2 * self.count:
                    yield from ahead.popleft().result()
            while ahead:
                yield from ahead.popleft().result()
        finally:
            for future in ahead:
                future.cancel()


def _outcomes(work: Callable[[int], T], things: list[int]) -> list[tuple[int, T | DataError]]:
    return [(thing, _outcome(work, thing)) for thing in things]


def _outcome(work: Callable[[int], T], thing: int) -> T | DataError:
    try:
        return work(thing)
    except DataError as error:
        return error
