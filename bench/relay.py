"""Contenders that take turns inside one process, so that each stretch has its rival's beside it in time.

On a shared machine the speed changes from one ten seconds to the next; two trainings timed one after the
other then compare two moments and not two programs. Here each runs on its own thread, but only one at a time:
after each epoch it hands over and sleeps until its turn comes again.
"""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Callable, Mapping

from bench.measure import Clock


class Turn:
    """One contender's place in the relay; `done(next)` ends a stretch and waits for the next turn."""

    def __init__(self, name: str, clock: Clock, hand_over: Callable[[str], None]) -> None:
        self.name, self.clock, self._hand_over = name, clock, hand_over
        self.may_run = threading.Semaphore(0)

    def done(self, following: str) -> None:
        """End the running stretch, let the others have a turn, then start the stretch `following`."""
        self.clock.stop()
        self._hand_over(self.name)
        self.may_run.acquire()
        self.clock.start(following)


Contender = Callable[[Turn], None]


def relay(contenders: Mapping[str, Contender], backwards: bool = False) -> dict[str, Clock]:
    """Run all to their ends, turn by turn in the order given, and return their clocks."""
    names = list(contenders)[::-1] if backwards else list(contenders)
    running = list(names)
    troubles: list[BaseException] = []

    def hand_over(name: str) -> None:
        at = names.index(name)
        for other in names[at + 1 :] + names[: at + 1]:
            if other in running:
                turns[other].may_run.release()
                return

    turns = {name: Turn(name, Clock(), hand_over) for name in names}

    def leg(name: str) -> None:
        turns[name].may_run.acquire()
        try:
            contenders[name](turns[name])
        except BaseException as trouble:
            troubles.append(trouble)
        finally:
            turns[name].clock.stop()
            running.remove(name)
            hand_over(name)

    threads = [threading.Thread(target=leg, args=(name,), name=name) for name in names]
    for thread in threads:
        thread.start()
    turns[names[0]].may_run.release()
    for thread in threads:
        thread.join()
    if troubles:
        raise troubles[0]
    gc.collect()
    for name, turn in turns.items():
        print(f"  {name}: {turn.clock.told()}", file=sys.stderr, flush=True)
    return {name: turns[name].clock for name in contenders}
