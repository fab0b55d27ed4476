"""TLS as the web process speaks it: the certificate of the moment, and no seat for the silent."""

import os
import socket
from pathlib import Path

import pytest

from nvrdevice.lib.errors import DeviceError
from nvrdevice.management.web_server.tls_port import Certificate, context
from nvrdevice.system.tls import Files
from tests.nvrdevice.management.web_server.connection import LONGEST_S, Running
from tests.nvrdevice.system.tls.authority import Authority, key_pem, new_key, pem

LAST = b"GET / HTTP/1.1\r\nHost: device\r\nConnection: close\r\n\r\n"


def made(folder: Path, *, right_key: bool = True) -> Files:
    folder.mkdir()
    key = new_key()
    files = Files(folder / "certificate.pem", folder / "key.pem")
    files.certificate.write_bytes(pem(Authority().leaf(key)))
    files.key.write_bytes(key_pem(key if right_key else new_key()))
    return files


def test_a_client_that_never_says_goodbye_loses_its_seat(server: Running) -> None:
    with server.connect_tls() as client:
        client.send(LAST)
        assert b"200" in client.rest()
        with socket.socket(fileno=os.dup(client.socket.fileno())) as below:
            below.settimeout(LONGEST_S)
            assert below.recv(1) == b""


def test_a_new_certificate_is_told_once(tmp_path: Path) -> None:
    certificate = Certificate()
    first, second = made(tmp_path / "1"), made(tmp_path / "2")
    looks = [certificate.look(each) for each in (first, first, second, second)]
    assert looks == [False, False, True, False]


def test_a_key_of_another_certificate_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DeviceError) as raised:
        context(made(tmp_path / "1", right_key=False))
    assert raised.value.text == (
        f"The certificate in {tmp_path / '1'} cannot be used (key values mismatch): restart the "
        "device, or renew it on the page Certificates."
    )


def test_a_missing_certificate_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DeviceError):
        context(Files(tmp_path / "certificate.pem", tmp_path / "key.pem"))


def test_one_that_cannot_be_used_leaves_the_one_before(tmp_path: Path) -> None:
    certificate = Certificate()
    certificate.look(made(tmp_path / "1"))
    with pytest.raises(DeviceError):
        certificate.look(made(tmp_path / "2", right_key=False))
    assert certificate.serverConnectionForTLS(None) is not None
