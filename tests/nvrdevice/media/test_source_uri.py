"""What may be a source, and the sentence for what may not."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.media.source_uri import SourceUri, parse_uri, shown, with_login

READS = (
    "test:, file:///folder/clip.mp4, rtsp://user:password@host/path, v4l2:/dev/video0 "
    "and libcamera:"
)


def refusal(text: str) -> str:
    with pytest.raises(DeviceError) as refused:
        parse_uri(text)
    assert (refused.value.kind, refused.value.field) == (Kind.INVALID, "source")
    return refused.value.text


def test_the_test_picture() -> None:
    assert parse_uri(" test: ") == SourceUri(scheme="test", uri="test:")


@pytest.mark.parametrize("name", ["clip.mp4", "my clip.mp4", "a#b?c.mp4", "100%.mp4"])
def test_a_file_by_its_address(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"\0")
    found = SourceUri(scheme="file", uri=path.as_uri(), path=path)
    assert parse_uri(path.as_uri()) == found
    assert parse_uri(found.uri.replace("file:///", "file://localhost/")) == found
    assert found.name == name


def test_a_file_written_without_escapes(tmp_path: Path) -> None:
    path = tmp_path / "my #1 clip?.mp4"
    path.write_bytes(b"\0")
    assert parse_uri(f"file://{path}").path == path


@pytest.mark.parametrize(
    ("text", "uri", "login"),
    [
        ("rtsp://cam/live", "rtsp://cam/live", None),
        ("RTSP://10.0.0.7:8554/a?b=c", "rtsp://10.0.0.7:8554/a?b=c", None),
        ("rtsp://[fd00::7]:554/a", "rtsp://[fd00::7]:554/a", None),
        ("rtsp://cam:/a", "rtsp://cam/a", None),
        ("rtsp://joe:s3cret@cam/live", "rtsp://cam/live", ("joe", "s3cret")),
        ("rtsp://joe:p%40ss%2Fw%23@cam/live", "rtsp://cam/live", ("joe", "p@ss/w#")),
        ("rtsp://joe:p@ss:w@cam/live", "rtsp://cam/live", ("joe", "p@ss:w")),
        ("rtsp://joe@cam/live", "rtsp://cam/live", ("joe", "")),
    ],
)
def test_a_camera_and_its_login_apart(text: str, uri: str, login: tuple[str, str] | None) -> None:
    assert parse_uri(text) == SourceUri(scheme="rtsp", uri=uri, login=login)


@pytest.mark.parametrize(
    "text", ["v4l2:/dev/video0", "v4l2:/dev/v4l/by-id/usb-Cam_1-video-index0", "libcamera:"]
)
def test_a_camera_of_this_machine(text: str) -> None:
    scheme = text.partition(":")[0]
    assert parse_uri(text) == SourceUri(scheme=scheme, uri=text)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", f"The source is empty: give {READS}."),
        ("clip.mp4", f"The source 'clip.mp4' has no scheme: this release reads {READS}."),
        (
            "http://cam/live",
            "The source 'http://cam/live' has the unknown scheme http: "
            f"this release reads {READS}.",
        ),
        (
            "v4l2:0",
            "The source 'v4l2:0' names no camera of this machine: write v4l2:/dev/video0.",
        ),
        (
            'libcamera:"x',
            "The source 'libcamera:\"x' names no camera of this machine: write libcamera: alone "
            "for the first one, or with the name libcamera has for it.",
        ),
        (
            "rtsps://cam/live",
            f"The source 'rtsps://cam/live' is RTSP over TLS, but this release reads {READS} only.",
        ),
        (
            "test:bars",
            "The source 'test:bars' says more than the test picture can take: write test: alone.",
        ),
        (
            "file:///no/such/clip.mp4",
            "The source 'file:///no/such/clip.mp4' names the file /no/such/clip.mp4, "
            "which does not exist.",
        ),
        (
            "file://clip.mp4",
            "The source 'file://clip.mp4' needs a path from the root of this machine, "
            "with three slashes: file:///clip.mp4.",
        ),
        (
            "file:",
            "The source 'file:' names no file: write file:///folder/clip.mp4.",
        ),
        (
            "file:///dev/null",
            "The source 'file:///dev/null' names /dev/null, which is not a regular file: "
            "give one video file.",
        ),
        (
            "rtsp:///live",
            "The source 'rtsp:///live' has no host: write rtsp://192.168.1.20/path.",
        ),
        (
            "rtsp://cam:0/live",
            "The source 'rtsp://cam:0/live' has port 0: "
            "give a number from 1 to 65535, or none for 554.",
        ),
        (
            "rtsp://cam:70000/live",
            "The source's address has a port that is no number from 1 to 65535.",
        ),
        (
            "rtsp://cam/a b",
            "The source 'rtsp://cam/a b' has a blank in it: write %20.",
        ),
        (
            "rtsp://ca*m/live",
            "The source 'rtsp://ca*m/live' has a host with characters that no host has.",
        ),
        (
            "rtsp://:s3cret@cam/live",
            "The source 'rtsp://cam/live' has something before the @ that is not user:password.",
        ),
    ],
)
def test_what_is_no_source_is_told_in_a_sentence(text: str, sentence: str) -> None:
    assert refusal(text) == sentence


def test_a_relative_path_is_answered_with_the_absolute_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert refusal("file:clip.mp4") == (
        f"The source 'file:clip.mp4' is a relative path: write file://{tmp_path}/clip.mp4."
    )


def test_a_folder_is_no_video_file(tmp_path: Path) -> None:
    assert refusal(tmp_path.as_uri()).endswith(
        f" names the folder {tmp_path}: give one video file."
    )


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(b"\0")
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # root may read everything
    assert refusal(path.as_uri()).endswith(
        f" names {path}, which this user may not read: allow reading it."
    )


@pytest.mark.parametrize(
    "text",
    [
        "rtsp://joe:s3/cret@cam/live",
        "rtsp://joe:1/s3cret@cam/live",
        "rtsp://joe:s3?cret@cam/live",
        "rtsp://joe:s3#cret@cam/live",
        "rtsp://joe:s3cret",
        "rtsp://joe:s3cret@",
        "rtsp://joe:s3cret@cam:port/live",
        "rtsp://joe:s3cret@[cam/live",
        "rtps://joe:s3cret@cam/live",
        "joe:s3cret@cam/live",
        "rtsp://joe:s3cret@cam/a b",
        "rtsp://joe:s3cret\n@cam/live",
    ],
)
def test_no_sentence_repeats_a_password(text: str) -> None:
    told = refusal(text)
    assert "s3" not in told
    assert "cret" not in told


@given(st.text(max_size=60))
def test_any_text_is_a_source_or_a_sentence(text: str) -> None:
    for prefix in ("", "rtsp://", "rtsp://u:p@", "file://"):
        try:
            parse_uri(prefix + text)
        except DeviceError as error:
            assert error.kind == Kind.INVALID


def test_passwords_in_a_query_are_not_shown() -> None:
    assert shown("rtsp://cam/live?user=joe&password=s3cret&channel=1") == (
        "rtsp://cam/live?user=joe&password=***&channel=1"
    )


@pytest.mark.parametrize(
    ("text", "user", "password", "login"),
    [
        ("rtsp://cam/live", "joe", "p@ss:/#?", ("joe", "p@ss:/#?")),
        ("rtsp://old:login@cam/live", "joe", "new", ("joe", "new")),
        ("rtsp://cam/live", "", "", None),
        ("rtsp://old:login@cam/live", "", "", ("old", "login")),
    ],
)
def test_a_login_given_beside_the_address(
    text: str, user: str, password: str, login: tuple[str, str] | None
) -> None:
    found = parse_uri(with_login(text, user, password))
    assert (found.uri, found.login) == ("rtsp://cam/live", login)


@pytest.mark.parametrize(
    ("text", "user"), [("rtsp://cam/live", ""), ("test:", "joe"), ("file:///clip.mp4", "joe")]
)
def test_a_login_that_belongs_to_nothing_is_refused(text: str, user: str) -> None:
    with pytest.raises(DeviceError) as refused:
        with_login(text, user, "s3cret")
    assert (refused.value.field, "s3cret" in refused.value.text) == ("user", False)
