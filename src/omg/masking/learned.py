"""What is learned from Secrets: which values are worth it. Pure.

A Secret's value is learned as a whole, and by what is in it: the leaves of a structure, and all that nets 1 and 2 would
hide in its text. So what is secret by its name in one place is looked for in every other.
"""

import base64
import binascii
import html
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from omg.masking.data_urls import data_of
from omg.masking.keys import fold, hides, is_certain, is_sensitive, names_a_thing
from omg.masking.leaves import leaves_of
from omg.masking.packed import unpacked, unpacked_bytes
from omg.masking.wording import (
    has_signs_of_drawing,
    is_host,
    is_measure,
    is_worded,
    looks_drawn,
    looks_random,
    unknown_words,
    word_count,
)

SHORTEST = 8
"""Characters; shorter values would hide ordinary words everywhere."""

SAFE = 12
"""Characters of one word from which on it is no other word by accident."""

LONGEST = 4096
"""Bytes of a value that is learned as a whole; what is longer is learned by its parts."""

PART = 3072
"""Bytes of a part: a multiple of three, so that base64 of the whole is base64 of the parts."""

DEEPEST = 4
"""Texts in texts that are looked into."""

ENOUGH_WORDS = 3
"""Words with blanks between them that make a phrase; two may be a name."""

HELM = "helm.sh/release.v1"
"""The type of Secrets that hold releases, packed: only what is in them is looked at."""

Hidden = Callable[[str], Iterable[str]]
"""What nets 1 and 2 would hide in a text."""

_PUBLIC = ("ssh-rsa ", "ssh-ed25519 ", "ecdsa-sha2-")
_PUBLIC_IN_BASE64 = ("LS0tLS1CRUdJTiBDRV", "LS0tLS1CRUdJTiBQVUJMSUM")
_PUBLIC_BLOCK = re.compile(
    r"-----BEGIN (?P<what>(?:TRUSTED |X509 )?CERTIFICATE(?: REQUEST)?|PUBLIC KEY|X509 CRL)-----[^-]*"
    r"-----END (?P=what)-----"
)
_SEPARATED = re.compile(r"[=:;,@\s<{\[\"']")
_SPACE = re.compile(r"\s")
_NUMBERED = re.compile(r"[A-Za-z]+\d{2,}\W?")
"""A word with a number behind it: what people take for a password."""

_PAIR = re.compile(r"[\w.\-@]{1,100}:(?P<value>\S+)")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_LIST = re.compile(r"[^\s,;]{8,}(?:\s*[,;]\s*[^\s,;]{1,200})+")
_TELLING_NAMES = ("password", "passwd", "credential", "credentials", "token", "apikey", "passphrase", "privatekey")
"""Ends of folded names of Secrets that say that all they hold is secret."""


def worth_learning(value: str, *, tells: bool, is_certain: bool = False) -> bool:
    """Whether a value is looked for everywhere.

    Args:
        value: as it stands in a Secret, without quotes.
        tells: the key it stands under says that it is secret; else it must look drawn rather than written.
        is_certain: the key never names a thing: several words below it are no name.
    """
    if not SHORTEST <= len(value) <= LONGEST or "__hidden_" in value or is_measure(value) or _are_hosts(value):
        return False
    if value.startswith(_PUBLIC_IN_BASE64):
        return False
    return _is_telling(value, is_certain=is_certain) if tells else _is_drawn(value)


def _is_telling(value: str, *, is_certain: bool) -> bool:
    """Whether a value under a sensitive key is more than a name."""
    if not is_worded(value) or _NUMBERED.fullmatch(value) or has_signs_of_drawing(value):
        return True
    is_phrase = _SPACE.search(value) is not None and ":" not in value
    return is_phrase or (is_certain and word_count(value) >= ENOUGH_WORDS)


def _is_drawn(value: str) -> bool:
    """Whether a value looks drawn or thought up, whatever it stands under."""
    if "://" in value:
        return False
    if has_signs_of_drawing(value) and len(value) >= SAFE and not _SPACE.search(value):
        return True
    if is_worded(value):
        return False
    is_phrase = word_count(value) >= (ENOUGH_WORDS if _SPACE.search(value) else ENOUGH_WORDS + 1)
    return looks_drawn(value) or (is_phrase and len(unknown_words(value)) >= 2)


def _are_hosts(value: str) -> bool:
    """Whether a value is a host, or several."""
    return all(is_host(one) or is_measure(one) or is_worded(one) for one in re.split(r",\s?", value)) and (
        "," in value or is_host(value)
    )


def values_of(secret: Mapping[str, Any], hidden: Hidden) -> Iterator[bytes]:
    """The values of one Secret object that are worth learning; some may come twice.

    Args:
        secret: the object.
        hidden: finds what nets 1 and 2 hide in a text.
    """
    name = fold(str((secret.get("metadata") or {}).get("name") or ""))
    all_tells = name.endswith(_TELLING_NAMES)
    is_release = secret.get("type") == HELM
    for key, raw in _entries(secret):
        text = _decoded(raw) or unpacked_bytes(raw)
        if text is None:
            yield from _of_binary(raw)
            continue
        if is_release:
            release = unpacked(text.strip())
            found = _of_text(key, release[0], hidden, tells=False, depth=1) if release else iter(())
        else:
            found = _of_text(key, text, hidden, tells=is_sensitive(key) or all_tells)
        yield from (value.encode() for value in found if value)


def _entries(secret: Mapping[str, Any]) -> Iterator[tuple[str, bytes]]:
    data, plain = secret.get("data") or {}, secret.get("stringData") or {}
    for key, encoded in data.items() if isinstance(data, Mapping) else ():
        try:
            yield str(key), base64.b64decode(encoded, validate=False)
        except (binascii.Error, TypeError, ValueError):
            continue
    for key, text in plain.items() if isinstance(plain, Mapping) else ():
        yield str(key), str(text).encode("utf-8", "replace")


def _decoded(raw: bytes) -> str | None:
    """The text; None where it is none."""
    try:
        if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
            return raw.decode("utf-16")
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def _of_binary(raw: bytes) -> Iterator[bytes]:
    if len(raw) <= LONGEST:
        if len(raw) >= SHORTEST:
            yield raw
        return
    yield from (raw[at : at + PART] for at in range(0, len(raw) - SHORTEST, PART))


def _of_text(key: str, text: str, hidden: Hidden, *, tells: bool, depth: int = 0) -> Iterator[str]:
    """The values in one text."""
    text = _PUBLIC_BLOCK.sub("", text) if "-----BEGIN" in text else text
    stripped = text.strip()
    if not stripped or depth > DEEPEST or stripped.startswith(_PUBLIC):
        return
    is_line = "\n" not in stripped
    if is_line:
        yield from _of_line(key, stripped, tells=tells)
    inner = unpacked(stripped) or _unpacked_word(stripped)
    if inner is not None:
        yield from _of_text(key, inner[0], hidden, tells=tells, depth=depth + 1)
        return
    if is_line and not _SEPARATED.search(stripped):
        return
    for inner_key, leaf in leaves_of(stripped):
        yield from _of_leaf(inner_key or key, leaf, hidden, depth=depth)
    pieces = list(hidden(text))
    for piece in pieces:
        yield from (one for one in _spelled_out(piece) if worth_learning(one, tells=True))
    if not is_line:
        yield from _of_lines(stripped)
    elif tells and pieces:
        yield from _around(stripped, pieces)


def _around(value: str, pieces: Iterable[str]) -> Iterator[str]:
    """What nets 1 and 2 leave of a value that happens to read like `key=value`.

    A text that was written before the value was known holds it so: the whole is in it no more.
    """
    if "://" in value or _SPACE.search(value):
        return
    for piece in pieces:
        value = value.replace(piece, "\n")
    parts = (part.strip("=:") for part in value.split("\n"))
    yield from (one for one in parts if worth_learning(one, tells=True))


def _of_line(key: str, value: str, *, tells: bool) -> Iterator[str]:
    """A value of one line, as a whole."""
    if (names_a_thing(key) and not tells) or "://" in value:
        return
    if len(value) > LONGEST:
        yield from (value[at : at + PART] for at in range(0, len(value) - SHORTEST, PART))
    elif worth_learning(value, tells=tells, is_certain=tells and is_certain(key)):
        yield value
    pair = _PAIR.fullmatch(value)
    if pair and worth_learning(pair["value"], tells=True):
        yield pair["value"]
    if tells and _LIST.fullmatch(value):
        yield from (one for part in re.split("[,;]", value) if worth_learning(one := part.strip(), tells=True))


def _of_leaf(key: str, value: str, hidden: Hidden, *, depth: int) -> Iterator[str]:
    """A leaf of a structure: what is in it, where it is a text, and itself where its key says so."""
    stripped = value.strip()
    if stripped.startswith("data:") and (opened := data_of(stripped)):
        yield from _of_text(key, opened.text, hidden, tells=is_sensitive(key), depth=depth + 1)
        return
    if "\n" in stripped or stripped[:1] in ("{", "["):
        yield from _of_text(key, value, hidden, tells=is_sensitive(key), depth=depth + 1)
        return
    if fold(key) == "auth":
        yield from _of_auth(stripped)
    elif is_sensitive(key) and hides(key, stripped):
        yield from _of_line(key, stripped, tells=True)
    elif not names_a_thing(key) and looks_random(stripped) and worth_learning(stripped, tells=False):
        yield stripped


def _of_auth(value: str) -> Iterator[str]:
    """The login of a registry: base64 of a user and a password."""
    try:
        user, colon, password = base64.b64decode(value, validate=True).decode().partition(":")
    except (ValueError, UnicodeDecodeError):
        return
    if user and colon:
        yield value
        yield password


def _of_lines(text: str) -> Iterator[str]:
    """The lines of a text that isn't a configuration; of `user:hash`, the hash."""
    for line in text.splitlines():
        one = line.strip()
        if _TAG.fullmatch(one):
            continue
        if ":" in one and "$" in one:
            one = one.split(":", 1)[1].split(":", 1)[0]
        pair = _PAIR.fullmatch(one)
        if pair and looks_drawn(pair["value"]) and worth_learning(pair["value"], tells=True):
            yield pair["value"]
        elif looks_random(one) and worth_learning(one, tells=False):
            yield one


def _spelled_out(piece: str) -> Iterator[str]:
    """What a piece of a text stands for, in the notations in which it may be written, and as it is."""
    one = piece.strip()
    yield one
    if "%" in one:
        yield unquote(one)
    if "&" in one:
        yield html.unescape(one)
    if "''" in one:
        yield one.replace("''", "'")
    if "\\" in one:
        try:
            yield json.loads(f'"{one}"')
        except ValueError:
            yield re.sub(r"\\(.)", r"\1", one)


def _unpacked_word(value: str) -> tuple[str, tuple[str, ...]] | None:
    """What a short word in base64 stands for, where that is a text."""
    if len(value) < SHORTEST or len(value) % 4 or not re.fullmatch(r"[A-Za-z0-9+/]+={0,2}", value):
        return None
    try:
        text = base64.b64decode(value, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (text, ("base64",)) if text.isprintable() and text.isascii() and len(text) > 5 else None
