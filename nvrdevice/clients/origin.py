"""Whether a page of this device asked, or one of another site.

A browser adds cookies, and the answer to a Digest challenge, to what any page sends. Only the
Origin header tells whose page it was; programs that are no browser send none.
"""

from urllib.parse import urlsplit

PORTS = {"http": 80, "https": 443}


def is_own(origin: str, host: str, *, secure: bool = False) -> bool:
    """Whether origin ("http://192.168.1.9:8000") is a page of host ("192.168.1.9:8000").

    secure: asked over HTTPS, where a page that came over HTTP is not trusted. The other way round
    there may be a proxy before this device that ends TLS and tells nothing.
    """
    try:
        asked = urlsplit(f"//{host}")
        page = urlsplit(origin)
        default = PORTS[page.scheme]
        if secure and page.scheme != "https":
            return False
        return bool(page.hostname) and (page.hostname, page.port or default) == (
            asked.hostname,
            asked.port or default,
        )
    except (KeyError, ValueError):
        return False
