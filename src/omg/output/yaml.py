"""JSON data as YAML that every reader reads back as the same data, in the looks of `kubectl get -o yaml`.

Readers disagree about what a plain word means. PyYAML follows YAML 1.1 (`y` and `on` are booleans, `12:30:45` is a
number in base 60, `1e3` is a string), Kubernetes' Go readers (sigs.k8s.io/yaml over yaml.v2) something in between
(`1e3` is a number, `0o17` too). So a string is left plain only where no reader could take it for anything else; it
becomes a literal block where it has lines and nothing invisible in it, and is double-quoted in every other case.

A lone surrogate, which JSON can carry and neither UTF-8 nor Go can, is written as U+FFFD, as Go's JSON reader has it.
"""

import re
from collections.abc import Callable
from json.encoder import encode_basestring as _quote_for_json
from typing import Any

_WORD = r"[A-Za-z0-9_./\-@+=,;()~%*&$!^<>?|\\'\"\[\]{}]"
_PLAIN = re.compile(
    rf"""
    (?: [A-Za-z_/] | --(?=[A-Za-z]) ) {_WORD}* (?: [ :] {_WORD}+ )*  # words, paths, image names, --flags
    | -[A-Za-z]                                                     # a short flag
    | \d[\w.\-]* [g-nq-su-wyG-NQ-SU-WY] [\w.\-]*                    # 100m, 1Gi: numbers don't have these letters
    | \d+ (?: \.\d+ ){{2,3}} (?: /\d+ )?                            # 10.0.0.1, 4.16.3, 10.0.0.0/24
    | [\da-f]{{8}} (?: -[\da-f]{{4}} ){{3}} -[\da-f]{{12}}          # a uid
    """,
    re.VERBOSE | re.ASCII,
).fullmatch
"""What no reader takes for a number, a date, a boolean or syntax, but for the words below."""

_TAKEN = frozenset(
    ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nil", "none", "inf", "infinity", "nan"]
)
"""Words, in any case, that some reader takes for something else than a string."""

_LONGEST_TAKEN = max(map(len, _TAKEN))

_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]").search
"""Characters that a block would lose, change or hide."""

_ESCAPED = re.compile(r"[\x7f-\xa0\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
"""What JSON leaves as it is and YAML readers refuse, fold or drop."""

_BEFORE_TEXT = re.compile(r"\n(?=[^\n])")

LONGEST_PLAIN_KEY = 128
"""Characters; above it a key is written in the form `? KEY`, as libyaml's emitters do (readers stop at 1,024)."""

_Write = Callable[[str], None]

_known_keys: dict[str, str] = {}
_KNOWN_KEYS = 20_000


def dump(data: Any) -> bytes:
    """A document with `data`, in UTF-8, ending with a line break; keys keep their order.

    Args:
        data: what a JSON reader gives: dict with string keys, list, str, int, float, bool, None.

    Raises:
        TypeError: it holds something that JSON can't.
        RecursionError: it is nested deeper than Python's stack.
    """
    out: list[str] = []
    _node(data, "\n", "", out.append)
    out.append("\n")
    return "".join(out).encode()


LIST_HEADER = b"apiVersion: v1\nkind: List\n"
EMPTY_LIST = LIST_HEADER + b"items: []\n"


def list_start() -> bytes:
    """The beginning of a list that has items; one `list_item` each follows."""
    return LIST_HEADER + b"items:\n"


def list_item(data: Any) -> bytes:
    """One item of a list that `list_start` began."""
    out: list[str] = ["-"]
    _node(data, "\n  ", " ", out.append)
    out.append("\n")
    return "".join(out).encode()


def _node(value: Any, newline: str, before: str, write: _Write) -> None:
    """Write a value whose first line continues what was written.

    Args:
        value: what is written.
        write: takes the pieces.
        newline: a line break and the indentation of the value's own entries.
        before: what separates the value from what was written.
    """
    kind = type(value)
    if kind is dict and value:
        _mapping(value, newline, before, write)
    elif kind is list and value:
        _sequence(value, newline, before, write)
    else:
        indent = newline if before else newline + "  "
        write(f"{before}{_string(value, indent) if kind is str else _scalar(value, kind)}")


def _mapping(entries: dict[str, Any], newline: str, lead: str, write: _Write) -> None:
    inner = newline + "  "
    for key, value in entries.items():
        name = _known_keys.get(key) or _key(key, newline)
        kind = type(value)
        if kind is str:
            if _PLAIN(value) and (len(value) > _LONGEST_TAKEN or value.lower() not in _TAKEN):
                write(f"{lead}{name} {value}")
            else:
                write(f"{lead}{name} {_string(value, inner)}")
        elif kind is dict and value:
            write(f"{lead}{name}")
            _mapping(value, inner, inner, write)
        elif kind is list and value:
            write(f"{lead}{name}")
            _sequence(value, newline, newline, write)
        else:
            write(f"{lead}{name} {_scalar(value, kind)}")
        lead = newline


def _sequence(items: list[Any], newline: str, lead: str, write: _Write) -> None:
    inner = newline + "  "
    for item in items:
        kind = type(item)
        if kind is dict and item:
            write(f"{lead}-")
            _mapping(item, inner, " ", write)
        elif kind is list and item:
            write(f"{lead}-")
            _sequence(item, inner, " ", write)
        else:
            write(f"{lead}- {_string(item, inner) if kind is str else _scalar(item, kind)}")
        lead = newline


def _scalar(value: Any, kind: type) -> str:
    if value is None:
        return "null"
    if kind is bool:
        return "true" if value else "false"
    if kind is int:
        return str(value)
    if kind is float:
        return _float(value)
    if kind is dict:
        return "{}"
    if kind is list:
        return "[]"
    raise TypeError(f"JSON has no {kind.__name__}")


def _float(value: float) -> str:
    """A number as both families read it: YAML 1.1 wants a point and a signed exponent."""
    text = repr(value)
    if "e" in text and "." not in text:
        return text.replace("e", ".0e")
    return {"inf": ".inf", "-inf": "-.inf", "nan": ".nan"}.get(text, text)


def _key(key: str, newline: str) -> str:
    """A key with its colon; where it is long, in a form that may be."""
    if type(key) is not str:
        raise TypeError(f"JSON has no key of type {type(key).__name__}")
    text = _one_line(key)
    if len(text) > LONGEST_PLAIN_KEY:
        return f"? {text}{newline}:"
    name = f"{text}:"
    if len(_known_keys) < _KNOWN_KEYS:
        _known_keys[key] = name
    return name


def _one_line(text: str) -> str:
    if _PLAIN(text) and (len(text) > _LONGEST_TAKEN or text.lower() not in _TAKEN):
        return text
    return _quoted(text)


def _string(text: str, newline: str) -> str:
    """A string value; `newline` carries the indentation that its own lines would have."""
    if "\n" in text and not text.isspace() and not _UNSEEN(text):
        return _literal(text, newline)
    return _one_line(text)


def _quoted(text: str) -> str:
    """In double quotes; JSON's escapes are YAML's too."""
    quoted = _quote_for_json(text)
    return quoted if quoted.isascii() and "\x7f" not in quoted else _ESCAPED.sub(_escape, quoted)


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\u{0xFFFD if 0xD800 <= code <= 0xDFFF else code:04X}"


def _literal(text: str, newline: str) -> str:
    """A literal block; the readers are told its indentation where the first line would mislead them."""
    told = "2" if text[0] in " \t\n" else ""
    if not text.endswith("\n"):
        chomp, lines = "-", f"\n{text}"
    else:
        chomp, lines = "+" if text.endswith("\n\n") else "", f"\n{text[:-1]}"
    shifted = _BEFORE_TEXT.sub(newline, lines) if "\n\n" in lines else lines.replace("\n", newline)
    return f"|{told}{chomp}{shifted}"
