"""Which keys hold secrets, however spelled: the name decides and, where that is ambiguous, the value. Pure."""

import json
import re
from functools import lru_cache
from importlib.resources import files
from typing import Any

_FOLD = str.maketrans("", "", "-_. ")

SENSITIVE = (
    "password",
    "passwd",
    "passphrase",
    "pwd",
    "passwrd",
    "secret",
    "token",
    "apikey",
    "accesskey",
    "secretkey",
    "privatekey",
    "authkey",
    "sharedkey",
    "encryptionkey",
    "cryptkey",
    "hmackey",
    "signingkey",
    "credential",
    "transporturl",
    "databaseconnection",
    "sqlconnection",
    "connectionstring",
    "heatauthencryptionkey",
    "memcachesecret",
    "metadataproxysharedsecret",
    "communitystring",
    "snmpcommunity",
    "chapauth",
    "sessionkey",
    "masterkey",
    "bindpw",
    "rndckey",
    "htpasswd",
    "xauth",
    "authorization",
    "cookie",
    "kubeconfig",
    "dockerconfigjson",
    "fernetkey",
    "sshkey",
    "backupkey",
    "hashpathprefix",
    "hashpathsuffix",
    "keytab",
    "simplecryptokek",
    "kek",
    "accountkey",
    "heartbeatkey",
    "tempurlkey",
    "xamzsignature",
)
"""Parts of a folded key that make it sensitive."""

EXACT = frozenset(
    {
        "pass",
        "auth",
        "connection",
        "slaveconnection",
        "pw",
        "psk",
        "community",
        "adminpass",
        "rpcpass",
        "key",
        "certkey",
        "tlskey",
        "userpass",
        "mysqlpwd",
        "defaultpass",
        "adminpw",
    }
)
"""Folded keys that are sensitive as a whole; `key` and `auth` only where the value looks it."""

BY_VALUE = frozenset(
    {"key", "auth", "secret", "secrets", "community", "connection", "login", "credential", "credentials"}
)
"""Keys that often name a thing rather than hold one: the value decides."""

_NOT = re.compile(
    r"(?:name|names|ref|refs|reference|selector|selectors|file|files|filename|path|dir|directory|url|uri|endpoint|expiration|expires|expiry"
    r"|ttl|type|types|enabled|length|policy|timeout|provider|providers|driver|count|version|class|method|methods|format|size|age|rotation|mode"
    r"|hashalgorithm|algorithm|interval|cachetime|seconds|limit|header|id|ids|projected|mount|mountpath|namespace|bits|strength|minlength"
    r"|maxactivekeys|regex|regexdescription|description|required|label|labels|annotation|hash|checksum|status|condition|conditions|ready|generation"
    r"|created|creationtimestamp|automountserviceaccount|secretkeyref|kind|roles|role|group|groups|bundle|optional|volume|keyring|function|mechanism|security)$"
)

_SPECIAL = re.compile(
    r"(?:secretname|secretref|secretkeyref|passwordselector|passwordsfile|tokenreview|secretstore|secretclass|tokenrequest)"
)


def fold(key: str) -> str:
    """Case, `-`, `_`, `.` and blanks don't tell keys apart."""
    return key.translate(_FOLD).lower()


SHORTEST = 3
"""Characters; less is no secret."""

KEPT_LENGTH = 100
"""Characters of a value for which the answer is kept."""


def _names(file: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((files("omg.masking") / "data" / file).read_text())
    return data


def _listed(groups: dict[str, list[str]]) -> frozenset[str]:
    return frozenset(fold(name) for names in groups.values() for name in names)


_OPENSTACK = _names("openstack.json")["options"]
_KUBERNETES = _names("kubernetes.json")
TOLD = frozenset((*_OPENSTACK, *(name for names in _KUBERNETES["secret"].values() for name in names)))
"""Names that are known to hold secrets, as their makers spell them: data, with where each is from."""

_TOLD = frozenset(map(fold, TOLD))
REFERENCES = _listed(_KUBERNETES["reference"])
"""Folded names that look it and hold none: names of Secrets, files, limits."""


@lru_cache(maxsize=65536)
def is_sensitive(key: str) -> bool:
    """Whether what stands under this key is secret, as far as the key alone tells."""
    folded = fold(key)
    if folded in REFERENCES or (folded not in EXACT and folded not in _TOLD and _SPECIAL.search(folded)):
        return False
    if folded in EXACT or folded in _TOLD:
        return True
    if folded.endswith(("transporturl", "passwordhash", "rootpw", "secretid", "connectionurl", "backendurl")):
        return True
    if _NOT.search(folded):
        return False
    if folded.endswith("pass") and not folded.endswith(_OTHER_PASSES):
        return True
    return any(part in folded for part in SENSITIVE)


_OTHER_PASSES = ("bypass", "compass", "surpass", "trespass", "dopass", "firstpass", "secondpass", "proxypass")
"""Words that end like a key for a password; `ProxyPass` is a directive of Apache."""

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-.][A-Za-z0-9]+)*")
_PATH = re.compile(r"/[\w.@:%{}$*,<>\-]*(?:/[\w.@:%{}$*,<>\-]*)*")
_ROOTS = frozenset(
    {
        "etc",
        "var",
        "run",
        "usr",
        "opt",
        "home",
        "root",
        "tmp",
        "dev",
        "proc",
        "sys",
        "mnt",
        "srv",
        "lib",
        "bin",
        "boot",
        "data",
    }
)
_HARMLESS = re.compile(
    r"(?i)(?:true|false|yes|no|on|off|none|null|nil|enabled?|disabled?|-?\d{1,6}|<none>|<[a-z -]+>|\*+|x+"
    r"|redacted|hidden|log_opt_values|permissive|sha\d{1,3}|amd64|arm64|x86_64|noarch"
    r"|\$?\{\{?[\w. ]+\}\}?|\$[\w.]+|\$\([\w.]+\)|%\(\w+\)s|\{\{.*\}\})"
)


_CALL = re.compile(r"\$?[A-Za-z_]+(?:(?:\.|->)[A-Za-z_]+)+\(.*")
"""What reads like a call of a method, as in a line of code."""


def hides(key: str, value: str) -> bool:
    """Whether a value under a sensitive key has to be hidden: not where it is empty, a switch or a reference."""
    return _hides(key, value) if len(value) > KEPT_LENGTH else _hides_kept(key, value)


def _hides(key: str, value: str) -> bool:
    text = value.strip().strip("\"'")
    if len(text) < SHORTEST or _HARMLESS.fullmatch(text) or text.startswith("__hidden_"):
        return False
    if _CALL.fullmatch(text) and not looks_random(text):
        return False
    folded = fold(key)
    if "." in key and folded not in _TOLD and not is_sensitive(key.rpartition(".")[2]):
        return looks_random(text)  # a group's name, say, rather than the key's
    if folded in BY_VALUE or folded.endswith(("secret", "secrets")):
        if _NAME.fullmatch(text) and not looks_random(text):
            return False
        if folded in {"key", "auth", "connection", "cookie"}:
            return looks_random(text) or "://" in text
    return not is_path(text)


_hides_kept = lru_cache(maxsize=8192)(_hides)
"""The same few values stand in a log again and again."""


def is_path(text: str) -> bool:
    """Whether a text is a path of files, rather than base64 that begins with a slash."""
    if not text.startswith("/") or not _PATH.fullmatch(text):
        return False
    parts = text.split("/")[1:]
    return parts[0] in _ROOTS or not any(looks_random(part) for part in parts)


def looks_random(text: str) -> bool:
    """Whether a text looks drawn rather than written: long, of one word, with digits or both cases mixed in."""
    return _looks_random(text) if len(text) > KEPT_LENGTH else _looks_random_kept(text)


def _looks_random(text: str) -> bool:
    if len(text) < 8 or _SPACE.search(text):
        return False
    digits = len(_DIGIT.findall(text))
    kinds = (text != text.upper()) + (text != text.lower()) + (digits > 0)
    if kinds == 3:
        return True
    if kinds == 2 and len(text) >= 12:
        longest = max(map(len, _SEPARATORS.split(text)))
        return longest >= 12 and (digits == 0 or len(_CHANGE.findall(text)) >= 3)
    return False


_SPACE = re.compile(r"\s")
_DIGIT = re.compile(r"\d")
_SEPARATORS = re.compile(r"[-_./:]")
_CHANGE = re.compile(r"\d(?=\D)|\D(?=\d)")
_looks_random_kept = lru_cache(maxsize=8192)(_looks_random)
