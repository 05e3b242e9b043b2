"""Which keys hold secrets. Pure.

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
        b"accesskey activationkey adminpass adminpassword apikey authkey authtok authtoken backupkey bindpw"
        b" clientsecret credentialkeys cryptkey dbpassword encryptionkey fernetkey fernetkeys hashpathprefix"
        b" hashpathsuffix hmackey integrationkey kek keypassphrase masterauth masterkey metadatasecret mysqlpwd"
        b" pass passcode passphrase storepass keypass accountkey heartbeatkey authpass authdata passwd passwort"
        b" passwords passwrd presharedkey privatekey proxysecret psk pw pwd requirepass rndckey rootpassword rootpw"
        b" rootpwd routingkey secretkey servicekey sessionkey setcookie sharedkey sharedsecret signingkey sshkey"
        b" tempurlkey tsigsecret urlkey userpass password"
    ).split()
)
_WEAK = frozenset(
    b"secret secrets token tokens credential credentials cookie community auth fernet sessionid csrftoken".split()
)

_QUALIFIERS = (
    b"private secret api access auth shared encryption signing session master hmac crypt ssh rndc fernet backup"
    b" account heartbeat activation preshared routing service integration url"
).split()
"""Words that make a key of `key`."""

_PADDING = frozenset(b"value plain plaintext raw old new base64 b64 b encoded hex txt".split())
"""Last words that say nothing; the one before them counts."""

_PLURAL = frozenset(b"keys passphrases passes".split())

WORDS = tuple(
    dict.fromkeys(
        [b"pass", b"pwd", b"secret", b"token", b"credential", b"cookie", b"psk", b"community", b"bindpw", b"kek"]
        + [b"rootpw", b"masterauth", b"authtok", b"authdata", b"hash_path", b"hashpath", b"fernet", b"sessionid"]
        + [one + between + b"key" for one in _QUALIFIERS for between in (b"", b"_", b"-", b".", b" ")]
    )
)
"""Parts of sensitive keys in lower case: only where one of them stands is a key looked at."""

_SAFE = frozenset(
    b"name names id ids uuid uuids guid url urls uri uris host hosts hostname user users username usernames login"
    b" type types kind path file files version time date created modified updated expires expiration region project"
    b" tenant domain image digest checksum sha256 md5 fingerprint serial address ip namespace ref reference"
    b" selector selectors algorithm hash label labels annotation annotations description provider endpoint"
    b" endpoints email audience audiences issuer server servers cluster context key keyid port status state reason"
    b" message uid gid resourceversion generation certificate cert ca crt public publickey".split()
)
"""Last words of keys whose values look drawn and are none: what stands below a telling key has such entries, too."""


@lru_cache(maxsize=65536)
def strength_of(key: bytes) -> Strength:
    """What a key says about its value."""
    words = _words_of(key)
    while len(words) > 1 and (words[-1] in _PADDING or words[-1].isdigit()):
        words.pop()
    if not words:
        return Strength.NONE
    if words[-1] in _PLURAL:
        words[-1] = words[-1][:-2] if words[-1] == b"passes" else words[-1][:-1]
    last = words[-1]
    for count in (3, 2, 1):
        if len(words) >= count and b"".join(words[-count:]) in _STRONG:
            return Strength.STRONG
    if last.endswith((b"password", b"passwd", b"passphrase", b"secretkey", b"apikey", b"privatekey", b"accesskey")):
        return Strength.STRONG
    if last in _WEAK or last.endswith((b"secret", b"token", b"credentials")):
        return Strength.WEAK
    return Strength.NONE


@lru_cache(maxsize=8192)
def is_safe(key: bytes) -> bool:
    """Whether a key among others below a telling one holds a name, a place, a time or a digest."""
    words = _words_of(key)
    return bool(words) and (words[-1] in _SAFE or b"".join(words[-2:]) in _SAFE) and strength_of(key) is Strength.NONE


def _words_of(key: bytes) -> list[bytes]:
    return [word.lower() for word in _WORD.findall(key)]


def class_of(key: bytes) -> str:
    """The class that a key is of, for a person; never the key itself, which may hold a secret."""
    folded = re.sub(rb"[^a-z]", b"", key.lower())
    for word in (b"password", b"token", b"cookie", b"credential", b"secret"):
        if word in folded or (word == b"password" and (b"pass" in folded or b"pwd" in folded)):
            return word.decode()
    return "key"
