"""The forms in which a value may turn up: as it is, escaped as notations escape it, and in base64. Pure."""

import base64
import json
import re
import shlex
from collections.abc import Iterator
from urllib.parse import quote, quote_plus

_KEY_LINE = re.compile(rb"[A-Za-z0-9+/]{64}|[A-Za-z0-9+/]{70}|[A-Za-z0-9+/]{76}")
_DIGITS = re.compile(rb"[0-9a-fA-F]+")
_PLAIN = re.compile(r"[A-Za-z0-9_.\-~]+")
"""A text that every notation writes as it is."""

_URL_SAFE = bytes.maketrans(b"+/", b"-_")
_IN_SQL = str.maketrans({"\\": "\\\\", "'": "\\'", '"': '\\"'})
_IN_SINGLE = str.maketrans({"\\": "\\\\", "'": "\\'"})
_IN_DOUBLE = str.maketrans({"\\": "\\\\", '"': '\\"', "$": "\\$", "`": "\\`"})
_IN_XML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_QUOTES_IN_XML = tuple(
    str.maketrans({'"': double, "'": single})
    for double, single in (("&quot;", "&apos;"), ("&#34;", "&#39;"), ("&quot;", "&#x27;"))
)
_IN_GO = {"\\u0026": "&", "\\u003c": "<", "\\u003e": ">"}


def forms_of(value: bytes) -> Iterator[bytes]:
    """Every form of a value; some may be the same.

    A line of a private key has one form: encoded again, it comes with its frame, which net 1 knows.
    """
    yield value
    if _KEY_LINE.fullmatch(value) and not _DIGITS.fullmatch(value):
        return
    try:
        text = value.decode()
    except UnicodeDecodeError:
        text = ""
    if text and not _PLAIN.fullmatch(text):
        yield from (form.encode("utf-8", "surrogatepass") for form in escaped(text))
    yield from base64_forms(value)


def escaped(text: str) -> Iterator[str]:
    """A text as JSON, URLs, shells, Python, SQL, XML and YAML write it, JSON once more within JSON."""
    for in_json in (json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]):
        yield in_json
        yield json.dumps(in_json, ensure_ascii=False)[1:-1]
        of_go = in_json
        for written, character in _IN_GO.items():
            of_go = of_go.replace(character, written)
        yield of_go
        yield json.dumps(of_go, ensure_ascii=False)[1:-1]
    yield quote(text, safe="")
    yield quote(text)
    yield quote_plus(text)
    yield shlex.quote(text).strip("'")
    yield text.replace("'", "'\\''")
    yield text.translate(_IN_DOUBLE)
    yield repr(text)[1:-1]
    yield text.translate(_IN_SINGLE)
    yield text.translate(_IN_SQL)
    yield text.replace("'", "''")
    in_xml = text.translate(_IN_XML)
    yield in_xml
    yield from (in_xml.translate(quotes) for quotes in _QUOTES_IN_XML)


def base64_forms(value: bytes) -> Iterator[bytes]:
    """The part of base64 that depends on the value alone, for each of the three places it may begin at."""
    for offset, skip in ((0, 0), (1, 2), (2, 3)):
        encoded = base64.b64encode(b"\0" * offset + value)
        certain = (offset + len(value)) * 8 // 6
        form = encoded[skip:certain]
        yield form
        if b"+" in form or b"/" in form:
            yield form.translate(_URL_SAFE)
