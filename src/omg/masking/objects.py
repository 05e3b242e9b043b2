"""Decoded objects, masked leaf by leaf: their structure and every leaf that isn't secret stay."""

import base64
import binascii
import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Container, Mapping, Set
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Any

from omg.masking.data_urls import data_of
from omg.masking.keys import KNOWN_KEYS, NAMES, fold, hides, hides_argument, is_sensitive
from omg.masking.packed import may_be_packed, packed, unpacked
from omg.masking.rule import Span
from omg.masking.rules import SIEVE, spans
from omg.masking.wording import looks_drawn

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
PUBLIC = (b"-----BEGIN CERTIFICATE-----", b"-----BEGIN PUBLIC KEY-----")
NAMES_OF_KEYS = frozenset(
    {
        "passwordselectors",
        "passwordselector",
        "secretkeyref",
        "configmapkeyref",
        "ownerreferences",
        "matchlabels",
        "labels",
    }
)
"""Folded keys below which the values are names, whatever the keys say."""

_GIVEN = re.compile(r"--?(?P<key>[A-Za-z][\w.\-]{0,100})=")
"""An option with its value in one argument."""

COMMANDS = frozenset({2})
"""The net that knows commands."""

LONGEST_COMMAND = 4096
"""Characters of a list that is read as one command."""

SHORTEST = 8
"""Characters; a shorter text is looked at only for the key above it."""


Places = Callable[[bytes], list[Span]]
"""Says where in some lines something may be hidden."""


class Everything(Container[str]):
    """Holds whatever one asks for."""

    def __contains__(self, _one: object) -> bool:
        return True


EVERYTHING = Everything()


@dataclass(frozen=True, slots=True)
class Means:
    """What an object is masked with.

    Args:
        text: masks a text.
        places: says where in some lines something may be hidden.
        placeholder: of a value.
        by_key: whether keys count (net 2).
        by_shape: whether Secret data counts (net 1).
    """

    text: Callable[[bytes], bytes]
    places: Places
    placeholder: Callable[[bytes], bytes]
    by_key: bool
    by_shape: bool


class ObjectMasker:
    """Walks objects.

    Args:
        means: what they are masked with.
        suspects: the texts that are looked at; for the others only keys count.
    """

    def __init__(self, means: Means, suspects: Container[str] = EVERYTHING) -> None:
        self._means = means
        self._suspects = suspects

    def mask(self, value: dict[str, Any] | list[Any]) -> Any:
        """The same value with its secrets hidden; the argument isn't changed."""
        # Few texts hold anything: all are looked at together before any is looked at by itself.
        suspects = suspects_of(value, self._means.places)
        return ObjectMasker(self._means, suspects)._walk(value, names=False)  # noqa: SLF001 - the same class

    def _walk(self, value: Any, *, names: bool, secretive: str = "") -> Any:
        if isinstance(value, str):
            return self._string(value)
        if isinstance(value, dict):
            return self._mapping(value, names=names, secretive=secretive)
        if isinstance(value, list):
            return self._list(value, names=names, secretive=secretive)
        return value

    def _mapping(self, value: dict[str, Any], *, names: bool, secretive: str = "") -> dict[str, Any]:
        """A mapping; `secretive` is the sensitive key that it stands below, if there is one."""
        if self._means.by_shape and ("data" in value or "stringData" in value) and value.get("kind") == "Secret":
            return self._secret(value)
        if self._means.by_shape and value.get("kind") == "SecretList" and isinstance(value.get("items"), list):
            value = {**value, "items": [_as_secret(one) for one in value["items"]]}
        named = value.get("name") or value.get("key")
        is_pair = isinstance(named, str) and isinstance(value.get("value"), str)
        masked: dict[str, Any] = {}
        for key, inner in value.items():
            if isinstance(inner, str):
                under = str(named) if is_pair and key == "value" else key
                is_calm = not secretive and inner not in self._suspects and (names or not is_sensitive(under))
                masked[key] = inner if is_calm else self._leaf(under, inner, names=names, secretive=secretive)
            elif isinstance(inner, dict):
                if self._means.by_shape and _is_template(key):
                    masked[key] = self._secret(inner)
                    continue
                deeper = secretive or (key if self._means.by_key and not names and is_sensitive(key) else "")
                masked[key] = self._mapping(inner, names=names or _are_names(key), secretive=deeper)
            elif isinstance(inner, list):
                masked[key] = self._list_under(key, inner, names=names, secretive=secretive)
            else:
                masked[key] = self._hidden(str(inner)) if not names and self._is_secret_number(key, inner) else inner
        return masked

    def _list_under(self, key: str, value: list[Any], *, names: bool, secretive: str) -> list[Any]:
        if names or not self._means.by_key or not is_sensitive(key):
            return self._list(value, names=names or _are_names(key), secretive=secretive)
        return [
            self._under(key, one) if isinstance(one, str) else self._walk(one, names=names, secretive=key)
            for one in value
        ]

    def _leaf(self, key: str, value: str, *, names: bool, secretive: str) -> str:
        if names:
            return self._string(value)
        if secretive and _is_below(secretive, key, value):
            return self._hidden(value)
        return self._under(key, value)

    def _is_secret_number(self, key: str, value: Any) -> bool:
        if not self._means.by_key or isinstance(value, bool) or not isinstance(value, (int, float)):
            return False
        return fold(key).endswith(("password", "passwd", "passphrase")) and len(str(value)) >= 6

    def _under(self, key: str, value: str, leaf: str = "") -> str:
        if self._means.by_key and is_sensitive(key) and _is_whole(key, value) and hides(key, value):
            return self._hidden(value)
        return self._string(value, leaf)

    def _hidden(self, value: str) -> str:
        return self._means.placeholder(value.encode("utf-8", "surrogatepass")).decode()

    def _list(self, value: list[Any], *, names: bool, secretive: str = "") -> list[Any]:
        masked = []
        previous = ""
        told = self._told_by_the_command(value) if not names and self._means.by_key else {}
        for place, inner in enumerate(value):
            if isinstance(inner, str):
                element = self._element(previous, inner, names=names, secretive=secretive)
                is_told = place in told and element == inner
                masked.append(self._with_hidden(inner, told[place]) if is_told else element)
            else:
                masked.append(self._walk(inner, names=names, secretive=secretive))
            previous = inner if isinstance(inner, str) else ""
        return masked

    def _told_by_the_command(self, value: list[Any]) -> dict[int, list[Span]]:
        """What is secret in the words of a command, by their place; nothing where the list can't be one."""
        words = [one for one in value if isinstance(one, str)]
        line = " ".join(words)
        if len(words) != len(value) or len(words) < 2 or "\n" in line or len(line) > LONGEST_COMMAND:
            return {}
        numbers = SIEVE.which(line.encode("utf-8", "surrogatepass"))
        found: dict[int, list[Span]] = {}
        parts = spans(line, numbers, COMMANDS) if numbers else []
        begin = 0
        for place, one in enumerate(words):
            end = begin + len(one)
            inside = [(max(a, begin) - begin, min(b, end) - begin) for a, b in parts if a < end and b > begin]
            if inside:
                found[place] = inside
            begin = end + 1
        return found

    def _with_hidden(self, value: str, parts: list[Span]) -> str:
        out, at = [], 0
        for begin, end in parts:
            out += [value[at:begin], self._hidden(value[begin:end])]
            at = end
        return self._string("".join((*out, value[at:])), value)

    def _element(self, previous: str, value: str, *, names: bool, secretive: str) -> str:
        if names:
            return self._string(value)
        return self._hidden(value) if secretive and _is_below(secretive, "", value) else self._argument(previous, value)

    def _argument(self, previous: str, value: str) -> str:
        """An element of a list, which may be the value of the option before it or of the one it begins with."""
        if previous.startswith("-") and "=" not in previous and is_sensitive(previous.lstrip("-")):
            if self._means.by_key and hides_argument(value):
                return self._hidden(value)
        elif value.startswith("-") and (given := _GIVEN.match(value)):
            return given[0] + self._under(given["key"], value[given.end() :], value)
        return self._string(value)

    def _string(self, value: str, leaf: str = "") -> str:
        """A text; `leaf` is the one that it is a part of, where it isn't a leaf itself."""
        if len(value) < SHORTEST or (leaf or value) not in self._suspects:
            return value
        if _may_be_json(value):
            try:
                inner = json.loads(value)
            except ValueError:
                inner = None
            if isinstance(inner, (dict, list)):
                masked = self.mask(inner)
                return value if masked == inner else _like(value, masked)
        inside = self._in_a_wrapping(value)
        if inside is not None:
            return inside
        raw = value.encode("utf-8", "surrogatepass")
        out = self._means.text(raw)
        return value if out is raw else out.decode("utf-8", "surrogatepass")

    def _in_a_wrapping(self, value: str) -> str | None:
        """The value with what is in it hidden, where it wraps a text in another form; None where it doesn't."""
        if value.startswith("data:") and (opened := data_of(value)):
            text = self._inside(opened.text)
            return value if text == opened.text else opened.holding(text)
        if self._means.by_shape and may_be_packed(value) and (inside := unpacked(value)):
            text = self._inside(inside[0])
            return value if text == inside[0] else packed(text, inside[1])
        return None

    def _inside(self, text: str) -> str:
        """A text that was wrapped: it is none of the suspects."""
        return ObjectMasker(self._means)._string(text)  # noqa: SLF001 - the same class

    def _secret(self, secret: dict[str, Any]) -> dict[str, Any]:
        rest = {key: inner for key, inner in secret.items() if key not in {"data", "stringData"}}
        masked = (
            self._mapping(rest, names=False)
            if rest.get("kind") != "Secret"
            else {key: self._walk(inner, names=False) for key, inner in rest.items()}
        )
        for key, inner in secret.items():
            if key == "data" and isinstance(inner, Mapping):
                masked[key] = {name: self._data(name, one) for name, one in inner.items()}
            elif key == "stringData" and isinstance(inner, Mapping):
                masked[key] = {name: self._entry(name, str(one).encode()).decode() for name, one in inner.items()}
        return {key: masked[key] for key in secret if key in masked}

    def _data(self, name: str, encoded: Any) -> Any:
        if not isinstance(encoded, str) or "__hidden_" in encoded:
            return encoded
        try:
            raw = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError):
            raw = encoded.encode("utf-8", "surrogatepass")
        return base64.b64encode(self._entry(name, raw)).decode()

    def _entry(self, name: str, raw: bytes) -> bytes:
        """One value of a Secret: a configuration stays readable, everything else is hidden whole."""
        stripped = raw.strip()
        if not stripped or b"__hidden_" in stripped:
            return raw
        if stripped.startswith(PUBLIC) and b"PRIVATE KEY" not in stripped:
            return raw
        try:
            raw.decode()
        except UnicodeDecodeError:
            return self._means.placeholder(raw)
        if b"\n" in stripped and _is_configuration(name, stripped) and b"PRIVATE KEY-----" not in stripped:
            return self._means.text(raw)
        return self._means.placeholder(raw)


def _as_secret(value: Any) -> Any:
    """An element of a list of Secrets, which the server gives without its kind."""
    return {"kind": "Secret", **value} if isinstance(value, dict) and "kind" not in value else value


def _is_below(secretive: str, key: str, value: str) -> bool:
    """Whether what stands below a sensitive key is secret, although its own key doesn't say so."""
    if fold(secretive).endswith("logins"):  # of users and their passwords
        return hides("password", value)
    if fold(key) in NAMES or is_sensitive(key):
        return False
    return looks_drawn(value) and hides("password", value)


def leaves_of(value: dict[str, Any] | list[Any]) -> list[str]:
    """The texts in an object that are long enough to be looked at."""
    leaves: list[str] = []
    waiting: list[Any] = [value]
    while waiting:
        one = waiting.pop()
        for inner in one.values() if isinstance(one, dict) else one:
            if isinstance(inner, str):
                if len(inner) >= SHORTEST:
                    leaves.append(inner)
            elif isinstance(inner, (dict, list)):
                waiting.append(inner)
    return leaves


def suspects_of(value: dict[str, Any] | list[Any], places: Places) -> Set[str]:
    """The texts in an object in which something may be hidden, or that wrap others."""
    leaves = leaves_of(value)
    suspects = {leaf for leaf in leaves if _may_be_json(leaf) or leaf.startswith("data:") or may_be_packed(leaf)}
    encoded = [leaf.encode("utf-8", "surrogatepass") for leaf in leaves]
    found = places(b"\n".join(encoded))
    ends = list(accumulate(len(one) + 1 for one in encoded)) if found else []
    for begin, end in found:
        suspects.update(leaves[bisect_right(ends, begin) : bisect_left(ends, end) + 1])
    return suspects


def _may_be_json(text: str) -> bool:
    return text[0] in "{[" and '":' in text


def _is_whole(key: str, value: str) -> bool:
    """Whether a value is hidden as one: a text of several lines and a URL are looked at inside."""
    if "\n" in value.strip():
        return False
    return "://" not in value or fold(key).endswith(("password", "token", "secret"))


@lru_cache(maxsize=KNOWN_KEYS)
def _are_names(key: str) -> bool:
    return fold(key) in NAMES_OF_KEYS


@lru_cache(maxsize=KNOWN_KEYS)
def _is_template(key: str) -> bool:
    """Whether what stands under a key is what Secrets are made by."""
    return fold(key).endswith("secrettemplate")


def _is_configuration(name: str, text: bytes) -> bool:
    if name.endswith((".conf", ".cfg", ".ini", ".yaml", ".yml", ".sh", ".py", ".cnf", ".xml", ".j2")):
        return True
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    told = sum(line.startswith((b"[", b"#", b"<", b"-")) or b"=" in line or b": " in line for line in lines)
    return len(lines) > 2 and told >= len(lines) * 0.7


def _like(original: str, value: Any) -> str:
    """JSON again, as compact as the original was, with its last line feed."""
    pretty = "\n" in original.strip()
    separators = None if ": " in original[:2000] else (",", ":")
    text = json.dumps(
        value, ensure_ascii=False, indent=2 if pretty else None, separators=None if pretty else separators
    )
    return text + original[len(original.rstrip()) :]
