"""Typed reads of environment variables that fail with a sentence, never with a traceback."""

import os
from pathlib import Path

from nvrdevice.lib.errors import DeviceError, Kind

TRUE_WORDS = frozenset({"1", "true", "yes", "on"})
FALSE_WORDS = frozenset({"", "0", "false", "no", "off"})


def text(name: str, default: str) -> str:
    return os.environ.get(name) or default


def integer(name: str, default: int, *, low: int, high: int) -> int:
    value = os.environ.get(name)
    if not value:
        return default
    try:
        number = int(value)
    except ValueError:
        number = low - 1
    if not low <= number <= high:
        raise DeviceError(
            Kind.INVALID,
            f"{name} is {value!r}: give a whole number from {low} to {high}.",
            field=name,
        )
    return number


def boolean(name: str, *, default: bool = False) -> bool:
    value = os.environ.get(name)
    if value is None:
        return default
    if value.lower() in TRUE_WORDS:
        return True
    if value.lower() in FALSE_WORDS:
        return False
    raise DeviceError(Kind.INVALID, f"{name} is {value!r}: give 1 for yes or 0 for no.", field=name)


def choice(name: str, default: str, choices: tuple[str, ...]) -> str:
    value = text(name, default)
    if value not in choices:
        raise DeviceError(
            Kind.INVALID, f"{name} is {value!r}: give one of {', '.join(choices)}.", field=name
        )
    return value


def folder(name: str, default: Path) -> Path:
    """An absolute path; nothing is created here."""
    return Path(text(name, str(default))).expanduser().absolute()


def make_folder(path: Path) -> None:
    """Make a folder of the device, or say which one cannot be made or written."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DeviceError(
            Kind.UNAVAILABLE,
            f"The folder {path} cannot be made ({error.strerror}). "
            "Choose another with NVR_DATA_DIR and NVR_CONFIG_DIR, or allow writing there.",
        ) from None
    if not os.access(path, os.W_OK | os.X_OK):
        raise DeviceError(
            Kind.UNAVAILABLE,
            f"The folder {path} cannot be written by this user. "
            "Choose another with NVR_DATA_DIR and NVR_CONFIG_DIR, or allow writing there.",
        )
