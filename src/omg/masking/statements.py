"""Nets 1 and 2 on what isn't `key = value`: commands with a password, directives, SQL, DSN, XML attributes. Pure.

One line of the table is one way to write a secret: what has to stand in a line that holds it, and an expression whose
groups `value` and `second` are the secret.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from omg.masking.extents import closing
from omg.masking.keys import hides, is_sensitive, looks_random
from omg.masking.names import NAME
from omg.masking.rule import Rule, Span
from omg.masking.sieve import BEGIN, BLANK

_VALUE = r"(?P<open>\\{0,7}[\"'])?(?P<value>[^\s\"'\\](?:[^\s\"'\\]{2,1023}|(?<=[\"'].)[^\"'\\]{2,1023}))"


@dataclass(frozen=True, slots=True)
class Statement:
    """One way to write a secret.

    Args:
        looks: see `Rule`.
        shape: an expression with the group `value`, and perhaps `second` and `key`.
        net: 1, known by its shape; 2, by a name.
        only_random: the value has to look drawn, because the words around it stand in prose, too.
    """

    looks: str
    shape: re.Pattern[str]
    net: int = 2
    only_random: bool = False


def _until(word: str) -> str:
    """What stands between a command and its option: never the command again, so that no search begins twice."""
    return rf"(?:(?!\b{word})[^\n]){{0,2000}}?"


def _of(looks: str, shape: str, *, net: int = 2, only_random: bool = False) -> Statement:
    return Statement(looks, re.compile(f"(?i){shape}"), net, only_random)


_DRAWN = r"(?:\\*[\"'<]|[^\s\d]*\d|[^\s]{12})"
"""How what looks drawn begins."""


STATEMENTS = (
    # hashes that name themselves
    _of(r"\$a\$005\$", r"\$A\$005\$(?P<value>[^'\"\s]{20,100})", net=1),
    _of(r"\{ssha", r"\{SSHA(?:256|512)?\}(?P<value>[A-Za-z0-9+/]{27,128}={0,2})", net=1),
    _of(r"\$7\$", r"\$7\$(?P<value>[./A-Za-z0-9$]{16,256})", net=1),
    _of(r"\$pbkdf2", r"\$pbkdf2[\w-]{0,20}\$(?P<value>[./A-Za-z0-9$=,+]{12,512})", net=1),
    # commands
    _of(
        rf"curl[^\n]*{BLANK}(?:-u|--(?:proxy-)?user)",
        r"\bcurl\b" + _until("curl") + r"\s(?:-u\s{0,4}|--(?:proxy-)?user[=\s]\s{0,4})(?P<open>\\{0,7}[\"'])?"
        r"[^\s:\"']{1,200}:(?P<value>[^\s\"'\\]{3,1024})",
    ),
    _of(f"sshpass{BLANK}+-p", r"\bsshpass\s{1,4}-p\s{0,4}" + _VALUE),
    _of(f"ipmitool[^\n]*{BLANK}-p", r"\bipmitool\b" + _until("ipmitool") + r"\s-P\s{0,4}" + _VALUE),
    _of(f"redis-cli[^\n]*{BLANK}-a", r"\bredis-cli\b" + _until("redis-cli") + r"\s-a\s{1,4}" + _VALUE),
    _of(
        f"(?:add_user|change_password|authenticate_user){BLANK}",
        r"\b(?:add_user|change_password|authenticate_user)\s{1,4}[\"']?[\w.@-]{1,200}[\"']?\s{1,4}" + _VALUE,
    ),
    _of(
        f"(?:oc|podman|docker|skopeo|buildah|kubectl){BLANK}+login[^\n]*{BLANK}-p",
        r"\b(?:oc|podman|docker|skopeo|buildah|kubectl)\s{1,4}login\b" + _until(r"login") + r"\s-p\s{0,4}" + _VALUE,
    ),
    *(
        _of(f"ldap{act}[^\n]*{BLANK}-w", rf"\bldap{act}\b" + _until("ldap") + r"\s-w\s{1,4}" + _VALUE)
        for act in ("search", "modify", "add", "whoami", "delete", "passwd")
    ),
    _of(
        f"snmp[a-z]+[^\n]*{BLANK}-c",
        r"\bsnmp(?:walk|get|bulkwalk|bulkget|set|getnext|table)\b" + _until("snmp") + r"\s-c\s{0,4}" + _VALUE,
    ),
    _of(
        "passwd[^\n]*--stdin",
        r"\becho\s{1,4}(?:-n\s{1,4})?" + _VALUE + r"[\"']?\s{0,4}\|\s{0,4}(?:sudo\s{1,4})?passwd\s[^\n]{0,100}--stdin",
    ),
    _of("chpasswd", r"\becho\s{1,4}[\"']?[\w.-]{1,64}:(?P<value>[^\s\"']{3,1024})[\"']?\s{0,4}\|[^\n]{0,40}chpasswd"),
    _of(
        f"mysql[^\n]*{BLANK}-p[\"']",
        r"\bmysql[\w-]{0,20}\b" + _until("mysql") + r"\s-p[\"'](?P<value>[^\"'\n]{3,256})[\"']",
    ),
    _of("storepass", r"-(?:store|key|src|dest)(?:store)?pass\s{1,4}(?:pass:)?" + _VALUE),
    _of(
        "htpasswd -",
        r"\bhtpasswd\s{1,4}-[a-z]{0,8}b[a-z]{0,8}(?:\s{1,4}-[a-z]{1,4}(?:\s{1,4}\d{1,5})?){0,4}\s{1,4}[^\s-]\S{0,500}\s{1,4}\S{1,200}\s{1,4}"
        + _VALUE,
    ),
    _of(
        "htpasswd -",
        r"\bhtpasswd\s{1,4}-[a-z]{0,8}(?:n[a-z]{0,8}b|b[a-z]{0,8}n)[a-z]{0,8}\s{1,4}[^\s-]\S{0,200}\s{1,4}" + _VALUE,
    ),
    _of("rootpw", r"\brootpw\s{1,4}(?:--(?:plaintext|iscrypted|lock|allow-ssh)\s{1,4}){0,3}(?!--)" + _VALUE),
    _of("sst_auth", r"\bwsrep_sst_auth\s{0,8}[=:]\s{0,8}[\"']?[\w.\-]{1,100}:(?P<value>[^\s\"']{3,1024})"),
    _of(
        rf"<name>{BLANK}*[\w.\-]*{NAME}",
        r"<name>\s{0,8}(?P<key>[\w.\-]{1,100})\s{0,8}</name>\s{0,8}<value>(?P<value>[^<>]{1,4096})</value>",
    ),
    _of(r"<<\\*\"", r"\{\s{0,4}'?(?P<key>\w{2,60})'?\s{0,4},\s{0,4}<<(?P<open>\\{0,7}\")(?P<value>[^\"\n\\]{1,1024})"),
    _of("passin", r"-pass(?:in|out|word)?\s{1,4}[\"']?pass:(?P<value>[^\s\"']{3,1024})"),
    # directives: a key, a blank, a value
    _of("requirepass", r"\brequirepass\s{1,8}" + _VALUE),
    _of("masterauth", r"\bmasterauth\s{1,8}" + _VALUE),
    _of("auth-pass", r"\bauth-pass\s{1,8}[\w.-]{1,200}\s{1,8}" + _VALUE),
    _of("bindpw", r"\bbindpw\s{1,8}" + _VALUE),
    _of("insecure-password", r"\binsecure-password\s{1,8}" + _VALUE),
    _of(
        rf"{BEGIN}{BLANK}*com2sec",
        r"^\s{0,20}com2sec6?\s{1,8}(?:-Cn\s{1,8}\S{1,64}\s{1,8})?[\w.-]{1,64}\s{1,8}\S{1,64}\s{1,8}" + _VALUE,
    ),
    _of(
        "createuser",
        r"\bcreateuser\s{1,8}\S{1,100}\s{1,8}(?:MD5|SHA[\d-]{0,6})\s{1,8}\\{0,7}[\"']?(?P<value>[^\s\"'\\]{3,256})\\{0,7}[\"']?"
        r"(?:\s{1,8}(?:DES|AES[\d-]{0,6})\s{1,8}\\{0,7}[\"']?(?P<second>[^\s\"'\\]{3,256}))?",
    ),
    _of(
        f"enable{BLANK}+(?:secret|password){BLANK}", r"\benable\s{1,4}(?:secret|password)\s{1,4}(?:\d\s{1,4})?" + _VALUE
    ),
    _of("setenv", r"\bsetenv\s{1,8}(?P<key>\w{2,100})\s{1,8}" + _VALUE),
    _of(rf"secret{BLANK}+\"", r"\bsecret\s{1,8}\"(?P<value>[^\"\s]{4,1024})\""),
    _of(rf"psk{BLANK}+\"", r"\bpsk\s{1,8}\"(?P<value>[^\"\s]{4,1024})\""),
    _of(rf"password{BLANK}+\\*\"", r"password\s{1,8}(?P<open>\\{0,7}\")(?P<value>[^\"\n\\]{4,1024})"),
    _of(
        rf"(?:password|passwd|passphrase)(?:{BLANK}+(?:is|was|:))?{BLANK}+{_DRAWN}",
        r"\b(?P<key>\w{0,60}(?:password|passwd|passphrase))(?:\s{1,4}(?:is|was|:))?\s{1,8}" + _VALUE,
        only_random=True,
    ),
    _of(rf"secret_key{BLANK}+{_DRAWN}", r"\b\w{0,60}secret_key\s{1,8}" + _VALUE, only_random=True),
    # SQL
    _of(f"password{BLANK}+'", r"\bpassword\s{1,8}'(?P<value>(?:[^'\\]|\\.|''){1,1024})'"),
    _of(r"password\(", r"\bpassword\(\s{0,4}'(?P<value>(?:[^'\\]|\\.|''){1,1024})'"),
    # addresses without a scheme
    *(
        _of(rf"@{kind}\(", rf"(?<![\w/])[\w.-]{{1,100}}:(?P<value>[^\s:@/\"']{{3,256}})@{kind}\(", net=1)
        for kind in ("tcp", "unix")
    ),
    _of("5432:", r"^[\w.*-]{1,253}:5432:[\w*-]{1,64}:[\w*-]{1,64}:(?P<value>\S{3,256})$", net=1),
    # XML attributes, and JSON of a variable in one line
    _of(
        rf"(?:key|name)=\\*[\"'][\w.\-]*{NAME}[^\n]*value=",
        r"\b(?:key|name)=(?P<q>\\{0,7}[\"'])(?P<key>[\w.\-]{1,100})(?P=q)\s{1,8}value="
        r"(?P<open>\\{0,7}[\"'])(?P<value>[^\n]{3,1024}?)(?P=open)",
    ),
    # tokens that their makers have marked
    _of("xox[abeprs]-", r"\b(?P<value>xox[abeprs]-[\w-]{10,250})", net=1),
    *(_of(f"gh{kind}_", rf"\b(?P<value>gh{kind}_[A-Za-z0-9]{{20,250}})", net=1) for kind in "pousr"),
    _of("glpat-", r"\b(?P<value>glpat-[\w-]{15,100})", net=1),
    _of("aiza", r"\b(?P<value>AIza[\w-]{35})", net=1),
    Statement("aq[a-z0-9+/]{36}==", re.compile(r"(?<![A-Za-z0-9+/])(?P<value>AQ[A-Za-z0-9+/]{36}==)"), net=1),
)


def _spans(statement: Statement, line: str, _known: list[Span]) -> Iterator[Span]:
    for found in statement.shape.finditer(line):
        yield from _of_match(statement, found)


RULES = tuple(Rule(one.looks, partial(_spans, one), one.net) for one in STATEMENTS)


def _of_match(statement: Statement, found: re.Match[str]) -> Iterator[Span]:
    groups = found.groupdict()
    key = groups.get("key")
    if key is not None and not statement.only_random and not is_sensitive(key):
        return
    for name in ("value", "second"):
        value = groups.get(name)
        if value is None or not hides("password", value):
            continue
        if not statement.only_random or looks_random(value):
            yield _extent(found, name, groups.get("open"))


def _extent(found: re.Match[str], name: str, quote: str | None) -> Span:
    """The whole value: to the closing quote, or without the marks that end a sentence or a list."""
    start, end = found.span(name)
    if quote and name == "value":
        return start, closing(found.string, start, quote)
    while end > start + 3 and found.string[end - 1] in ",;)]}|":
        end -= 1
    return start, end
