"""The container's health check: exit code 0 while /health/ answers 200 on this machine.

Needs nothing but Python's own library. Where HTTP only points to HTTPS, HTTPS is asked; that the
certificate is the device's own making does not matter from inside.
"""

import http.client
import os
import ssl
import sys

TIMEOUT_S = 8.0


def main() -> int:
    try:
        status = _ask(
            http.client.HTTPConnection(_host(), _port("SERVICE_PORT", 8000), timeout=TIMEOUT_S)
        )
        if 300 <= status < 400:
            context = ssl._create_unverified_context()  # noqa: S323 - it asks itself
            port = _port("HTTPS_PORT", 8443)
            status = _ask(
                http.client.HTTPSConnection(_host(), port, timeout=TIMEOUT_S, context=context)
            )
    except (OSError, http.client.HTTPException) as error:
        print(f"the device does not answer: {error}", file=sys.stderr)  # noqa: T201
        return 1
    return 0 if status == 200 else 1


def _ask(connection: http.client.HTTPConnection) -> int:
    try:
        connection.request("GET", "/health/", headers={"Host": "localhost"})
        return connection.getresponse().status
    finally:
        connection.close()


def _host() -> str:
    host = os.environ.get("SERVICE_HOST") or "0.0.0.0"  # noqa: S104 - compared, not bound
    return "localhost" if host in ("0.0.0.0", "::") else host  # noqa: S104


def _port(name: str, default: int) -> int:
    return int(os.environ.get(name) or default)


if __name__ == "__main__":
    sys.exit(main())
