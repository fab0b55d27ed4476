"""Where the processes of one device meet: unix sockets in its run folder.

A unix socket's path may have 107 bytes. A deep data folder has more, so long paths are
reached through an open descriptor of the folder (/proc/self/fd/N/name), which is short.
"""

import os
from pathlib import Path

PATH_LIMIT = 100


class RunSockets:
    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder = folder
        self._handle: int | None = None

    def path(self, name: str) -> str:
        """A path that bind(2) and connect(2) accept, for as long as this object lives."""
        plain = str(self.folder / name)
        if len(plain.encode()) <= PATH_LIMIT:
            return plain
        if self._handle is None:
            self._handle = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY)
        return f"/proc/self/fd/{self._handle}/{name}"

    def address(self, name: str) -> str:
        """The same as a ZeroMQ address."""
        return "ipc://" + self.path(name)
