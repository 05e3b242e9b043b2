"""Passwords in commands and statements that have no key beside them: the program says which word it is. Pure."""

import re
from collections.abc import Mapping

from omg.audit.keys import HIDDEN, SHORTEST
from omg.audit.shapes import BEHIND, REFERENCE, Judge

_VALUE = rb"[\"']?([^\s\"'\\,;]{4,200})"
_WITHIN = rb"[^\n|;&]{0,160}?\s"
_SPAN = 420

_OPTIONS: Mapping[bytes, bytes] = {
    b"mysql": rb"mysql\w*" + _WITHIN + rb"-p" + _VALUE,
    b"mariadb": rb"mariadb[\w\-]*" + _WITHIN + rb"-p" + _VALUE,
    b"stats auth": rb"stats auth\s{1,4}[\w.@\-]{1,64}:" + _VALUE,
    b"curl ": rb"curl" + _WITHIN + rb"(?:-u|--user)[\s\"',]{1,4}[\w.@\-]{1,64}:" + _VALUE,
    b"ipmitool": rb"ipmitool" + _WITHIN + rb"-P\s?" + _VALUE,
    b"snmp": rb"snmp\w*" + _WITHIN + rb"-[cAX]\s{1,4}" + _VALUE,
    b"rocommunity": rb"rocommunity6?\s{1,4}" + _VALUE,
    b"rwcommunity": rb"rwcommunity6?\s{1,4}" + _VALUE,
    b"com2sec": rb"com2sec6?\s{1,4}\S{1,64}\s{1,4}\S{1,64}\s{1,4}" + _VALUE,
    b"sshpass": rb"sshpass\s{1,4}-p\s?" + _VALUE,
    b"redis-cli": rb"redis-cli" + _WITHIN + rb"(?:-a|--pass)\s{1,4}" + _VALUE,
    b"rabbitmqctl": rb"rabbitmqctl" + _WITHIN + rb"(?:add_user|change_password)\s{1,4}\S{1,64}\s{1,4}" + _VALUE,
    b"auth-pass": rb"auth-pass\s{1,4}\S{1,64}\s{1,4}" + _VALUE,
    b" login ": rb" login" + _WITHIN + rb"-p\s{1,4}" + _VALUE,
    b"ldap": rb"ldap(?:search|modify|add|delete|whoami|passwd)" + _WITHIN + rb"-w\s{1,4}" + _VALUE,
    b"htpasswd": rb"htpasswd\s{1,4}-[a-zA-Z]{0,4}b[a-zA-Z]{0,4}\s{1,4}\S{1,200}\s{1,4}\S{1,64}\s{1,4}" + _VALUE,
    b"rootpw ": rb"rootpw\s{1,4}(?:--plaintext\s{1,4})?" + _VALUE,
    b"createuser": rb"(?i)createuser\s{1,4}(?:-\S{1,80}\s{1,4})?\S{1,64}\s{1,4}(?:md5|sha[\d-]{0,8})\s{1,4}" + _VALUE,
    b"password(": rb"password\(\s{0,4}[\"']([^\"'\\]{4,200})[\"']",
    b"enable secret ": rb"enable secret (?:\d )?" + _VALUE,
}
"""Anchor in lower case → the statement that it begins, up to and with the password."""

_BEFORE: Mapping[bytes, bytes] = {
    b"@tcp(": rb"[\w.\-]{1,64}:([^\s\"'@/]{4,100})\Z",
    b"@unix(": rb"[\w.\-]{1,64}:([^\s\"'@/]{4,100})\Z",
    b"chpasswd": rb"echo\s{1,4}[\"']?[\w\-]{1,32}:([^\s\"']{4,64})[\"']?\s{0,4}\|\s{0,4}(?:sudo )?\Z",
    b"passwd --stdin": rb"echo\s{1,4}[\"']?([^\s\"']{4,64})[\"']?\s{0,4}\|\s{0,4}(?:sudo )?\Z",
}
"""Anchor in lower case → what stands before it, with the password."""


def _judge(shape: re.Pattern[bytes]) -> Judge:
    def judge(data: bytes, at: int) -> str | None:
        found = shape.match(data, at, at + _SPAN)
        return _kind_of(found[1]) if found else None

    return judge


def _judge_before(shape: re.Pattern[bytes]) -> Judge:
    def judge(data: bytes, at: int) -> str | None:
        found = shape.search(data[max(at - BEHIND, 0) : at])
        return _kind_of(found[1]) if found else None

    return judge


def _kind_of(value: bytes) -> str | None:
    """Whether a word is a password: not hidden, no reference, no number, path or lower-case word."""
    if HIDDEN.search(value) or REFERENCE.fullmatch(value) or len(value) < SHORTEST:
        return None
    if value.isdigit() or (value.isalpha() and value.islower()) or value.startswith((b"/", b"-")):
        return None
    return "password on a command line"


COMMANDS: Mapping[bytes, Judge] = {
    **{
        anchor: _judge(re.compile(rb"(?i)" + shape if b"-" not in shape else shape))
        for anchor, shape in _OPTIONS.items()
    },
    **{anchor: _judge_before(re.compile(shape)) for anchor, shape in _BEFORE.items()},
}
"""Anchor in lower case → who judges what stands there."""
