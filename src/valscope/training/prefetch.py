"""Reading the next batches on another thread while the network works on this one."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")

DEPTH = 4  # batches read ahead: enough to hide a slow file, little enough to bound memory


def ahead(items: Iterable[A], read: Callable[[A], B], depth: int = DEPTH) -> Iterator[tuple[A, B]]:
    """Each item with `read(item)`, computed up to `depth` items ahead on one thread.

    An exception in `read` is raised here, at its item. Leaving the iterator early ends the thread.
    """
    done: queue.Queue[tuple[A, B] | BaseException | None] = queue.Queue(maxsize=depth)
    left = threading.Event()

    def put(thing: tuple[A, B] | BaseException | None) -> bool:
        while not left.is_set():
            try:
                done.put(thing, timeout=0.1)
            except queue.Full:
                continue
            return True
        return False

    def work() -> None:
        try:
            for item in items:
                if not put((item, read(item))):
                    return
            put(None)
        except BaseException as error:
            put(error)

    thread = threading.Thread(target=work, daemon=True, name="valscope-read-ahead")
    thread.start()
    try:
        while (thing := done.get()) is not None:
            if isinstance(thing, BaseException):
                raise thing
            yield thing
    finally:
        left.set()
        thread.join()
