"""The shipped example files and the configuration reference say what the code declares."""

from pathlib import Path

import pytest
import yaml

from nvrdevice import state
from nvrdevice.events import reference as topics_reference
from nvrdevice.management.commands.writereference import configuration_page
from nvrdevice.state.reference import example

ROOT = Path(__file__).resolve().parents[3]
DOCUMENTS = ("device.yaml", "media.yaml", "system.yaml", "user.yaml")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_example_file_is_what_the_declarations_give(document: str) -> None:
    shipped = ROOT / "config" / document.replace(".yaml", ".example.yaml")
    assert shipped.read_text() == example(document)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_example_file_loads_as_the_defaults(document: str, config_dir: Path) -> None:
    (config_dir / document).write_text(example(document))
    for cls in state.sections_of(document):
        assert state.read(cls) == cls()
    assert state.problems() == ()


def test_the_reference_page_is_what_the_declarations_give() -> None:
    page = configuration_page().split("## test-")[0]
    shipped = (ROOT / "docs" / "ref" / "configuration.md").read_text()
    assert shipped.split("## ")[0] == page.split("## ")[0]
    for document in DOCUMENTS:
        assert f"## {document}" in shipped


def test_every_example_is_valid_yaml() -> None:
    for path in (ROOT / "config").glob("*.example.yaml"):
        assert isinstance(yaml.safe_load(path.read_text()), dict)


def test_the_topics_page_is_what_the_declarations_give() -> None:
    rows = (ROOT / "docs" / "ref" / "topics.md").read_text().splitlines()
    declared = topics_reference.page().splitlines()
    # Tests declare topics of their own beside the device's.
    assert [row for row in rows if row not in declared] == []
    assert [row for row in rows if "tns1:VideoSource/MotionAlarm" in row] == [
        "| `tns1:VideoSource/MotionAlarm` | yes | Source (`tt:ReferenceToken`) "
        "| State (`xs:boolean`) |"
    ]
