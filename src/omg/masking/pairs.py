"""Net 2 on one line: what stands behind a name that says it is secret, in the notations of configuration. Pure."""

import re
from collections.abc import Iterator
from itertools import chain

from omg.masking.extents import JUDGED, LONGEST, Ends, closing, elements, in_flow, is_in_text, word
from omg.masking.keys import NAMES, OPTION, fold, hides, hides_argument, is_sensitive, is_url
from omg.masking.names import NAME
from omg.masking.rule import Rule, Span
from omg.masking.sieve import BEGIN, BLANK
from omg.masking.wording import is_worded, looks_drawn, looks_random

LEAD = 200
"""Characters of indentation and marks before a key that begins a line."""

_PAIR = re.compile(
    r"(?:(?<![\w.\-])|(?<=^-))\.?(?P<key>[A-Za-z_][\w.\-]{0,100}+)"
    r"(?:(?P<close>\\{0,7}+[\"']\]?)?(?P<join>\s{0,100}+(?:=>|:=|!=|\\?==?|\\?:)\s{0,16}+)|(?P<apart>\\{0,7}+[\"'],\s{0,4})(?=[bu]?\\{0,7}[\"']))"
    r"(?:&\w{1,60}\s{1,4}|!!?\w{1,20}\s{1,4}|\(\w{1,20}\)\s{1,4}(?:\(len=\d{1,9}\)\s{1,4})?)?"
    r"(?P<quote>[bu]?\\{0,7}+[\"'])?(?=[^\s])"
)
"""A key, what joins it to its value, and the mark that opens the value; YAML's anchor or tag, or a type that Go prints,
may stand between."""

_BEFORE_APART = re.compile(r"[(\[]\s{0,4}[bu]?\\{0,7}[\"']$")
"""Before the first of two quoted texts that are a pair."""

_ARGUMENTS = re.compile(r"(?P<q>\\{0,7}[\"'])--?(?P<key>[A-Za-z][\w\-]{1,60}+)(?P=q),\s{0,4}(?P<quote>[bu]?(?P=q))")
"""An option and its value in a list of arguments."""

_FLOW_ARGUMENTS = re.compile(
    r"[\[,]\s{0,4}--?(?P<key>[A-Za-z][\w\-]{1,60}),\s{1,4}(?P<value>[^\s,\[\]{}\"'][^,\[\]{}\"']{2,1024})(?=[,\]])"
)
"""The same in a list of YAML without quotes."""

_FLOW_PAIR = re.compile(r"[{,]\s{0,4}(?P<key>[\w.\-]{1,100}):\s{1,4}(?P<value>[^\s,\[\]{}\"']{3,1024})(?=\s{0,4}[,}])")
"""A pair in a mapping of YAML without quotes."""

_PATH = r"(?:[\w.~\-]{0,100}/){0,20}"
"""Before the name: of a patch it is the last part of a path."""

_FLOW_NAMED = re.compile(
    rf"[{{,]\s{{0,4}}(?:name|key|path):\s{{1,4}}{_PATH}(?P<key>[\w.~\-]{{1,100}}),\s{{1,4}}value:\s{{1,4}}"
    r"(?P<value>[^\s,\[\]{}\"'][^,\[\]{}\"']{2,1024})(?=[,}])"
)

_OPTION = re.compile(r"(?<![\w-])--?(?P<key>[A-Za-z][\w.\-]{1,100}+)(?P<join>\s{1,4}|=)(?=[^\s])")
_MYSQL = re.compile(r"\bmysql[\w-]{0,20}\b(?:(?!\bmysql)[^\n]){0,400}?\s-p(?=[^\s])")
_XML = re.compile(r"<(?P<key>[A-Za-z_][\w.:\-]{0,80})[^<>]{0,200}>(?P<value>[^<>]+)</(?P=key)>")
_STATS_AUTH = re.compile(r"\bauth\s{1,4}[\w.\-]{1,64}:(?P<value>[^\s:]{1,256})")
_BLOCK = re.compile(r"[|>][+-]?\d?[+-]?")
_LIST = re.compile(r"[\[(](?=\s{0,4}(?:[bu]?\\{0,7}[\"']|$))")
_NESTED = re.compile(r"\{(?=\s|$|[bu]?\\{0,7}[\"']|[\w.\-]{1,60}\s{0,4}:)|[\[({](?:\s{0,4}[\])}]|$)")
_QUOTED_PAIR = re.compile(
    r"(?P<q>\\{0,7}[\"'])(?P<key>[\w.\-]{1,100})(?P=q)\s{0,8}:\s{0,8}[bu]?(?P=q)(?P<value>[^\"'\\]{3,1024})(?P=q)"
)

_NAMED = re.compile(
    rf"(?P<q>\\{{0,7}}[\"'])(?:name|key|path)(?P=q)\s{{0,8}}:\s{{0,8}}(?P=q){_PATH}(?P<key>[\w.~\-]{{1,100}})(?P=q)\s{{0,8}},\s{{0,8}}"
    r"(?:(?P=q)op(?P=q)\s{0,8}:\s{0,8}(?P=q)\w{1,10}(?P=q)\s{0,8},\s{0,8})?"
    r"(?P=q)value(?P=q)\s{0,8}:\s{0,8}(?P<quote>[bu]?(?P=q))"
)
"""An entry of a list of names and values, as of a container's environment; or of paths and values, as of a patch."""

_VALUE_FIRST = re.compile(
    r"(?P<q>\\{0,7}[\"'])value(?P=q)\s{0,8}:\s{0,8}(?P=q)(?P<value>[^\"'\\]{3,4096})(?P=q)\s{0,8},\s{0,8}"
    rf"(?P=q)(?:name|key|path)(?P=q)\s{{0,8}}:\s{{0,8}}(?P=q){_PATH}(?P<key>[\w.~\-]{{1,100}})(?P=q)"
)
"""The same with the value before the name."""

_CELLS = re.compile(
    r"\s{0,40}(?:(?P<edge>\|)\s{1,8})?(?P<key>[\w.:\- ]{1,60}?)\s{1,60}\|\s{1,8}(?P<value>\S.{0,2000}?)"
    r"(?(edge)\s{1,200}\|)\s{0,8}$"
)
"""A row of two cells, the name and the value of a property: in a frame, or without one as psql prints it."""

_ENCODED = re.compile(
    r"(?P<key>[A-Za-z_][\w.\-]{0,100}+)%(?:25){0,3}3[Dd](?P<value>(?:[\w.~+*\-]|%(?!(?:25){0,3}26)){3,1024})"
)
"""A pair of a form that is encoded as a whole."""

_DIRECTIVE = re.compile(
    r"\s{0,40}(?:[+\-]\s?)?(?P<key>[A-Za-z][\w.\-]{2,60})\s{1,20}(?=(?:[\"'].|[^\s=:>|]\S{0,1023}\s{0,4};?\s{0,4}$))"
)
"""A line of two words, as in the configuration of Apache and many others."""

_MODULES = ("OIDC", "AuthLDAP", "AuthDBD", "AuthnProvider", "LDAP", "SSL", "Session", "Mellon")
"""Modules of Apache whose directives begin with their names: such a word stands in no prose."""

_SCHEME = re.compile(r"(?i)(?:bearer|basic|negotiate|digest)(?:\s{1,4}|$)")
_WORDS = re.compile(r"[a-z]{1,20}")
_FUNCTION = re.compile(r"[A-Za-z_]\w{0,60}(?:\.\w{1,60}){0,3}")


def _stats_auth(line: str, _known: list[Span]) -> Iterator[Span]:
    return (found.span("value") for found in _STATS_AUTH.finditer(line))


def _mysql(line: str, _known: list[Span]) -> Iterator[Span]:
    return (word(line, found.end()) for found in _MYSQL.finditer(line))


def _xml(line: str, _known: list[Span]) -> Iterator[Span]:
    for found in _XML.finditer(line):
        if is_sensitive(found["key"]) and hides(found["key"], found["value"]):
            yield found.span("value")


def _named(line: str, _known: list[Span]) -> Iterator[Span]:
    for found in _NAMED.finditer(line):
        yield from _judged(line, found["key"], found.end(), closing(line, found.end(), found["quote"]))
    for found in (*_VALUE_FIRST.finditer(line), *_FLOW_NAMED.finditer(line)):
        yield from _judged(line, found["key"], *found.span("value"))


def _cells(line: str, _known: list[Span]) -> Iterator[Span]:
    row = _CELLS.match(line)
    if row and " | " not in row["value"] and is_sensitive(row["key"]) and hides(row["key"], row["value"]):
        yield row.span("value")


def _judged(line: str, key: str, start: int, end: int) -> Iterator[Span]:
    if is_sensitive(key) and hides(key, line[start:end]):
        yield start, end


def _options(line: str, _known: list[Span]) -> Iterator[Span]:
    for found in _ARGUMENTS.finditer(line):
        start, end = found.end(), closing(line, found.end(), found["quote"])
        if is_sensitive(found["key"]) and hides_argument(line[start:end]):
            yield start, end
    for found in _FLOW_ARGUMENTS.finditer(line):
        if is_sensitive(found["key"]) and hides_argument(found["value"]):
            yield found.span("value")
    ends = Ends(line)
    for found in _OPTION.finditer(line):
        key = found["key"]
        if not is_sensitive(key):
            continue
        if found["join"] == "=" and found.start() and line[found.start() - 1] in "\"'":  # a whole argument in quotes
            start, end = found.end(), closing(line, found.end(), _mark_before(line, found.start()))
        else:
            start, end = word(line, found.end(), ends)
        text = line[start : min(end, start + JUDGED)]
        is_next = found["join"] != "=" and OPTION.fullmatch(text)
        if not is_next and not is_url(key, text) and hides("password" if len(key) > 4 else key, text):
            yield start, end


def _encoded(line: str, _known: list[Span]) -> Iterator[Span]:
    for found in _ENCODED.finditer(line):
        yield from _judged(line, found["key"], *found.span("value"))


def _directives(line: str, _known: list[Span]) -> Iterator[Span]:
    found = _DIRECTIVE.match(line)
    if found and is_sensitive(found["key"]):
        start, end = word(line, found.end())
        text = line[start:end]
        is_certain = start > found.end() or found["key"].startswith(_MODULES) or looks_drawn(text)
        if is_certain and hides(found["key"], text) and hides("password", text):
            yield start, end


def _pairs(line: str, found_before: list[Span]) -> Iterator[Span]:
    """The values of sensitive names; no name begins in what is secret by other rules."""
    known, ends = sorted(found_before), Ends(line)
    at, next_known, mapped = 0, 0, 0
    while found := _PAIR.search(line, at):
        key = found["key"]
        at = found.end("key") + 1
        while next_known < len(known) and known[next_known][1] <= found.start("key"):
            next_known += 1
        if next_known < len(known) and known[next_known][0] <= found.start("key"):
            continue
        if not is_sensitive(key) and ("." not in key or not is_sensitive(key.rsplit(".", 1)[-1])):
            continue
        if found["apart"] and not _BEFORE_APART.search(line[max(0, found.start() - 16) : found.start()]):
            continue
        if not found["quote"] and _NESTED.match(line, found.end()):
            if line[found.end()] == "{" and found.end() >= mapped:  # else it was looked at within another
                mapped = _end_of_mapping(line, found.end())
                yield from _of_mapping(line, found.end(), mapped)
            continue
        parts = None if found["quote"] else _parts(line, found.end())
        if parts is not None:
            for start, end in parts:
                if hides(key, line[start:end]):
                    yield start, end
                at = max(end, at)
            continue
        start, end = _extent(line, found, ends)
        if key[-13:].lower() == "authorization":
            start, end = _without_scheme(line, start, end, ends)
        text = line[start : min(end, start + JUDGED)]
        if not _is_something_else(found, key, text) and hides(key, text):
            yield start, end
            at = max(end, at)


def _is_something_else(found: re.Match[str], key: str, text: str) -> bool:
    """Whether what stands behind a name isn't its value."""
    if found["join"] == ":" and "." in key and _FUNCTION.fullmatch(text) and is_worded(text):
        return True  # a module and a function in it
    if found["apart"] and text.isidentifier() and is_sensitive(text) and not looks_random(text):
        return True  # a list of names
    if is_url(key, text):
        return True  # the URL's own rule hides the password and keeps the host
    # the name of the next key, or the mark of a text that follows in lines of its own
    return text == "value" or _BLOCK.fullmatch(text) is not None


def _parts(line: str, at: int) -> Iterator[Span] | None:
    """The texts of a list that stands where a value may; None where a value stands."""
    nested = _LIST.match(line, at)
    return elements(line, nested.end()) if nested else None


def _end_of_mapping(line: str, at: int) -> int:
    end = line.find("}", at, at + LONGEST)
    return end + 1 if end >= 0 else min(len(line), at + LONGEST)


def _of_mapping(line: str, at: int, stop: int) -> Iterator[Span]:
    """Of a mapping below a sensitive name, the values that look drawn; those of sensitive names are found by them."""
    for found in chain(_QUOTED_PAIR.finditer(line, at, stop), _FLOW_PAIR.finditer(line, at, stop)):
        is_name = fold(found["key"]) in NAMES or is_sensitive(found["key"])
        if not is_name and looks_drawn(found["value"]) and hides("password", found["value"]):
            yield found.span("value")


def _without_scheme(line: str, start: int, end: int, ends: Ends) -> Span:
    """Of `Authorization: Bearer X`, X."""
    scheme = _SCHEME.match(line, start, end)
    return (scheme.end(), max(end, ends.unquoted(scheme.end()))) if scheme else (start, end)


_OTHERS = re.compile(r",\s*(?P<key>[A-Za-z_][\w.\-]{0,60})=")
"""Where the next of several pairs of a line begins."""

_NEXT_PAIR = re.compile(r"[\s,;&][A-Za-z_][\w.\-]{0,60}=")
"""Of a quoted text that holds several."""


def _mark_before(line: str, at: int) -> str:
    """The mark that opens a quoted text which begins at a place."""
    begin = at - 1
    while begin > 0 and line[begin - 1] == "\\":
        begin -= 1
    return line[begin:at]


def _extent(line: str, found: re.Match[str], ends: Ends) -> Span:
    """Where the value of a pair begins and ends, without its quotes."""
    start = found.end()
    if found["quote"]:
        return start, closing(line, start, found["quote"])
    before = found.start("key")
    is_quoted = before > 0 and line[before - 1] in "\"'"
    lead = line[:before].strip(" \t-#;") if before <= LEAD else "x"
    if is_quoted and found["join"] == "=":  # an entry of a list, as of variables
        end = closing(line, start, _mark_before(line, before))
        if not _NEXT_PAIR.search(line, start, end):
            return start, end
    if is_quoted or lead not in {"", "export", "set", "ENV"}:
        if found["join"] and found["join"].strip() == "=" and found["join"] != "=" and not is_quoted:
            return word(line, start, ends)  # ` = ` as a logged option has it: up to the blank
        opened = line[max(0, before - LEAD) : before]
        if found["join"] == ": " and not is_quoted and "{" in opened and not is_in_text(line, before):
            return start, in_flow(line, start)
        return start, ends.unquoted(start)
    text = line[start : start + LONGEST].rstrip()
    comment = text.find(" #")
    whole = text if comment < 0 else text[:comment].rstrip()
    if found["join"] == "=":
        others = next((one for one in _OTHERS.finditer(whole) if is_worded(one["key"])), None)
        whole = whole[: others.start()] if others else whole
    if found["join"] == "=" and found["key"].isupper() and " " in whole:
        first, _, rest = whole.partition(" ")
        if not (_WORDS.fullmatch(first) and all(_WORDS.fullmatch(one) for one in rest.split())):
            whole = first  # a variable before a command
    return start, start + len(whole)


_KEY = rf"{NAME}[\w.\-]*"
_MARK = r"\\*[\"']"

RULES = tuple(
    Rule(looks, find, net=2)
    for looks, find in (
        (rf"auth{BLANK}+[\w.\-]+:", _stats_auth),
        (rf"mysql[^\n]*{BLANK}-p[^\s]", _mysql),
        (r"<[\w.:\-][^<>\n]*>[^<>\n]+</", _xml),
        (rf"(?:^|[^\w\-\n])--?[\w.\-]*{_KEY}(?:=|{BLANK}+[^\s]|(?:{_MARK})?,)", _options),
        (rf"(?:name|key|path)(?:{_MARK})?{BLANK}*:{BLANK}*(?:{_MARK})?[\w.~/\-]*{NAME}", _named),
        (rf"^{BLANK}*(?:[|][^|\n]*|[\w.\-]*){NAME}[^|\n]*[|]", _cells),
        (rf"{BEGIN}{BLANK}*(?:[+-] ?)?[\w.\-]*{_KEY}{BLANK}+[^\s]", _directives),
        (rf"{_KEY}%(?:25)*3d", _encoded),
        (
            rf"{_KEY}(?:(?:{_MARK}\]?)?{BLANK}*(?:\\?[:=]|!=)[=>]?{BLANK}*[^\s]|{_MARK},{BLANK}*[bu]?{_MARK})",
            _pairs,
        ),
    )
)
"""Each notation, behind what has to stand in a line that uses it; pairs come last."""
