"""What a document may take of time and memory, in whatever thread it is read."""

import resource
import threading
from pathlib import Path

import pytest

from flows.limits import MEMORY, TooSlowError, memory_limit, memory_limited, time_limit


def test_a_document_read_in_another_thread_is_stopped_too() -> None:
    stopped: list[str] = []

    def loop() -> None:
        try:
            with time_limit(0.2):
                while True:
                    pass
        except TooSlowError:
            stopped.append("in time")

    thread = threading.Thread(target=loop, daemon=True)
    thread.start()
    thread.join(60)
    assert stopped == ["in time"]


def test_documents_in_two_threads_take_turns_and_leave_no_limit_behind() -> None:
    before, order = resource.getrlimit(resource.RLIMIT_DATA), []
    first_is_in, first_may_go = threading.Event(), threading.Event()

    def first() -> None:
        with memory_limit(MEMORY):
            first_is_in.set()
            first_may_go.wait(60)
            order.append("first")

    def second() -> None:
        first_is_in.wait(60)
        with memory_limit(MEMORY):
            order.append("second")

    threads = [threading.Thread(target=one, daemon=True) for one in (first, second)]
    for thread in threads:
        thread.start()
    threads[1].join(0.3)  # in which it would be in, if it did not wait
    first_may_go.set()
    for thread in threads:
        thread.join(60)
    assert order == ["first", "second"]
    assert resource.getrlimit(resource.RLIMIT_DATA) == before


def test_what_is_kept_of_the_items_of_an_iterator_is_not_counted() -> None:
    held = [bytes([item % 255 + 1]) * 2**15 for item in memory_limited(iter(range(4_500)), 2**25)]
    assert len(held) == 4_500


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is limited on Linux only")
def test_the_items_before_one_that_takes_all_memory_are_yielded() -> None:
    items = (bytearray(2**28) if number == 1_500 else number for number in range(3_000))
    yielded: list[object] = []
    with pytest.raises(MemoryError):
        yielded.extend(memory_limited(items, 2**25))
    assert yielded == list(range(1_500))
    assert bytearray(2**28)
