"""What is learned from Secrets: which values are worth it. Pure."""

import base64
import binascii
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from omg.masking.keys import fold, hides, is_path, is_sensitive, looks_random

SHORTEST = 8
"""Characters; shorter values would hide ordinary words everywhere."""

SHORTEST_WORD = 10
"""Characters of a value of lower-case letters alone: a shorter one may be an ordinary word."""

LONGEST = 4096
"""Bytes of a value that is learned as a whole; what is longer is learned by its parts."""

_HOST = re.compile(r"(?:[a-z0-9_](?:[-a-z0-9_]*[a-z0-9])?\.)+[a-z0-9-]+(?::\d+)?")
_ADDRESS = re.compile(r"[0-9a-fA-F:.]+(?:/\d+)?")
_NUMBER = re.compile(r"[-+]?[\d.,_:]+(?:[a-zA-Z]{1,3})?")
_WORDS = re.compile(r"[A-Za-z][a-z]*(?:[-_. /][A-Za-z]?[a-z]+|[-_][0-9]{1,3})*[0-9]{0,2}")
_HEX = re.compile(r"[0-9a-f]{16,}")
_LINE = re.compile(
    r"^[\s\-]{0,40}(?:export\s+)?[\"']?([A-Za-z_][\w.\-]{0,120})[\"']?\s{0,20}(?:=|:)\s{0,20}(.{1,4096}?)\s*$",
    re.MULTILINE,
)
_URL = re.compile(r"[a-zA-Z][a-zA-Z0-9+.\-]{1,30}://([^\s\"'<>]{1,2000})")
_PUBLIC = ("-----BEGIN CERTIFICATE-----", "-----BEGIN PUBLIC KEY-----", "ssh-rsa ", "ssh-ed25519 ", "ecdsa-sha2-")
_USERS = frozenset(
    {
        "username",
        "user",
        "login",
        "host",
        "hostname",
        "port",
        "vhost",
        "dbname",
        "database",
        "provider",
        "type",
        "email",
    }
)


def worth_learning(value: str, *, sensitive: bool) -> bool:
    """Whether a value is looked for everywhere.

    Args:
        value: as it stands in a Secret, without quotes.
        sensitive: the key it stands under says that it is secret; else it must look drawn rather than written.
    """
    if not SHORTEST <= len(value) <= LONGEST or "__hidden_" in value or _is_number_or_path(value):
        return False
    if sensitive:
        is_host = _HOST.fullmatch(value) and not looks_random(value)
        is_word = value.isalpha() and value.islower() and len(value) < SHORTEST_WORD
        return not is_host and not is_word
    if _HOST.fullmatch(value) or _WORDS.fullmatch(value) or value.startswith(("/", "./", "http://", "https://")):
        return False
    return looks_random(value)


def _is_number_or_path(value: str) -> bool:
    if _NUMBER.fullmatch(value) or (_ADDRESS.fullmatch(value) and not _HEX.fullmatch(value)):
        return True
    return is_path(value)


def values_of(secret: Mapping[str, Any]) -> Iterator[bytes]:
    """The values of one Secret object that are worth learning."""
    kind = str(secret.get("type") or "")
    data = secret.get("data") or {}
    plain = secret.get("stringData") or {}
    for key, encoded in data.items() if isinstance(data, Mapping) else ():
        try:
            raw = base64.b64decode(encoded, validate=False)
        except (binascii.Error, TypeError, ValueError):
            continue
        yield from _of_entry(str(key), raw, kind)
    for key, text in plain.items() if isinstance(plain, Mapping) else ():
        yield from _of_entry(str(key), str(text).encode("utf-8", "replace"), kind)


def _of_entry(key: str, raw: bytes, kind: str) -> Iterator[bytes]:
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        if SHORTEST <= len(raw) <= LONGEST:
            yield raw
        return
    if kind == "helm.sh/release.v1":
        return
    yield from (value.encode() for value in _of_text(key, text) if value)


def _of_text(key: str, text: str) -> Iterator[str]:
    stripped = text.strip()
    if not stripped or (stripped.startswith(_PUBLIC) and "PRIVATE" not in stripped):
        return
    if "-----BEGIN" in stripped:
        yield from _pem_lines(stripped)
        return
    if stripped[0] in "{[":
        try:
            yield from _of_json(key, json.loads(stripped))
        except ValueError:
            pass
        else:
            return
    if "\n" not in stripped:
        yield from _of_value(key, stripped, in_secret=True)
    named = False
    for found in _LINE.finditer(text):
        named = True
        inner = found[2].strip().strip("\"'")
        if is_sensitive(found[1]) and hides(found[1], inner):
            yield from _of_value(found[1], inner, in_secret=False, sensitive=True)
        else:
            yield from _of_urls(inner)
    if not named and "\n" in stripped:
        yield from _of_lines(stripped)


def _of_lines(text: str) -> Iterator[str]:
    """The lines of a text that isn't a configuration; of `user:hash`, the hash."""
    for line in text.splitlines():
        one = line.strip()
        if ":" in one and "$" in one:
            one = one.split(":", 1)[1]
        if worth_learning(one, sensitive=False):
            yield one


def _of_value(key: str, value: str, *, in_secret: bool, sensitive: bool = False) -> Iterator[str]:
    folded = fold(key)
    if folded in _USERS:
        return
    if "://" in value:
        yield from _of_urls(value)
        return
    if worth_learning(value, sensitive=sensitive or (in_secret and is_sensitive(key))):
        yield value
    if ":" in value and sensitive is False and in_secret and re.fullmatch(r"[\w.\-]+:\S+", value):
        inner = value.split(":", 1)[1]
        if worth_learning(inner, sensitive=True):
            yield inner


def _of_urls(text: str) -> Iterator[str]:
    for found in _URL.finditer(text):
        authority = found[1]
        at = authority.rfind("@")
        for part in authority[: at + 1].split("@")[:-1] if at >= 0 else ():
            userinfo = part.rsplit(",", 1)[-1] if "," in part and ":" in part.rsplit(",", 1)[-1] else part
            password = userinfo.partition(":")[2]
            for one in {password, unquote(password)}:
                if worth_learning(one, sensitive=True):
                    yield one
        whole = authority[:at].partition(":")[2] if at >= 0 else ""
        if whole and "@" in whole and worth_learning(whole, sensitive=True):
            yield whole


def _of_json(key: str, value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        name = value.get("name")
        for inner_key, inner in value.items():
            yield from _of_json(str(name) if inner_key == "value" and isinstance(name, str) else str(inner_key), inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _of_json(key, inner)
    elif isinstance(value, str):
        if fold(key) == "auth":
            yield value
            try:
                yield base64.b64decode(value, validate=True).decode().partition(":")[2]
            except (ValueError, UnicodeDecodeError):
                return
        elif "-----BEGIN" in value and "PRIVATE" in value:
            yield from _pem_lines(value)
        else:
            yield from _of_value(key, value, in_secret=True, sensitive=is_sensitive(key) and hides(key, value))


def _pem_lines(text: str) -> Iterator[str]:
    secret = False
    for line in text.splitlines():
        one = line.strip()
        if one.startswith("-----BEGIN"):
            secret = "CERTIFICATE" not in one and "PUBLIC" not in one
        elif one.startswith("-----END"):
            secret = False
        elif secret and len(one) >= 16:
            yield one
