"""The table of addresses in docs/ref/rest.md, from the description; the rest of it is by hand."""

from pathlib import Path

from django.conf import settings

from onvif_api.rest import docs

HEAD = "| method | address | role | what it does |\n|---|---|---|---|\n"


def path() -> Path:
    base: Path = settings.BASE_DIR
    return base / "docs" / "ref" / "rest.md"


def page() -> str:
    """The page as it should be, made from the one that is there."""
    before, _, after = path().read_text().partition(HEAD)
    rest = after[after.index("\n\n") :] if not after.startswith("\n") else after
    return before + HEAD + table().rstrip("\n") + rest


def table() -> str:
    return "".join(
        f"| {call.method} | `{call.path}` | {call.role} | {call.summary} |\n"
        for group in docs.groups()
        for call in group.operations
    )


def write() -> None:
    path().write_text(page())
