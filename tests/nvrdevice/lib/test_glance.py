import pytest

from nvrdevice.lib import glance
from nvrdevice.lib.glance import Glance

HOUR_S = 3600.0


@pytest.fixture
def shared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(glance, "_moment_ns", 0)
    glance.share_for(HOUR_S)


def test_every_look_is_taken_where_nobody_asked_to_share() -> None:
    look = Glance()
    look.taken()
    assert not look.counts()


@pytest.mark.usefixtures("shared")
def test_a_look_counts_for_a_moment_from_when_it_was_taken() -> None:
    look, other = Glance(), Glance()
    assert not look.counts()
    look.taken()
    assert (look.counts(), other.counts()) == (True, False)


@pytest.mark.usefixtures("shared")
def test_a_look_that_is_forgotten_does_not_count() -> None:
    look = Glance()
    look.taken()
    look.forget()
    assert not look.counts()
