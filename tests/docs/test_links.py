"""Every link between the project's own pages leads somewhere."""

import re
import shutil
import subprocess

import pytest

from tests.e2e.running_device import ROOT

LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)")


def pages() -> list[str]:
    listed: list[str] = []
    if shutil.which("git"):
        listed = subprocess.run(
            ["git", "ls-files", "-co", "--exclude-standard", "*.md"],
            cwd=ROOT,
            capture_output=True,
            text=True,
        ).stdout.split()
    # Without git, or in an unpacked archive, the folders are walked.
    return listed or [
        str(path.relative_to(ROOT)) for path in [ROOT / "README.md", *ROOT.glob("docs/**/*.md")]
    ]


@pytest.mark.parametrize("page", pages())
def test_its_links_lead_to_files(page: str) -> None:
    folder = (ROOT / page).parent
    links = [each for each in LINK.findall((ROOT / page).read_text()) if "://" not in each]
    assert [each for each in links if not (folder / each).exists()] == []
