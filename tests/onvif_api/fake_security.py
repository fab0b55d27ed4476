"""Authentication for tests of the toolkit itself: three known people, Core's access policy."""

from nvrdevice.accounts.book import Account
from nvrdevice.accounts.levels import Level
from nvrdevice.lib.errors import DeviceError, Kind
from onvif_api.soap.build import Element
from onvif_api.soap.call import Runner
from onvif_api.soap.security import Asked, Security, read_username_token, refuse

LEVELS = {"viewer": 1, "operator": 2, "admin": 3}
PRE_AUTH = {
    "tds:GetServices",
    "tds:GetServiceCapabilities",
    "tds:GetSystemDateAndTime",
    "tds:GetEndpointReference",
    "tds:GetWsdlUrl",
    "tds:GetCapabilities",
    "tds:GetHostname",
    "trt:GetServiceCapabilities",
    "tev:GetServiceCapabilities",
}
CHALLENGES = [
    'Digest realm="nvrdevice", qop="auth", algorithm=SHA-256, nonce="n"',
    'Digest realm="nvrdevice", qop="auth", algorithm=MD5, nonce="n"',
]


class FakeSecurity(Security):
    """needs: the level an operation needs where it is not 1 (viewer)."""

    def __init__(self, needs: dict[str, int] | None = None) -> None:
        self.needs = needs or {}

    def is_pre_auth(self, operation: str) -> bool:
        return operation in PRE_AUTH

    async def authenticate(
        self, asked: Asked, header: Element | None, runner: Runner
    ) -> Account | None:
        account = None
        if asked.authorization.startswith("Digest "):
            account = self._person(asked.authorization.removeprefix("Digest "))
        token = read_username_token(header)
        return account if token is None else self._person(token.username)

    def authorize(self, account: Account | None, operation: str) -> None:
        if account is None:
            raise refuse("Send credentials.")
        if account.level < self.needs.get(operation, 1):
            raise DeviceError(Kind.FORBIDDEN, "Not with this level.", subcode="NotAuthorized")

    def challenges(self, refusal: DeviceError) -> list[str]:
        return CHALLENGES

    def _person(self, username: str) -> Account:
        if username not in LEVELS:
            raise refuse("Wrong user or password.")
        return Account(
            username=username,
            level=Level(LEVELS[username]),
            onvif_access=True,
            must_change_password=False,
            user_id=LEVELS[username],
        )
