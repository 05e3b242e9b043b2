"""Which keys hold secrets and which values under them are real ones. Pure.

The last word of a key says what its value is: `adminPassword` is a password, `passwordSelectors` are selectors,
`secretName` is a name, `token_expiration` is a time.
"""

import re
from enum import Enum
from functools import lru_cache


class Strength(Enum):
    """How much a key says about its value."""

    NONE = 0
    WEAK = 1
    """May hold a secret or name one: the value must look drawn by a machine."""
    STRONG = 2
    """Holds a secret: whatever stands there is one, unless it is a reference or a word."""


_WORD = re.compile(rb"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")

_STRONG = frozenset(
    (
        b"accesskey adminpass adminpassword apikey authkey authtoken backupkey bindpw clientsecret"
        b" credentialkeys cryptkey dbpassword encryptionkey fernetkey fernetkeys hashpathprefix hashpathsuffix"
        b" hmackey kek keypassphrase masterauth masterkey metadatasecret mysqlpwd pass passcode passphrase"
        b" storepass keypass accountkey heartbeatkey"
        b" passwd passwords passwrd privatekey proxysecret psk pw pwd requirepass rndckey rootpassword"
        b" secretkey sessionkey sharedkey sharedsecret signingkey sshkey userpass password"
    ).split()
)
_WEAK = frozenset(b"secret secrets token tokens credential credentials cookie community auth fernet".split())

_QUALIFIERS = (
    b"private secret api access auth shared encryption signing session master hmac crypt ssh rndc fernet backup"
    b" account heartbeat"
).split()
"""Words that make a key of `key`."""

_PADDING = frozenset(b"value plain plaintext raw old new base64 b64 b encoded hex txt".split())
"""Last words that say nothing; the one before them counts."""

WORDS = tuple(
    dict.fromkeys(
        [b"pass", b"pwd", b"secret", b"token", b"credential", b"cookie", b"psk", b"community", b"bindpw", b"kek"]
        + [b"rootpw", b"masterauth", b"hash_path", b"hashpath", b"fernet"]
        + [b"auth" + end for end in (b'"', b"'", b":", b"=", b" =", b"\\", b"</")]
        + [b"auth>", b"auth |"]
        + [one + between + b"key" for one in _QUALIFIERS for between in (b"", b"_", b"-", b".", b" ")]
    )
)
"""Parts of sensitive keys in lower case: only where one of them stands is a key looked at."""


@lru_cache(maxsize=65536)
def strength_of(key: bytes) -> Strength:
    """What a key says about its value."""
    words = [word.lower() for word in _WORD.findall(key)]
    while len(words) > 1 and (words[-1] in _PADDING or words[-1].isdigit()):
        words.pop()
    if not words:
        return Strength.NONE
    last = words[-1]
    for count in (3, 2, 1):
        if len(words) >= count and b"".join(words[-count:]) in _STRONG:
            return Strength.STRONG
    if last.endswith((b"password", b"passwd", b"passphrase", b"secretkey", b"apikey", b"privatekey", b"accesskey")):
        return Strength.STRONG
    if last in _WEAK or last.endswith((b"secret", b"token", b"credentials")):
        return Strength.WEAK
    return Strength.NONE


HIDDEN = re.compile(rb"__hidden_[A-Z0-9]{4,16}__")

_HARMLESS = re.compile(
    rb"(?i)(?:true|false|yes|no|on|off|none|null|nil|undefined|unknown|string|str|bytes|redacted|hidden|masked|removed|\W*"
    rb"|[-+]?[\d.,:]{1,12}[a-z%]{0,2}|0x[0-9a-f]{1,16}|x{3,}|\*.*|<.*|-?\$.*|%.*|\{.*|\[.*|&.*|!.*|\.\.\..*|@.*|\|.*|\./.*|~/.*|file:.*)"
)
_NAME = re.compile(rb"[a-z][a-z0-9]*(?:[-.][a-z0-9]+)+(?:[/:][\w.\-]+)?")
_PASSPHRASE = re.compile(rb"[A-Z]?[a-z]{2,}(?:-[a-z]{3,}){2,}-(?:[a-z]{3,}\d{2,4}|\d{3,4})")
_WORDISH = re.compile(rb"(?:[A-Z]{0,4}[a-z]+|[A-Z]+|[A-Z]{0,4}[a-z]{3,}(?:[A-Z]{1,4}[a-z]{2,}){1,5}|)\d{0,3}")
_IDENTIFIER = re.compile(rb"[A-Z]{2,}(?:_[A-Z]{2,})+|_?[a-z]{2,}(?:_[a-z]{2,})+")
_ATTRIBUTE = re.compile(rb"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")
_BETWEEN = re.compile(rb"[-_./:@ ()\[\]{}<>,;'\"|&]")
_UUID = re.compile(rb"(?i)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SHORTEST = 6
LONGEST_NAME = 80

JUDGED = 256
"""Bytes of a value that are looked at: what it is shows by then."""


def looks_drawn(value: bytes) -> bool:
    """Whether a value looks drawn by a machine rather than written by a person."""
    if len(value) < 8 or _is_prose(value):
        return False
    if _UUID.fullmatch(value) or _PASSPHRASE.fullmatch(value):
        return True
    return not all(_WORDISH.fullmatch(part) or part.isdigit() for part in _BETWEEN.split(value.rstrip(b"=")))


def is_name(value: bytes) -> bool:
    """Whether a value is the name of an object, a host or a path, also where its end was drawn."""
    return _NAME.fullmatch(value) is not None and not _UUID.fullmatch(value) and not _PASSPHRASE.fullmatch(value)


def _is_prose(value: bytes) -> bool:
    return value.count(b" ") > 0


def is_real(value: bytes, strength: Strength) -> bool:
    """Whether a value under a key is a secret: not a placeholder, a reference, a name, a switch or a word."""
    value = value[:JUDGED]
    if len(value) < SHORTEST or HIDDEN.search(value) or _HARMLESS.fullmatch(value):
        return False
    if value.startswith(b"/") and not looks_drawn(value):
        return False  # a path
    if strength is Strength.WEAK:
        return looks_drawn(value) and not is_name(value) and not _names_a_key(value)
    if value.isalpha() and (value[1:].islower() or value.isupper()):
        return False
    if (_ATTRIBUTE.fullmatch(value) and not looks_drawn(value)) or _IDENTIFIER.fullmatch(value):
        return False
    return not _names_a_key(value)


def _names_a_key(value: bytes) -> bool:
    """`NovaPassword`, `db-password`, `osp-secret`: where a secret is, not the secret."""
    return len(value) < LONGEST_NAME and strength_of(value) is not Strength.NONE and not looks_drawn(value)
