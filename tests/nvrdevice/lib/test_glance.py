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
    look.done(look.begin())
    assert not look.counts()


@pytest.mark.usefixtures("shared")
def test_a_look_counts_for_a_moment_once_it_is_done() -> None:
    look, other = Glance(), Glance()
    begun = look.begin()
    assert not look.counts()
    look.done(begun)
    assert (look.counts(), other.counts()) == (True, False)


@pytest.mark.usefixtures("shared")
def test_a_look_that_is_forgotten_does_not_count() -> None:
    look = Glance()
    look.done(look.begin())
    look.forget()
    assert not look.counts()


@pytest.mark.usefixtures("shared")
def test_a_change_in_the_middle_of_a_look_takes_it_away() -> None:
    look = Glance()
    begun = look.begin()
    look.forget()
    look.done(begun)
    assert not look.counts()
