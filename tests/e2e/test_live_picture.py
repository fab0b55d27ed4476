"""The live picture of a whole device: in Chromium, after a crash, and to those who may not."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.live_picture import USERNAME, LivePicture, manage, watching
from tests.e2e.page_socket import PageSocket
from tests.e2e.running_device import RunningDevice
from tests.e2e.test_supervision import child

pytestmark = pytest.mark.e2e

LIVE = "/ws/live/profile1/"
SOON_S = 10.0


@pytest.fixture(scope="module")
def own_device(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDevice]:
    folder: Path = tmp_path_factory.mktemp("live")
    with RunningDevice(folder, "test:") as running:
        yield running.wait_until_it_shows()


@pytest.fixture(scope="module")
def picture(own_device: RunningDevice) -> Iterator[LivePicture]:
    with watching(own_device) as found:
        yield found


def test_the_stream_is_painted_as_it_is_taken(picture: LivePicture) -> None:
    picture.first_picture_s()
    latencies = picture.latencies_ms(50)
    assert min(latencies) > 0  # nothing is painted before it was taken
    assert picture.state.split() == ["●", "Live"]


def test_it_is_back_by_itself_after_the_media_process_was_killed(
    picture: LivePicture, own_device: RunningDevice
) -> None:
    picture.first_picture_s()
    picture.page.evaluate("() => { window.same = true; }")
    child(own_device, "runmedia").kill()
    time.sleep(0.5)  # what was on its way is painted by then
    picture.wait_until_it_moves()
    assert picture.page.evaluate("() => window.same") is True


def test_it_is_back_by_itself_after_the_web_process_was_killed(
    picture: LivePicture, own_device: RunningDevice
) -> None:
    picture.first_picture_s()
    child(own_device, "runweb").kill()
    picture.page.evaluate("() => { window.same = true; }")
    time.sleep(0.5)
    picture.wait_until_it_moves()
    assert picture.page.evaluate("() => window.same") is True
    own_device.wait_until_ready()


def test_a_page_from_elsewhere_is_refused(picture: LivePicture, own_device: RunningDevice) -> None:
    with pytest.raises(ConnectionError, match="403"):
        PageSocket(own_device.http_port, picture.cookies(), LIVE, origin="http://evil.example")


def test_a_stranger_is_refused(own_device: RunningDevice) -> None:
    with pytest.raises(ConnectionError, match="403"):
        PageSocket(own_device.http_port, "nvrdevice_session=guessed", LIVE)


def test_who_takes_nothing_for_a_while_goes_on_with_a_key_picture(
    picture: LivePicture, own_device: RunningDevice
) -> None:
    slow = PageSocket(own_device.http_port, picture.cookies(), LIVE, held_bytes=65_536)
    numbers = [slow.picture(SOON_S).number for _ in range(3)]
    time.sleep(12)
    while (found := slow.picture(SOON_S)).number == numbers[-1] + 1:
        numbers.append(found.number)
    assert found.key
    assert found.number > numbers[-1] + 100  # of 300 taken meanwhile
    slow.close()


def test_an_expired_sign_in_is_refused_and_ends_what_is_open(
    picture: LivePicture, own_device: RunningDevice
) -> None:
    cookies = picture.cookies()
    had = PageSocket(own_device.http_port, cookies, LIVE)
    assert had.picture(SOON_S).key
    manage(own_device, "shell", "-v", "0", "-c", EXPIRE)
    assert had.end_code(SOON_S) == 4401
    had.close()
    with pytest.raises(ConnectionError, match="403"):
        PageSocket(own_device.http_port, cookies, LIVE)


EXPIRE = f"""
from datetime import UTC, datetime
from django.contrib.sessions.models import Session
from nvrdevice.accounts.models import User
vera = str(User.objects.get(username={USERNAME!r}).pk)
for each in Session.objects.all():
    if each.get_decoded().get("_auth_user_id") == vera:
        each.expire_date = datetime(2020, 1, 1, tzinfo=UTC)
        each.save()
"""
