"""The folder of recordings: whose it is, and why it cannot be used."""

import errno
from pathlib import Path

import pytest

from nvrdevice.recordings.folder import READ_ONLY, Folder, kind_of


def test_a_folder_whose_permissions_were_taken_is_not_called_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Folder(tmp_path)
    mark = folder.claim()

    def refuse(*_: object, **__: object) -> str:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "read_text", refuse)  # root may read everything
    with pytest.raises(OSError, match="Permission denied") as refused:
        folder.check(mark)
    assert kind_of(refused.value) == READ_ONLY
