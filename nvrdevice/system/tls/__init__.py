"""The certificate this device shows: made, given, replaced and taken back.

Who serves TLS asks for files() anew when the doorbell rings with "certificate"; both files of
one answer always belong together.
"""

from nvrdevice.system.tls.changing import ensure
from nvrdevice.system.tls.mode import OFF, OPTIONAL, REQUIRED, mode
from nvrdevice.system.tls.shelf import Files, files

__all__ = ["OFF", "OPTIONAL", "REQUIRED", "Files", "ensure", "files", "mode"]
