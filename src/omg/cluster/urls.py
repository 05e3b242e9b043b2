"""Whether a URL leads to a host: asked before the first request, whose errors would tell less."""

from urllib.parse import urlsplit

from yarl import URL


def is_usable(url: str) -> bool:
    """Whether it is an http or https URL whose host can be looked up."""
    try:
        parts = urlsplit(url)
        (parts.hostname or "").encode("idna")  # as it is looked up: labels have a length
        is_whole = bool(parts.hostname) and parts.port != 0 and bool(URL(url).host)
    except ValueError:  # UnicodeError is one
        return False
    return is_whole and parts.scheme in {"http", "https"} and url.isprintable() and " " not in url
