"""Which RTSP requests the server sees, decided before anything else of them is looked at.

The server would also list and take ANNOUNCE and RECORD. Nobody may send pictures here, and its
answer to ANNOUNCE would tell a guesser, as often as asked, whether a password is right. Its own
signal before a SETUP comes only after it has looked at the password.
"""

from collections.abc import Callable
from typing import Any

from nvrdevice.media.engine import rtsp_requests
from nvrdevice.media.engine.gst import GstRtsp, GstRtspServer

SERVED = "OPTIONS, DESCRIBE, SETUP, PLAY, PAUSE, GET_PARAMETER, SET_PARAMETER, TEARDOWN"
_ASKING = GstRtsp.RTSPMethod.DESCRIBE | GstRtsp.RTSPMethod.SETUP  # a password is looked at
_PUSHING = GstRtsp.RTSPMethod.ANNOUNCE | GstRtsp.RTSPMethod.RECORD
_Field, _Status = GstRtsp.RTSPHeaderField, GstRtsp.RTSPStatusCode


class RtspAuth(GstRtspServer.RTSPAuth):  # type: ignore[misc]
    look: Callable[[Any], Any] = staticmethod(lambda _context: _Status.OK)
    """The status of a DESCRIBE or SETUP before the password is looked at."""

    def do_check(self, context: Any, check: str) -> bool:
        """Whether the request goes on; who says no has answered it."""
        if check == GstRtspServer.RTSP_AUTH_CHECK_URL and self._answered(context):
            return False
        return bool(GstRtspServer.RTSPAuth.do_check(self, context, check))

    def do_authenticate(self, context: Any) -> bool:
        """Whether there may be a user in the request; the server asks anew where there is none."""
        if rtsp_requests.login(context) is None:
            return False  # what was not counted as a guess is none
        return bool(GstRtspServer.RTSPAuth.do_authenticate(self, context))

    def _answered(self, context: Any) -> bool:
        status = _Status.OK
        if context.method == GstRtsp.RTSPMethod.OPTIONS:
            _answer(context, _Status.OK, _Field.PUBLIC)
            return True
        if context.method & _PUSHING:
            _answer(context, _Status.METHOD_NOT_ALLOWED, _Field.ALLOW)
            return True
        if not _is_text(context, _Field.AUTHORIZATION):
            status = _Status.BAD_REQUEST
        elif context.method & _ASKING:
            status = self.look(context)
        if status != _Status.OK:
            _answer(context, status)
        return bool(status != _Status.OK)


def _answer(context: Any, status: Any, listing: Any = None) -> None:
    # context.response is not to be touched: it is empty as yet, and reading it copies it.
    reason = GstRtsp.rtsp_status_as_text(status)
    _, answer = GstRtsp.rtsp_message_new_response(status, reason, context.request)
    if listing is not None:
        answer.add_header(listing, SERVED)
    context.client.send_message(context.session, answer)


def _is_text(context: Any, field: Any) -> bool:
    """Whether the header can be read at all: names and digests come as UTF-8."""
    try:
        context.request.get_header(field, 0)
    except UnicodeDecodeError:
        return False
    return True
