"""How much a page asks a browser to load: small enough for a Pi's network and an old phone."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES, CSS, JS = ROOT / "templates", ROOT / "static/css", ROOT / "static/js"
PAGES = sorted(one.stem for one in (TEMPLATES / "pages").glob("*.html"))
CSS_OF_ALL, CSS_OF_ONE = 20_000, 8_000
SCRIPTS = 15_000
PLAYER = {"player.js", "picture_buffer.js", "single_pictures.js"}  # where a picture moves
PLAYER_LIMIT = 27_000


def written(template: str) -> str:
    """A template with those it extends and includes."""
    path = TEMPLATES / template
    if not path.exists():
        return ""
    text = path.read_text()
    return text + "".join(
        written(name) for name in re.findall(r'{% (?:extends|include) "([^"]+)"', text)
    )


def scripts(page: str) -> set[str]:
    found: set[str] = set()
    todo = set(re.findall(r"js/(\w+\.js)\" %}", written(f"pages/{page}.html")))
    while todo:
        name = todo.pop()
        found.add(name)
        todo |= set(re.findall(r'from "\./(\w+\.js)"', (JS / name).read_text())) - found
    return found


def sheets(page: str) -> set[str]:
    return {
        f"{name}.css"
        for names in re.findall(r"{% styles ([^%]+) %}", written(f"pages/{page}.html"))
        for name in re.findall(r'"(\w+)"', names)
    }


def size(folder: Path, names: set[str]) -> int:
    return sum((folder / name).stat().st_size for name in names)


def test_the_sheets_of_all_pages() -> None:
    of_all = set(re.findall(r"css/(\w+\.css)", (TEMPLATES / "base.html").read_text()))
    assert of_all == {"tokens.css", "base.css", "components.css"}
    assert size(CSS, of_all) <= CSS_OF_ALL


@pytest.mark.parametrize("page", PAGES)
def test_each_page(page: str) -> None:
    assert size(CSS, sheets(page)) <= CSS_OF_ONE
    own = scripts(page) - PLAYER
    if page != "playback":
        assert size(JS, own) <= SCRIPTS


def test_the_player() -> None:
    assert size(JS, PLAYER) <= PLAYER_LIMIT
    assert size(JS, scripts("playback")) <= PLAYER_LIMIT  # it has a player of its own


def test_every_sheet_and_script_is_used() -> None:
    used = {name for page in PAGES for name in sheets(page) | scripts(page)}
    used |= {"tokens.css", "base.css", "components.css", "admin.css"}
    there = {one.name for folder in (CSS, JS) for one in folder.iterdir()}
    assert there == used


def test_every_class_of_a_sheet_is_used() -> None:
    rules = "".join(one.read_text() for one in CSS.glob("*.css") if one.stem != "admin")
    rules = re.sub(r"/\*.*?\*/", "", rules, flags=re.S)
    classes = set(re.findall(r"\.([a-z][\w-]*)", rules)) - {"theme-light", "theme-dark"}
    said = "".join(
        one.read_text()
        for folder in (TEMPLATES, JS, ROOT / "webui")
        for one in folder.rglob("*")
        if one.suffix in (".html", ".js", ".py")
    )
    assert classes - set(re.findall(r"[\w-]+", said)) == set()
