"""Whether a page of this device asked, or one of another site.

A browser adds cookies, and the answer to a Digest challenge, to what any page sends. Only the
Origin header tells whose page it was; programs that are no browser send none.
"""

from urllib.parse import urlsplit

PORTS = {"http": 80, "https": 443}


def is_own(origin: str, host: str) -> bool:
    """Whether origin ("http://192.168.1.9:8000") is a page of host ("192.168.1.9:8000")."""
    try:
        asked = urlsplit(f"//{host}")
        page = urlsplit(origin)
        default = PORTS[page.scheme]
        return bool(page.hostname) and (page.hostname, page.port or default) == (
            asked.hostname,
            asked.port or default,
        )
    except (KeyError, ValueError):
        return False
