import threading
import time

import pytest

from valscope.data.reading.parallel import Threads, cores
from valscope.errors import DataError


def test_results_come_in_order_and_data_errors_in_their_place():
    def work(thing):
        time.sleep(0.002 * (thing % 3))
        if thing % 10 == 4:
            raise DataError(f"{thing} is bad.")
        return thing * 2

    for count in (1, 3):
        got = list(Threads(count).each(list(range(60)), work))
        assert [thing for thing, _ in got] == list(range(60))
        for thing, result in got:
            assert str(result) == f"{thing} is bad." if thing % 10 == 4 else result == thing * 2


def test_few_results_wait_while_nobody_takes_them():
    done = []
    threads = Threads(2, result_bytes=2**20)
    results = threads.each(list(range(100)), done.append)
    next(results)
    time.sleep(0.05)
    assert len(done) <= 2 * 2 + 2
    assert len(list(results)) == 99


def test_other_errors_are_not_swallowed_and_what_waits_is_dropped():
    done = []

    def work(thing):
        done.append(thing)
        raise RuntimeError("a fault of the program")

    with pytest.raises(RuntimeError):
        list(Threads(2, result_bytes=2**20).each(list(range(1000)), work))
    time.sleep(0.05)
    assert len(done) < 20


def test_several_threads_are_used():
    names = set()
    list(
        Threads(3, 2**20).each(
            list(range(60)), lambda thing: (time.sleep(0.002), names.add(threading.get_ident()))
        )
    )
    assert len(names) > 1
    assert 1 <= cores() <= 16
