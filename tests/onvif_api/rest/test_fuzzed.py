"""schemathesis makes up requests from the schema; every answer must keep to it."""

import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from hypothesis import HealthCheck, Phase, settings
from schemathesis import checks

from nvrdevice.accounts.book import Account
from onvif_api.rest import schema, throttles
from onvif_api.rest.throttles import Throttle
from tests.onvif_api.rest.rest_client import PASSWORDS, token

checks.load_all_checks()
KEPT = [
    checks.not_a_server_error,
    *(
        checks.CHECKS.get_one(name)
        for name in (
            "status_code_conformance",
            "content_type_conformance",
            "response_schema_conformance",
            "negative_data_rejection",
            "unsupported_method",
        )
    ),
]
STANDING = {"admin"}  # who asks; all others may be removed

ASKED: set[str] = set()  # the same request twice tells nothing new


class Boundless(Throttle):
    def take(self, account: Account | None, address: str) -> None:
        return None


described = schemathesis.openapi.from_dict(schema.schema())
described.app = WSGIHandler()


@described.parametrize()
@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_keeps_to_the_schema(
    case: schemathesis.Case, people: None, device_process: object
) -> None:
    throttles.use(Boundless())
    written = f"{case.method} {case.formatted_path} {case.query} {case.media_type} {case.body!r}"
    if written in ASKED or (case.path_parameters or {}).get("username") in STANDING:
        return
    ASKED.add(written)
    case.call_and_validate(headers={"X-WSSE": token("admin", PASSWORDS["admin"])}, checks=KEPT)
