"""The live page in a real browser: the picture, its keys, its words, and what it falls back on."""

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.webui.browser.conftest import Open, sign_in
from tests.webui.browser.running_pages import RunningPages

pytestmark = pytest.mark.e2e

PLAYER = "document.querySelector('[data-player]').player"
PATIENCE_MS = 30_000


def painted(page: Page) -> int:
    found: int = page.evaluate(f"() => {PLAYER}.buffer?.painted ?? 0")
    return found


def until(page: Page, condition: str) -> None:
    page.wait_for_function(f"() => {condition}", timeout=PATIENCE_MS)


def until_it_moves(page: Page) -> None:
    until(page, f"{PLAYER}.buffer?.painted > {painted(page)} + 5")
    expect(state(page)).to_have_text("●Live")


def state(page: Page) -> Locator:
    return page.locator("[data-player-state]")


@pytest.fixture
def signed_in(set_up: RunningPages, open_page: Open) -> Page:
    page = open_page("/account/")
    sign_in(page)
    return page


@pytest.fixture
def live(signed_in: Page) -> Page:
    signed_in.goto("/live/")
    until_it_moves(signed_in)
    return signed_in


def test_the_picture_moves_and_stays_at_the_edge(live: Page) -> None:
    assert live.locator("video").evaluate("v => [v.videoWidth, v.videoHeight, v.hidden]") == [
        1280, 720, False,
    ]  # fmt: skip
    assert 0 < live.evaluate("() => document.querySelector('video').buffered.start(0)") < 0.1
    until_it_moves(live)


def test_pictures_that_come_late_are_shown_and_no_key_picture_is_waited_for(
    live: Page, set_up: RunningPages
) -> None:
    set_up.camera.key_pictures = False
    set_up.camera.works = False
    live.wait_for_timeout(1500)  # more than a hole for the browser
    set_up.camera.works = True
    until_it_moves(live)
    assert live.locator("video").evaluate("v => v.buffered.length") == 1
    set_up.camera.key_pictures = True


def test_the_past_is_removed(live: Page) -> None:
    start = "document.querySelector('video').buffered.start(0)"
    until(live, f"{PLAYER}.buffer.keys.length > 3")
    live.evaluate(f"() => {PLAYER}.buffer.forget(0.2)")
    until(live, f"{start} > 0.5")
    until_it_moves(live)


def test_the_quality_is_changed_without_a_new_page(live: Page, set_up: RunningPages) -> None:
    live.evaluate("() => { window.same = true; }")
    live.click("text=Sub")
    until(live, "document.querySelector('video').videoWidth === 640")
    expect(live).to_have_url(re.compile(r"/live/\?quality=sub$"))
    expect(live.locator("[data-choose=sub]")).to_have_attribute("aria-current", "true")
    live.click("text=Main")
    until(live, "document.querySelector('video').videoWidth === 1280")
    assert live.evaluate("() => window.same") is True


def test_a_small_picture_gets_the_small_stream_by_itself(
    set_up: RunningPages, open_page: Open
) -> None:
    page = open_page("/account/", "phone")
    sign_in(page)
    page.goto("/live/")
    until(page, "document.querySelector('video').videoWidth === 640")
    page.set_viewport_size({"width": 1280, "height": 800})
    until(page, "document.querySelector('video').videoWidth === 1280")


def test_keys(live: Page) -> None:
    with live.expect_download() as loading:
        live.keyboard.press("s")
    assert re.fullmatch(r"source1-\d{8}-\d{6}\.jpg", loading.value.suggested_filename)
    live.keyboard.press("f")
    until(live, "document.fullscreenElement !== null")
    expect(live.locator("[data-full-screen]")).to_have_text("Leave full screen")
    live.keyboard.press("F")
    until(live, "document.fullscreenElement === null")
    live.keyboard.press("?")
    expect(live.locator("#keys")).to_be_visible()
    live.uncheck("#single-keys")
    live.keyboard.press("Escape")
    expect(live.locator("#keys")).to_be_hidden()
    live.keyboard.press("f")
    live.keyboard.press("?")
    expect(live.locator("#keys")).to_be_hidden()
    live.reload()
    live.keyboard.press("?")
    expect(live.locator("#keys")).to_be_hidden()  # kept for this computer
    live.click("[data-keys]")
    live.check("#single-keys")


def test_by_keyboard_alone(live: Page) -> None:
    reached = []
    for _ in range(20):
        live.keyboard.press("Tab")
        reached.append(live.evaluate("() => document.activeElement.textContent.trim()"))
    wanted = ["Auto", "Main", "Sub", "Snapshot", "Full screen", "Stats", "Keys"]
    assert [each for each in reached if each in wanted] == wanted
    live.focus("[data-figures]")
    live.keyboard.press("Enter")
    expect(live.locator("[data-figure=codec]")).to_have_text("avc1.42C01F")
    expect(live.locator("[data-figure=size]")).to_have_text("1280 \N{MULTIPLICATION SIGN} 720")
    expect(live.locator("[data-figure=delay]")).to_have_text(re.compile(r"^\d+ ms$"))
    expect(live.locator("[data-figures]")).to_have_attribute("aria-expanded", "true")


def test_a_media_process_that_comes_back_is_shown_by_itself(
    live: Page, set_up: RunningPages
) -> None:
    sockets = live.evaluate(f"() => {{ window.socket = {PLAYER}.socket; }}")
    assert sockets is None
    set_up.camera.stop()
    expect(state(live)).to_contain_text("Delayed", timeout=PATIENCE_MS)
    expect(state(live)).to_contain_text("Connecting…", timeout=PATIENCE_MS)
    set_up.camera.start()
    until_it_moves(live)
    assert live.evaluate(f"() => window.socket === {PLAYER}.socket")


def test_a_lost_camera_is_told_with_its_time_and_reason(live: Page, set_up: RunningPages) -> None:
    set_up.tell_camera(online=False, reason="It refused the connection.")
    expect(state(live)).to_have_text(re.compile(r"^■Camera offline since \d\d:\d\d$"))
    expect(live.locator("[data-stage-words]")).to_have_text("It refused the connection.")
    expect(live.locator("[data-player-said]")).to_contain_text("Camera offline")
    set_up.tell_camera(online=True)
    until_it_moves(live)
    expect(live.locator("[data-stage-words]")).to_be_hidden()


def test_a_socket_that_breaks_is_opened_again(live: Page) -> None:
    live.evaluate(f"() => {PLAYER}.socket.close()")
    live.evaluate(f"() => {{ {PLAYER}.buffer.painted = 0; }}")
    until_it_moves(live)


def test_signing_out_elsewhere_ends_it(live: Page) -> None:
    other = live.context.new_page()
    other.goto("/account/")
    other.click("text=Sign out")
    expect(live).to_have_url(re.compile(r"/login/\?next=/live/$"))


def test_a_hidden_page_lets_the_stream_go(live: Page, set_up: RunningPages) -> None:
    hide = "hidden => Object.defineProperty(document, 'hidden', { value: hidden, configurable: 1 })"
    live.evaluate(hide, True)
    live.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    until(live, f"{PLAYER}.socket === null")
    live.evaluate(hide, False)
    live.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    until_it_moves(live)


# What it falls back on ------------------------------------------------------------------------


@pytest.fixture
def no_sockets(signed_in: Page) -> Page:
    """A network that lets no WebSocket through."""

    signed_in.add_init_script(
        "window.WebSocket = class extends EventTarget {"
        "constructor() { super(); setTimeout(() => this.onclose?.({ code: 1006 }), 20); }"
        "close() {} };"
    )
    return signed_in


def test_without_sockets_it_is_a_moving_jpeg(no_sockets: Page) -> None:
    no_sockets.goto("/live/")
    expect(state(no_sockets)).to_have_text("●Live, single pictures", timeout=PATIENCE_MS)
    assert no_sockets.evaluate(f"() => {PLAYER}.way") == "jpeg"
    sizes = no_sockets.locator("[data-still]").evaluate("i => [i.naturalWidth, i.hidden]")
    assert sizes == [1280, False]
    before = no_sockets.locator("[data-still]").get_attribute("src")
    expect(no_sockets.locator("[data-still]")).not_to_have_attribute("src", str(before))


def test_a_browser_without_media_source_gets_a_moving_jpeg(signed_in: Page) -> None:
    signed_in.add_init_script("delete window.MediaSource; delete window.ManagedMediaSource;")
    signed_in.goto("/live/")
    expect(state(signed_in)).to_have_text("●Live, single pictures", timeout=PATIENCE_MS)


def test_where_not_even_that_works_it_is_a_picture_a_second(no_sockets: Page) -> None:
    def nothing(route: Route) -> None:
        route.abort()

    no_sockets.route("**/mjpeg/**", nothing)
    no_sockets.goto("/live/")
    until(no_sockets, f"{PLAYER}.way === 'stills'")
    expect(state(no_sockets)).to_have_text("●Live, single pictures", timeout=PATIENCE_MS)


def test_a_codec_that_the_browser_cannot_play_gives_way_to_the_small_stream(
    signed_in: Page,
) -> None:
    signed_in.add_init_script(
        "const can = MediaSource.isTypeSupported;"
        "MediaSource.isTypeSupported = (type) => !type.includes('42C01F') && can(type);"
    )
    signed_in.goto("/live/")
    until(signed_in, "document.querySelector('video').videoWidth === 640")
