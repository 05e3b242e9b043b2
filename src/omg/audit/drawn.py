"""Whether a value was drawn or thought up as a secret, or is a word, a name, a reference, a switch. Pure."""

import re
from functools import lru_cache
from importlib.resources import files

from omg.audit.keys import Strength, strength_of

HIDDEN = re.compile(rb"__hidden_[A-Z0-9]{4,16}__")
"""What stands where something was hidden."""

SHORTEST = 6
LONGEST_NAME = 80

JUDGED = 256
"""Bytes of a value that are looked at: what it is shows by then."""

STRANGE = 3
"""Triples of letters that no word has, from which on letters are none: of drawn letters nine in ten have more."""

FEWEST_WORDS = 3
SHORTEST_PHRASE = 15

_HARMLESS = re.compile(
    rb"(?i)(?:true|false|yes|no|on|off|none|null|nil|undefined|unknown|string|str|bytes|redacted|hidden|masked|removed|\W*"
    rb"|[-+]?[\d.,:]{1,12}[a-z%]{0,2}|0x[0-9a-f]{1,16}|x{3,}|\*.*|<.*|-?\$.*|%.*|\{.*|\[.*|&.*|!.*|\.\.\..*|@.*|\|.*|\./.*|~/.*|file:.*)"
)
_REFERENCE = re.compile(
    rb"(?i)(?:\*+|<[\w /.:'\"=-]*>|-?\$[\w({].*|%[({]\w.*"
    rb"|\{\{.*|\{\w*\}|!(?:Ref|Sub|GetAtt|include)\b.*|\.\.\..*|@[\w./]+@?)"
)
"""Of values that begin with a sign, those that refer to something."""

_STATEMENT_END = re.compile(rb";(?=\\[nrt]|\s|$)")
"""Behind a setting of SQL or of a shell: `SET old_passwords=0;`."""

_CAMEL = re.compile(rb"(?:[A-Z][a-z]+|[a-z]{2,})(?:[A-Z][a-z]+)+")
_NAME = re.compile(rb"[a-z][a-z0-9]*(?:[-.][a-z0-9]+)+(?:[/:][\w.\-]+)?")
_PASSPHRASE = re.compile(rb"[A-Z]?[a-z]{2,}(?:-[a-z]{3,}){2,}-(?:[a-z]{3,}\d{2,4}|\d{3,4})")
_WORDISH = re.compile(rb"(?:[A-Z]{0,4}[a-z]+|[A-Z]+|[A-Z]{0,4}[a-z]{3,}(?:[A-Z]{1,4}[a-z]{2,}){1,5}|)\d{0,3}")
_IDENTIFIER = re.compile(rb"[A-Z]{2,}(?:_[A-Z]{2,})+|_?[a-z]{2,}(?:_[a-z]{2,})+")
_ATTRIBUTE = re.compile(rb"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")
_BETWEEN = re.compile(rb"[-_./:@ ()\[\]{}<>,;'\"|&]")
_UUID = re.compile(rb"(?i)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_MIXED = re.compile(rb"[a-z]*(?:[a-z]\d[a-z]|\d[a-z]{2,}\d)[a-z0-9]*")
"""Small letters with digits between them, as pwgen makes them."""

_HUMP = re.compile(rb"[A-Z]?[a-z]+|[A-Z]+")
_PLAIN_WORD = re.compile(rb"[A-Za-z]?[a-z]{2,}\d{0,4}[.!?,]?")

_PROSE = frozenset(
    b"the a an and or of to in on at for from by with without is are was were be been being has have had do does"
    b" did not no if then else when while where which who what why how that this these those it its as but so than"
    b" too very can could may might must shall should will would your you we our they them he she his her i me my"
    b" any all each every some such only own same other another into over under again more most few both between"
    b" through during before after above below up down out off about against because until one two first second new"
    b" old last next using via per password passwords passwd passphrase user users username secret secrets token"
    b" tokens key keys value values string name names admin administrator root required optional default defaults"
    b" type types file files path paths service services database auth authentication authorization login"
    b" credential credentials error errors failed failure invalid expired denied access account accounts set get"
    b" unset given provided empty missing found read write create created delete deleted update updated change"
    b" changed use used valid wrong incorrect client server host port request response description example option"
    b" options setting settings config configuration plugin method message bytes boolean integer object array list"
    b" map encrypted plain text hash hashed length minimum maximum characters policy generate generated mode mount"
    b" volume see note warning info debug hidden masked removed redacted keystone nova neutron glance cinder"
    b" placement swift heat ironic barbican octavia designate manila openstack kubernetes openshift system manager"
    b" node pod cluster network address region project domain session cookie certificate private public shared".split()
)
"""Words of sentences and of this field: a phrase that was drawn from a dictionary has none of them."""


def looks_drawn(value: bytes) -> bool:
    """Whether a value looks drawn by a machine rather than written by a person."""
    if len(value) < 8 or b" " in value:
        return False
    if _UUID.fullmatch(value) or _PASSPHRASE.fullmatch(value):
        return True
    return not all(_WORDISH.fullmatch(part) or part.isdigit() for part in _BETWEEN.split(value.rstrip(b"=")))


def is_name(value: bytes) -> bool:
    """Whether a value is the name of an object, a host or a path, also where its end was drawn."""
    return _NAME.fullmatch(value) is not None and not _UUID.fullmatch(value) and not _PASSPHRASE.fullmatch(value)


def is_strange(value: bytes) -> bool:
    """Whether letters make no word of any language that this field is written in."""
    return len(value) >= 8 and any(
        len(part) >= 6 and _strange(part.lower()) >= STRANGE for part in _HUMP.findall(value)
    )


@lru_cache(maxsize=8192)
def _strange(word: bytes) -> int:
    known, framed = _triples(), f"^{word.decode()}$"
    return sum(framed[at : at + 3] not in known for at in range(len(word)))


@lru_cache(maxsize=1)
def _triples() -> frozenset[str]:
    lines = (files("omg.audit") / "data" / "triples.txt").read_text().splitlines()
    return frozenset(line[:2] + end for line in lines for end in line[3:])


def is_phrase(value: bytes) -> bool:
    """Whether words with blanks between them were drawn from a dictionary: no sentence, no description."""
    words = value.split()
    if len(words) < FEWEST_WORDS or len(value) < SHORTEST_PHRASE or not _PROSE.isdisjoint(map(bytes.lower, words)):
        return False
    return all(_PLAIN_WORD.fullmatch(word) for word in words)


def _has_drawn_word(value: bytes) -> bool:
    """Whether one of several words is no word, and none is of a sentence."""
    words = value.split()
    if len(words) > 8 or not _PROSE.isdisjoint(word.strip(b".,:;()").lower() for word in words):
        return False
    return any(looks_drawn(word) and not is_name(word) and not _is_code(word) for word in words)


def is_real(value: bytes, strength: Strength, *, firm: bool = False) -> bool:
    """Whether a value under a key is a secret: not a placeholder, a reference, a name, a switch or a word.

    Args:
        value: without quotes.
        strength: of its key.
        firm: it stands where nothing but the key's value stands; else it must look drawn in any case.
    """
    value = _STATEMENT_END.split(value[:JUDGED], maxsplit=1)[0]
    is_harmless = _HARMLESS.fullmatch(value) and not (firm and _is_signed(value, strength))
    is_path = value.startswith(b"/") and not looks_drawn(value)
    if len(value) < SHORTEST or HIDDEN.search(value) or is_harmless or is_path:
        return False
    if strength is Strength.WEAK or not firm:
        is_one = looks_drawn(value) or (_MIXED.fullmatch(value) is not None and len(value) >= 8)
        return is_one and not is_name(value) and not _names_a_key(value) and not _is_code(value)
    return _is_thought_up(value)


def _is_thought_up(value: bytes) -> bool:
    """Whether what stands alone under a strong key is more than a word or a name."""
    if b" " in value:
        return is_phrase(value) or _has_drawn_word(value)
    word = value.rstrip(b".,:;!?")
    if word.isalpha() and (word[1:].islower() or word.isupper() or _CAMEL.fullmatch(word)):
        return is_strange(word)
    if (_ATTRIBUTE.fullmatch(value) and not looks_drawn(value)) or _IDENTIFIER.fullmatch(value):
        return is_strange(value) and not _is_code(value)
    return not _names_a_key(value) and not (_is_code(value) and not looks_drawn(value))


def _is_signed(value: bytes, strength: Strength) -> bool:
    """Whether a value that begins with a sign is a secret all the same: it refers to nothing, and looks drawn."""
    return (
        strength is Strength.STRONG
        and _REFERENCE.fullmatch(value) is None
        and looks_drawn(value.lstrip(b"*<$%{[&!.@|~"))
    )


_CODE = re.compile(rb"[A-Za-z_][\w.]*[(\[].*")


def _is_code(value: bytes) -> bool:
    """Whether a value is a call, or an element of something."""
    return _CODE.fullmatch(value) is not None and not looks_drawn(re.split(rb"[(\[]", value, maxsplit=1)[0])


def _names_a_key(value: bytes) -> bool:
    """`NovaPassword`, `db-password`, `osp-secret`: where a secret is, not the secret."""
    return len(value) < LONGEST_NAME and strength_of(value) is not Strength.NONE and not looks_drawn(value)
