"""Whether a value is made of words and names of this field, rather than drawn or thought up. Pure.

The words are those of the services' options and their help, of the Kubernetes API and of Python's documentation: what
logs and configuration are written with. Hiding one of them would make half a tree unreadable; a word that isn't among
them hides nothing else.
"""

import re
from functools import lru_cache
from importlib.resources import files

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
KEPT = 1024
"""Values of which it is kept what was told of them."""

KEPT_LENGTH = 100
"""Characters of a value for which the answer is kept."""

_NUMBER = re.compile(r"[-+]?(?:[\d.,_:]+|[\d.,_:]{1,12}[a-zA-Z]{1,3})")
_ADDRESS = re.compile(
    r"(?:\d{1,3}\.){3}\d{1,3}(?::\d+|/\d+)?|\[?[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){2,7}\]?(?:[:/]\d+)?"
)
_TIME = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?")
_DURATION = re.compile(r"(?:\d{1,9}(?:\.\d{1,9})?(?:ns|[uµμ]s|ms|s|m|h)){1,4}")
_VERSION = re.compile(r"v?\d+(?:\.\d+){1,3}(?:[-+.][A-Za-z0-9.]{1,20})?")
_FINGERPRINT = re.compile(r"(?:SHA\d{1,3}|MD5|sha\d{1,3}|md5):\S+")
_HOST = re.compile(r"(?:[a-z0-9_](?:[-a-z0-9_]*[a-z0-9])?\.)+[a-z][a-z0-9-]*(?::\d+)?", re.IGNORECASE)
UUID = re.compile(r"[0-9a-fA-F]{8}(?:-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}")
"""As it is written, or its digits alone."""

_PARTS = re.compile(r"[^A-Za-z]+")
_NAME_LIKE = re.compile(r"[A-Za-z0-9 _.\-/:,]+")
_SIGNS = re.compile(r"[^A-Za-z0-9]+")
_HUMPS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_DOMAINS = frozenset(
    (
        *("com", "org", "net", "io", "dev", "local", "localdomain", "svc", "cluster", "internal", "lan", "corp"),
        *("intra", "home", "test", "lab", "example", "invalid", "arpa", "edu", "gov", "mil", "info", "biz", "cloud"),
    )
)

PRODUCTS = frozenset(
    (
        *("ctlplane", "dataplane", "controlplane", "edpm", "rhoso", "nodeset", "nodesets", "ansibleee", "tripleo"),
        *("nmstate", "metallb", "multus", "whereabouts", "mariadb", "galera", "northd", "ovsdbserver", "watcher"),
        *("cloudkitty", "loki", "grafana", "tempo", "thanos", "alertmanager", "fluentd", "kibana", "crio", "coreos"),
        *("centos", "quay", "certmanager", "catalogsource", "installplan", "operatorhub", "pullsecret", "kubeconfig"),
        *("topolvm", "noobaa", "velero", "oadp", "minio", "rsyslog", "logrotate", "chrony", "metal3", "bind9"),
    )
)
"""Names of products and kinds beside the words."""

SHORTEST_WORD = 4
"""Letters; shorter ones tell nothing."""

SHORTEST_DRAWN = 8
"""Characters of a part that is drawn; the endings that a cluster gives to names are shorter."""

SHORTEST_PART = 6
"""Letters of a part of a path by which it can be told from a name."""

MOST_DIGITS = 6
"""Digits in a row that a name may have, as a year or a number."""


MOST_CHANGES = 4
"""Times that a name without any sign in it changes between letters and digits."""


@lru_cache(maxsize=1)
def words() -> frozenset[str]:
    """The words of this field, in small letters."""
    return frozenset((files("omg.masking") / "data" / "words.txt").read_text().split()) | PRODUCTS


def is_measure(value: str) -> bool:
    """Whether a value is a number, an address, a time, a version, a fingerprint or a path."""
    shapes = (_NUMBER, _ADDRESS, _TIME, _VERSION, _FINGERPRINT)
    return any(shape.fullmatch(value) for shape in shapes) or is_path(value)


def is_duration(value: str) -> bool:
    """Whether a value is a length of time as Go prints one: `136.952µs`, `1m30s`."""
    return _DURATION.fullmatch(value) is not None


def is_host(value: str) -> bool:
    """Whether a value is the name of a host: it ends in a domain that there is, or in a country's, or is all words."""
    if not _HOST.fullmatch(value):
        return False
    last = value.partition(":")[0].rpartition(".")[2].lower()
    if last in _DOMAINS:
        return True
    return (len(last) == 2 or is_worded(value)) and not looks_random(value)


def is_worded(value: str) -> bool:
    """Whether a value is put together of words of this field, and short letters and numbers between them."""
    if not _NAME_LIKE.fullmatch(value) or any(len(digits) > MOST_DIGITS for digits in re.findall(r"\d+", value)):
        return False
    if UUID.fullmatch(value):
        return False
    if len(value) >= SHORTEST_DRAWN and value.isalnum() and len(_CHANGE.findall(value)) > MOST_CHANGES:
        return False
    known, told = words(), 0
    for part in filter(None, _PARTS.split(value)):
        is_usual = len(part) > SHORTEST_WORD or part.islower() or part.isupper() or part.istitle()
        is_whole = is_usual and part.lower() in known
        for hump in [part] if is_whole else _HUMPS.findall(part):
            word = hump.lower()
            if word in known or _is_compound(word):
                told += len(word) if hump == part or len(word) >= SHORTEST_WORD else 0  # in `vniPB` stands no `vni`
            elif len(word) >= SHORTEST_WORD:
                return False
    return told > 0 and told * 2 >= sum(one.isalpha() for one in value)


def has_signs_of_drawing(value: str) -> bool:
    """Whether a part of a value is short, of no language and of both cases and digits, as no name has it."""
    parts = (part for part in _SIGNS.split(value) if len(part) >= 3)
    return any(
        any(one.isdigit() for one in part) and not part.islower() and not part.isupper() and not _is_numbered(part)
        for part in parts
        if not part.isdigit()
    )


def _is_numbered(part: str) -> bool:
    """Whether it is words with a number behind them, or a version of the Internet Protocol."""
    return is_worded(part.rstrip("0123456789")) or part.lower() in {"ipv4", "ipv6", "k8s", "oauth2"}


def is_word(value: str) -> bool:
    """Whether a value is one word of this field."""
    return value.isalpha() and value.lower() in words()


@lru_cache(maxsize=4096)
def _is_compound(word: str) -> bool:
    """Whether a word is two of this field's, as `rabbitmqcluster` is."""
    known = words()
    return any(word[:at] in known and word[at:] in known for at in range(SHORTEST_WORD, len(word) - SHORTEST_WORD + 1))


def word_count(value: str) -> int:
    """How many words stand in a value."""
    return len([part for part in _PARTS.split(value) if len(part) >= 3])


def unknown_words(value: str) -> list[str]:
    """The words in a value that this field doesn't use."""
    parts = (part.lower() for part in _PARTS.split(value) if len(part) >= SHORTEST_WORD)
    return [part for part in parts if part not in words() and not _is_compound(part)]


def looks_drawn(value: str) -> bool:
    """Whether a value of one word is of no language: digits among its letters, or letters that make no words."""
    if len(value) < SHORTEST_DRAWN or _SPACE.search(value):
        return False
    if looks_random(value):
        return not is_worded(value)
    parts = _SIGNS.split(value)
    return any(len(part) >= SHORTEST_DRAWN and _is_drawn(part) for part in parts)


def _is_drawn(part: str) -> bool:
    """Whether letters and digits without a sign between them make no words."""
    if part.isdigit():
        return False
    if len(_CHANGE.findall(part)) >= 2:
        return True
    return not is_worded(part)


def is_path(text: str) -> bool:
    """Whether a text is a path of files, rather than base64 that begins with a slash."""
    if not text.startswith("/") or not _PATH.fullmatch(text):
        return False
    parts = text.split("/")[1:]
    return parts[0] in _ROOTS or not (any(map(_is_no_name, parts)) or has_signs_of_drawing(text))


def _is_no_name(part: str) -> bool:
    """Whether a part of a path is drawn, or has capitals within it though it is no word."""
    if looks_random(part):
        return True
    is_mixed = part.isalpha() and not part[1:].islower() and not part.isupper()
    return len(part) >= SHORTEST_PART and is_mixed and not is_worded(part)


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
_looks_random_kept = lru_cache(maxsize=KEPT)(_looks_random)
