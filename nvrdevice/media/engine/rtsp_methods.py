"""Which RTSP methods this device serves, decided before anything else of a request is looked at.

The server would also list and take ANNOUNCE and RECORD. Nobody may send pictures here, and its
answer to ANNOUNCE would tell a guesser, as often as asked, whether a password is right.
"""

from typing import Any

from nvrdevice.media.engine.gst import GstRtsp, GstRtspServer

SERVED = "OPTIONS, DESCRIBE, SETUP, PLAY, PAUSE, GET_PARAMETER, SET_PARAMETER, TEARDOWN"
_PUSHING = GstRtsp.RTSPMethod.ANNOUNCE | GstRtsp.RTSPMethod.RECORD
_Field, _Status = GstRtsp.RTSPHeaderField, GstRtsp.RTSPStatusCode


class RtspAuth(GstRtspServer.RTSPAuth):  # type: ignore[misc]
    def do_check(self, context: Any, check: str) -> bool:
        """Whether the request goes on; who says no has answered it."""
        if check == GstRtspServer.RTSP_AUTH_CHECK_URL and _answered(context):
            return False
        return bool(GstRtspServer.RTSPAuth.do_check(self, context, check))


def _answered(context: Any) -> bool:
    if context.method == GstRtsp.RTSPMethod.OPTIONS:
        _answer(context, _Status.OK, "OK", _Field.PUBLIC)
    elif context.method & _PUSHING:
        _answer(context, _Status.METHOD_NOT_ALLOWED, "Method Not Allowed", _Field.ALLOW)
    elif not _is_text(context, _Field.AUTHORIZATION):
        _answer(context, _Status.BAD_REQUEST, "Bad Request")
    else:
        return False
    return True


def _answer(context: Any, status: Any, reason: str, listing: Any = None) -> None:
    # context.response is not to be touched: it is empty as yet, and reading it copies it.
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
