"""The memory of accepted tokens: bounded, and safe where it forgets."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from nvrdevice.accounts.nonces import NonceMemory


def key(number: int) -> bytes:
    return number.to_bytes(20, "big")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "nonces.txt"


def remember(memory: NonceMemory, number: int, *, user: int = 1, at: float = 1000.0) -> bool:
    return memory.remember(key(number), user_id=user, created=at, expires=at + 100, now=at)


def test_what_expired_is_forgotten(file: Path) -> None:
    memory = NonceMemory(file, now=0)
    remember(memory, 1)
    assert memory.remember(key(2), user_id=1, created=2000, expires=2100, now=2000)
    assert len(memory) == 1


def test_memory_is_bounded_and_refuses_what_it_had_to_forget(file: Path) -> None:
    memory = NonceMemory(file, now=0, kept=3)
    assert [remember(memory, n, at=1000 + n) for n in range(5)] == [True] * 5
    assert len(memory) == 3
    assert [remember(memory, n, at=1000 + n) for n in range(5)] == [False] * 5


def test_a_busy_user_pushes_out_nobody_else(file: Path) -> None:
    memory = NonceMemory(file, now=0, kept=3)
    remember(memory, 100, user=2)
    for number in range(10):
        remember(memory, number, at=1001 + number)
    assert remember(memory, 100, user=2) is False
    assert remember(memory, 101, user=2, at=1000.5) is True


def test_the_file_is_read_at_start(file: Path) -> None:
    remember(NonceMemory(file, now=0), 1)
    again = NonceMemory(file, now=1000)
    assert remember(again, 1) is False
    assert len(NonceMemory(file, now=1101)) == 0


def test_half_a_line_and_rubbish_are_no_obstacle(file: Path) -> None:
    remember(NonceMemory(file, now=0), 1)
    file.write_bytes(b"\xff\xfe\n1 2\n9e99 x y z\n" + file.read_bytes() + b"1100 1 10")
    assert remember(NonceMemory(file, now=1000), 1) is False


def test_half_a_line_takes_nothing_with_it(file: Path) -> None:
    file.write_bytes(b"1100 1 10")
    remember(NonceMemory(file, now=0), 1)
    assert remember(NonceMemory(file, now=1000), 1) is False


def test_requests_read_together_share_a_write(file: Path) -> None:
    soon: list[Callable[[], None]] = []
    memory = NonceMemory(file, now=0)
    memory.gather(soon.append)
    assert [remember(memory, number) for number in (1, 2, 2)] == [True, True, False]
    assert (len(soon), file.exists()) == (1, False)
    soon[0]()
    again = NonceMemory(file, now=1000)
    assert [remember(again, number) for number in (1, 2, 3)] == [False, False, True]


def test_another_thread_does_not_wait_for_the_one_that_gathers(file: Path) -> None:
    soon: list[Callable[[], None]] = []
    memory = NonceMemory(file, now=0)
    memory.gather(soon.append)
    thread = threading.Thread(target=remember, args=(memory, 1))
    thread.start()
    thread.join()
    assert soon == []
    assert remember(NonceMemory(file, now=1000), 1) is False


def test_closing_writes_what_was_gathered(file: Path) -> None:
    memory = NonceMemory(file, now=0)
    memory.gather(lambda function: None)
    remember(memory, 1)
    memory.close()
    assert remember(NonceMemory(file, now=1000), 1) is False


def test_the_files_stay_bounded_and_hold_all_that_memory_holds(file: Path) -> None:
    memory = NonceMemory(file, now=0, kept=10)
    for number in range(95):
        remember(memory, number, at=1000 + number / 100)
    lines = [path.read_bytes().count(b"\n") for path in file.parent.glob("nonces*")]
    assert sum(lines) <= 20
    again = NonceMemory(file, now=1001, kept=10)
    assert [remember(again, n, at=1000 + n / 100) for n in range(85, 95)] == [False] * 10


def test_a_folder_that_cannot_be_written_stops_nobody(tmp_path: Path) -> None:
    memory = NonceMemory(tmp_path / "missing" / "nonces.txt", now=0)
    assert remember(memory, 1) is True
    assert remember(memory, 1) is False
    assert remember(memory, 2) is True


def test_only_the_owner_may_read_the_file(file: Path) -> None:
    remember(NonceMemory(file, now=0), 1)
    assert file.stat().st_mode & 0o777 == 0o600
