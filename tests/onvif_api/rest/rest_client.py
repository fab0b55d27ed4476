"""Asks REST in process, as a user of each role, with the owner's UsernameToken header."""

import json
from typing import Any

from django.http import HttpResponse
from django.test import Client

PASSWORDS = {"viewer": "see-but-not-touch", "operator": "touch-all-day", "admin": "change-it-all"}


def token(username: str, password: str) -> str:
    return f'UsernameToken username="{username}" password="{password}"'


class Rest:
    def __init__(self) -> None:
        self.client = Client(enforce_csrf_checks=True)

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        as_: str = "admin",
        headers: dict[str, str] | None = None,
    ) -> HttpResponse:
        own = {"Authorization": token(as_, PASSWORDS[as_])} if as_ else {}
        data = body if isinstance(body, str) else "" if body is None else json.dumps(body)
        answer: HttpResponse = self.client.generic(
            method, path, data, "application/json", headers={**own, **(headers or {})}
        )
        return answer

    def get(self, path: str, *, as_: str = "admin") -> Any:
        """The answer that was to be expected."""
        answer = self.ask("GET", path, as_=as_)
        assert answer.status_code == 200, answer.content
        return json.loads(answer.content)

    def refusal(self, *request: Any, **options: Any) -> tuple[int, str, str | None]:
        """Status, code and field of a refused request."""
        answer = self.ask(*request, **options)
        error = json.loads(answer.content)["error"]
        assert error["text"].strip(), error
        return answer.status_code, error["code"], error["field"]
