"""Which keys hold secrets, however spelled: the name decides and, where that is ambiguous, the value. Pure."""

import json
import re
from functools import lru_cache
from importlib.resources import files
from typing import Any

from omg.masking.wording import KEPT, KEPT_LENGTH, is_duration, is_path, is_worded, looks_drawn, looks_random

KNOWN_KEYS = 4096
"""Keys of which it is kept what they tell: objects have the same few, logs may have a new one in each line."""

_FOLD = str.maketrans("", "", "-_. ")

SENSITIVE = (
    "password",
    "passwd",
    "passphrase",
    "passcode",
    "pincode",
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
    "authtok",
    "wpapsk",
    "samlresponse",
    "privkey",
    "aeskey",
    "cephxkey",
    "certificatekey",
)
"""Parts of a folded key that make it sensitive."""

ENDINGS = ("transporturl", "passwordhash", "rootpw", "psk", "secretid", "connectionurl", "backendurl")
"""Ends of a folded key that make it sensitive."""

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
        "session",
        "sessionid",
        "phpsessid",
        "jsessionid",
    }
)
"""Folded keys that are sensitive as a whole; `key` and `auth` only where the value looks it."""

BY_VALUE = frozenset(
    {
        "key",
        "auth",
        "secret",
        "secrets",
        "tokens",
        "mountablesecrets",
        "community",
        "connection",
        "login",
        "credential",
        "credentials",
        "session",
        "sessionid",
        "phpsessid",
        "jsessionid",
    }
)
"""Keys that often name a thing rather than hold one: the value decides."""

_OFTEN_NAMES = frozenset({"key", "auth", "connection", "cookie", "session", "sessionid", "phpsessid", "jsessionid"})
"""Of these, what isn't a word of letters and digits either."""

_NOT = re.compile(
    r"(?:name|names|ref|refs|reference|selector|selectors|file|files|filename|path|dir|directory|url|uri|endpoint|expiration|expires|expiry"
    r"|ttl|lifetime|domain|type|types|enabled|length|policy|timeout|provider|providers|driver|count|version|class|method|methods|format|size|age|rotation|mode"
    r"|hashalgorithm|algorithm|interval|cachetime|seconds|limit|header|id|ids|uuid|uuids|guid|fsid|projected|mount|mountpath|namespace|bits|strength|minlength"
    r"|maxactivekeys|regex|regexdescription|description|required|label|labels|annotation|hash|checksum|status|condition|conditions|ready|generation"
    r"|created|changedat|rotatedat|updatedat|createdat|expiresat|expiresin|lastchanged|lastrotated|lastupdated|lastset"
    r"|reusehistory|reusetime|creationtimestamp|automountserviceaccount|secretkeyref|kind|roles|role|group|groups|bundle|optional|volume|keyring|function|mechanism|security|sign)$"
)

_SPECIAL = re.compile(
    r"(?:secretname|secretref|secretkeyref|passwordselector|passwordsfile|tokenreview|secretstore|secretclass|tokenrequest)"
)


NAMES = frozenset(
    (
        *("username", "user", "login", "host", "hostname", "port", "vhost", "dbname", "database", "provider", "type"),
        *("email", "name", "namespace", "region", "cluster", "endpoint", "url", "uri", "address", "server", "domain"),
        *(
            "project",
            "tenant",
            "account",
            "bucket",
            "zone",
            "organization",
            "version",
            "id",
            "kind",
            "image",
            "service",
        ),
        *("regionname", "projectname", "userdomainname", "projectdomainname", "clientid", "accountname", "ca"),
        *("cacrt", "tlscrt", "cacert", "path", "key", "apiversion", "mountpath", "audience"),
    )
)
"""Folded keys that hold names."""


OPTION = re.compile(r"--[a-z][a-z0-9\-]*(?:=.*)?|-[A-Za-z]", re.DOTALL)
"""An argument that is an option rather than the value of the one before it."""


def fold(key: str) -> str:
    """Case, `-`, `_`, `.` and blanks don't tell keys apart."""
    return key.translate(_FOLD).lower()


SHORTEST = 3
"""Characters; less is no secret."""


def _names(file: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((files("omg.masking") / "data" / file).read_text())
    return data


def _listed(groups: dict[str, list[str]]) -> frozenset[str]:
    return frozenset(fold(name) for names in groups.values() for name in names)


_OPENSTACK = _names("openstack.json")["options"]
_KUBERNETES = _names("kubernetes.json")
TOLD = frozenset((*_OPENSTACK, *(name for names in _KUBERNETES["secret"].values() for name in names)))
"""Names that are known to hold secrets, as their makers spell them: data, with where each is from."""

_OPTIONS, _TOLD = frozenset(map(fold, _OPENSTACK)), frozenset(map(fold, TOLD))
"""The same, folded: of OpenStack's services alone, and all."""

REFERENCES = _listed(_KUBERNETES["reference"])
"""Folded names that look it and hold none: names of Secrets, files, limits."""


@lru_cache(maxsize=KNOWN_KEYS)
def is_sensitive(key: str) -> bool:
    """Whether what stands under this key is secret, as far as the key alone tells."""
    folded = fold(key)
    if folded in REFERENCES or (folded not in EXACT and folded not in _TOLD and _SPECIAL.search(folded)):
        return False
    if folded in EXACT or folded in _TOLD:
        return True
    if folded.endswith(ENDINGS):
        return True
    if _NOT.search(folded):
        return False
    if folded.endswith("pass") and not folded.endswith(_OTHER_PASSES):
        return True
    return any(part in folded for part in SENSITIVE)


_OTHER_PASSES = ("bypass", "compass", "surpass", "trespass", "dopass", "firstpass", "secondpass", "proxypass")
"""Words that end like a key for a password; `ProxyPass` is a directive of Apache."""

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-.][A-Za-z0-9]+)*")
_HARMLESS = re.compile(
    r"(?i)(?:true|false|yes|no|on|off|none|null|nil|enabled?|disabled?|-?\d{1,6}|\*+|x+"
    r"|<none>|<[a-z -]+>|<[a-z]\w* [^<>]{1,200}>(?:\s.*)?"
    r"|the|is|was|for|and|not|with|from|that|this|are|has|must|may|will|can|of|in"
    r"|redacted|hidden|log_opt_values|permissive|sha\d{1,3}|amd64|arm64|x86_64|noarch"
    r"|(?:self|cfg|conf|config|os|settings|options|args|environ)\.[\w.\[\]'\"()]+"
    r"|\$?\{\{?[\w. ]+\}\}?|\$[\w.]+|\$\([^)]*\)|`[^`]*`|%\(\w+\)s|\{\{.*\}\})"
)


_CALL = re.compile(r"\$?[A-Za-z_]+(?:(?:\.|->)[A-Za-z_]+)+\(.*")
"""What reads like a call of a method, as in a line of code."""


_PLACES = ("user", "username", "host", "hosts", "address", "region", "domain", "project", "email", "server", "cluster")


@lru_cache(maxsize=KNOWN_KEYS)
def names_a_thing(key: str) -> bool:
    """Whether what stands under this key is a name, a place or a measure."""
    folded = fold(key)
    return folded in NAMES or folded in REFERENCES or folded.endswith(_PLACES) or _NOT.search(folded) is not None


@lru_cache(maxsize=KNOWN_KEYS)
def is_certain(key: str) -> bool:
    """Whether a sensitive key never names a thing, as `secret` and `credentials` may."""
    folded = fold(key)
    return folded not in BY_VALUE and not folded.endswith(
        ("secret", "secrets", "credential", "credentials", "auth", "url")
    )


def is_url(key: str, value: str) -> bool:
    """Whether a sensitive key has a URL, of which only the password is hidden, by a rule of its own."""
    return "://" in value and names_a_url(key)


def names_a_url(key: str) -> bool:
    """Whether a key has a URL."""
    return fold(key).endswith(("connection", "url"))


def hides(key: str, value: str) -> bool:
    """Whether a value under a sensitive key has to be hidden: not where it is empty, a switch or a reference."""
    return _hides(key, value) if len(value) > KEPT_LENGTH else _hides_kept(key, value)


def _hides(key: str, value: str) -> bool:
    text = value.strip().strip("\"'")
    folded = fold(key)
    if len(text) < SHORTEST or _is_harmless(folded, text):
        return False
    if "." in key and folded not in _TOLD and not is_sensitive(key.rpartition(".")[2]):
        return looks_drawn(text)  # a group's name, say, rather than the key's
    if folded in BY_VALUE or (folded.endswith(("secret", "secrets")) and not _is_itself(folded)):
        if _NAME.fullmatch(text) and not looks_drawn(text):
            return False
        if folded in _OFTEN_NAMES:
            return (looks_random(text) and not is_worded(text)) or "://" in text
    return not is_path(text)


def hides_argument(value: str) -> bool:
    """Whether what comes behind an option with a sensitive name is its value, to be hidden, rather than an option."""
    return not OPTION.fullmatch(value) and hides("password", value)


def _is_itself(folded: str) -> bool:
    """Whether a key that ends in `secret` has one, and never a Secret's name."""
    return folded in _OPTIONS or folded.endswith(_SHARED)


_SHARED = ("clientsecret", "sharedsecret", "sessionsecret", "cookiesecret", "consumersecret", "appsecret", "jwtsecret")
"""Ends of keys of what two programs share."""


def _is_harmless(folded: str, text: str) -> bool:
    """Whether a value is none: a switch, a reference, a call, a mark, a flow's cookie in Open vSwitch, a duration."""
    if _HARMLESS.fullmatch(text) or text.startswith("__hidden_"):
        return True
    if text.startswith("0x") and folded.endswith("cookie"):
        return True
    if folded.endswith("authorization") and is_duration(text):  # how long it took, not what it was done with
        return True
    return _CALL.fullmatch(text) is not None and not looks_random(text)


_hides_kept = lru_cache(maxsize=KEPT)(_hides)
"""The same few values stand in a log again and again."""
