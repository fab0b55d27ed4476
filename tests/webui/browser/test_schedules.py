"""Schedules in the browser: painted by mouse and keys; the grid and the list are equal."""

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.webui.browser.conftest import SIZES, Open, sign_in
from tests.webui.browser.running_pages import RunningPages
from tests.webui.browser.test_accessible import LOOKS, check

pytestmark = pytest.mark.e2e


def make(page: Page, name: str, preset: str = "Never") -> None:
    page.goto("/schedules/")
    page.fill("#id_name", name)
    page.select_option("#id_preset", label=preset)
    page.click("text=Make schedule")
    expect(page.locator("h1")).to_have_text(name)
    expect(page.locator(".week")).to_be_visible()


@pytest.fixture
def editor(set_up: RunningPages, open_page: Open, request: pytest.FixtureRequest) -> Page:
    page = open_page("/login/", "desk", "light")
    sign_in(page)
    make(page, request.node.name[:60])
    return page


def cell(page: Page, label: str) -> Locator:
    return page.get_by_role("button", name=label, exact=True)


def windows(page: Page) -> list[str]:
    """The list as it would be sent."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("[data-windows] .window")].map((row) => {
          const days = [...row.querySelectorAll(".day-box input:checked")].map((box) => box.value);
          const [start, end] = [...row.querySelectorAll(".span input")].map((each) => each.value);
          return start ? `${days.join(" ")} ${start}-${end}` : "";
        }).filter(Boolean)"""
    )
    return found


def on(page: Page) -> int:
    """How many half hours the grid shows."""
    return page.locator('.week td [aria-pressed="true"]').count()


def drag(page: Page, start: str, end: str) -> None:
    boxes = [cell(page, label).bounding_box() for label in (start, end)]
    (x, y), (to_x, to_y) = [
        (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) for box in boxes if box
    ]
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(to_x, to_y, steps=8)
    page.mouse.up()


def test_painted_by_dragging(editor: Page) -> None:
    drag(editor, "Monday 08:00 to 08:30", "Friday 11:30 to 12:00")
    assert windows(editor) == ["mon tue wed thu fri 08:00-12:00"]
    assert on(editor) == 5 * 8
    expect(editor.locator("[data-hours]")).to_have_text("20 h a week")
    drag(editor, "Wednesday 09:00 to 09:30", "Wednesday 09:30 to 10:00")
    assert windows(editor) == [
        "mon tue thu fri 08:00-12:00",
        "wed 08:00-09:00",
        "wed 10:00-12:00",
    ] or sorted(windows(editor)) == sorted(
        ["wed 08:00-09:00", "mon tue thu fri 08:00-12:00", "wed 10:00-12:00"]
    )
    editor.click("text=Save schedule")
    expect(editor.locator("[role=status] >> nth=0")).to_contain_text("is saved")
    assert on(editor) == 5 * 8 - 2


def test_painted_by_a_finger_on_a_phone(set_up: RunningPages, chromium: Browser) -> None:
    width, height = SIZES["phone"]
    context = chromium.new_context(
        base_url=set_up.url,
        viewport={"width": width, "height": height},
        has_touch=True,
        is_mobile=True,
    )
    page = context.new_page()
    page.goto("/login/")
    sign_in(page)
    make(page, "By finger")
    first = cell(page, "Monday 01:00 to 01:30")
    first.scroll_into_view_if_needed()
    start, end = first.bounding_box(), cell(page, "Tuesday 02:30 to 03:00").bounding_box()
    assert start and end
    x, y = start["x"] + 5, start["y"] + 10
    touch = context.new_cdp_session(page)

    def send(kind: str, *points: dict[str, float]) -> None:
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})

    send("touchStart", {"x": x, "y": y})
    for step in range(1, 11):
        to_x, to_y = (
            x + (end["x"] - start["x"]) * step / 10,
            y + (end["y"] - start["y"]) * step / 10,
        )
        send("touchMove", {"x": to_x, "y": to_y})
    send("touchEnd")
    assert windows(page) == ["mon tue 01:00-03:00"]
    context.close()


def test_a_day_and_an_hour_by_their_headers(editor: Page) -> None:
    cell(editor, "Sunday, all day").click()
    assert windows(editor) == ["sun 00:00-24:00"]
    cell(editor, "Every day from 22:00 to 23:00").click()
    assert sorted(windows(editor)) == ["mon tue wed thu fri sat 22:00-23:00", "sun 00:00-24:00"]
    cell(editor, "Sunday, all day").click()
    assert windows(editor) == ["mon tue wed thu fri sat 22:00-23:00"]


def test_by_keyboard_alone(editor: Page) -> None:
    cell(editor, "Monday 08:00 to 08:30").focus()
    editor.keyboard.press("Space")
    editor.keyboard.press("ArrowDown")
    editor.keyboard.press("ArrowRight")
    expect(cell(editor, "Tuesday 08:30 to 09:00")).to_be_focused()
    editor.keyboard.press("Space")
    assert sorted(windows(editor)) == ["mon 08:00-08:30", "tue 08:30-09:00"]
    editor.keyboard.press("Space")
    assert windows(editor) == ["mon 08:00-08:30"]


def test_heads_by_keyboard(editor: Page) -> None:
    cell(editor, "Monday 00:00 to 00:30").focus()
    editor.keyboard.press("ArrowLeft")
    editor.keyboard.press("ArrowDown")
    expect(cell(editor, "Tuesday, all day")).to_be_focused()
    editor.keyboard.press("Enter")
    assert windows(editor) == ["tue 00:00-24:00"]
    editor.keyboard.press("ArrowRight")
    expect(cell(editor, "Tuesday 00:00 to 00:30")).to_be_focused()
    editor.keyboard.press("ArrowUp")
    editor.keyboard.press("ArrowUp")
    editor.keyboard.press("Space")
    assert sorted(windows(editor)) == [
        "mon wed thu fri sat sun 00:00-01:00",
        "tue 00:00-24:00",
    ]


def test_what_is_typed_is_painted(editor: Page) -> None:
    editor.fill("#start-0", "08:15")
    editor.fill("#end-0", "09:00")
    editor.check("#days-0-tue", force=True)
    expect(cell(editor, "Tuesday 08:00 to 08:30")).to_have_attribute("aria-pressed", "mixed")
    expect(cell(editor, "Tuesday 08:30 to 09:00")).to_have_attribute("aria-pressed", "true")
    expect(editor.locator("[data-hours]")).to_have_text("0 h 45 min a week")


def test_presets_and_copying_a_day(editor: Page) -> None:
    editor.click("text=Work hours")
    assert windows(editor) == ["mon tue wed thu fri 08:00-17:00"]
    editor.select_option("#copy-from", label="Friday")
    editor.check("#copy-sat", force=True)
    editor.click("text=Copy day")
    assert windows(editor) == ["mon tue wed thu fri sat 08:00-17:00"]
    editor.click("text=Nights")
    expect(editor.locator("[data-hours]")).to_have_text("70 h a week")


def test_an_overlap_names_both(editor: Page) -> None:
    for row, (start, end) in enumerate((("08:00", "12:00"), ("11:00", "14:00"))):
        editor.fill(f"#start-{row}", start)
        editor.fill(f"#end-{row}", end)
        editor.check(f"#days-{row}-mon", force=True)
    editor.click("text=Save schedule")
    expect(editor.locator("#errors")).to_be_focused()
    expect(editor.locator("#errors")).to_contain_text(
        "Monday 08:00\N{EN DASH}12:00 and Monday 11:00\N{EN DASH}14:00 overlap"
    )
    assert windows(editor) == ["mon 08:00-12:00", "mon 11:00-14:00"]


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_every_look(set_up: RunningPages, open_page: Open, size: str, scheme: str) -> None:
    page = open_page("/login/", size, scheme)
    sign_in(page)
    page.goto("/schedules/")
    check(page, "schedules-none", size, scheme)
    name = f"Office {size} {scheme}"
    make(page, name, "Work hours")
    page.fill("#date-0", "2026-12-24")
    page.click("text=Save schedule")
    expect(page.locator("[role=status] >> nth=0")).to_contain_text("is saved")
    check(page, "schedule", size, scheme)
    page.fill("#start-1", "25:00")
    page.click("text=Save schedule")
    expect(page.locator("#errors")).to_be_visible()
    check(page, "schedule-refused", size, scheme)
    page.goto("/schedules/")
    page.select_option("#id_alarms_schedule", label=f"During {name}")
    page.click("text=Save >> nth=-1")
    expect(page.locator("[role=status] >> nth=0")).to_contain_text("it counts now")
    check(page, "schedules", size, scheme)
    page.click("text=Make schedule")
    expect(page.locator("#errors")).to_be_visible()
    check(page, "schedules-refused", size, scheme)
