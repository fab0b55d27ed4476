"""Reports are written in order, aside, and a failing one is tried again."""

import threading

from nvrdevice.media.engine.reporter import TRIES, Reporter


def written(*reports: str, failures: int = 0) -> list[str]:
    found: list[str] = []
    left = failures

    def write(report: str) -> None:
        nonlocal left
        if report == "bad" and left:
            left -= 1
            raise OSError("the database is locked")
        found.append(report)

    reporter = Reporter(retry_s=0.0)
    for report in reports:
        reporter.tell(lambda report=report: write(report))  # type: ignore[misc]
    reporter.start()
    done = threading.Event()
    reporter.tell(done.set)
    done.wait(10)
    reporter.stop(timeout_s=5)
    return found


def test_order_is_kept() -> None:
    assert written("lost", "back") == ["lost", "back"]


def test_a_failing_one_is_tried_again() -> None:
    assert written("bad", "next", failures=1) == ["bad", "next"]


def test_one_that_never_works_does_not_hold_up_the_rest() -> None:
    assert written("bad", "next", failures=TRIES) == ["next"]
