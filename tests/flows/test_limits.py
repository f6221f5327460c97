"""What a document may take of time and memory, in whatever thread it is read."""

import resource
import threading

from flows.limits import MEMORY, TooSlowError, memory_limit, time_limit


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
