"""Why a source gives no picture: one word for machines, one sentence for people."""

import enum


class Reason(enum.Enum):
    NAME_NOT_FOUND = "name not found"
    REFUSED = "refused"
    WRONG_PASSWORD = "wrong password"  # noqa: S105 - the reason, not a secret
    NO_SUCH_PATH = "no such path"
    WRONG_CODEC = "wrong codec"
    NO_KEY_FRAME = "no key frame"
    TIMEOUT = "timeout"
    BROKE_OFF = "broke off"


class Lost(Exception):
    """A source is lost; its runner opens it again by and by."""

    def __init__(self, reason: Reason, words: str) -> None:
        super().__init__(words)
        self.reason, self.words = reason, words

    @property
    def sentence(self) -> str:
        return f"{self.reason.value}: {self.words}"
