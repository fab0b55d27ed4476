"""Debian's Chromium, and how it is started for tests and measurements."""

CHROMIUM = "/usr/bin/chromium"
# No sandbox: tests run as root in a container. The rest keeps Chromium off the network.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
