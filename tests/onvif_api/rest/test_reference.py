"""docs/ref/rest.md says what is so."""

from nvrdevice.lib.errors import Kind
from onvif_api.rest import errors, reference, throttles
from onvif_api.rest.views import events


def test_the_table_is_that_of_the_description() -> None:
    assert reference.path().read_text() == reference.page(), "run ./nvr manage writereference"


def test_kinds_and_numbers_are_true() -> None:
    text = " ".join(reference.path().read_text().split())
    assert [kind.value for kind in Kind if f"`{kind.value}`" not in text] == []
    assert set(errors.STATUS.values()) <= {400, 401, 403, 404, 409, 500, 501, 503}
    viewer, operator, admin, stranger = (
        throttles.PER_MINUTE[level]
        for level in (1, 2, 3, 0)  # type: ignore[index]
    )
    assert operator == admin
    said = (
        f"a viewer has {viewer} requests, operators and administrators {operator}, "
        f"strangers {stranger} per address"
    )
    assert said in text
    assert f"(at most {events.WAIT_MAX_S})" in text
    assert f"`limit` is {events.LIMIT}, at most {events.LIMIT_MAX}" in text
