"""What a secret looks like, whatever its key: each shape begins at an anchor and is judged there. Pure.

A judge gets the text and the place of its anchor, looks at a few hundred bytes around it, and says what it found.
"""

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from urllib.parse import unquote_to_bytes

from omg.audit.drawn import HIDDEN, looks_drawn

Judge = Callable[[bytes, int], str | None]

REACH = 4096
"""Bytes after an anchor that a judge may look at; a text is never cut closer to one."""

BEHIND = 512
"""Bytes before an anchor that a judge may look at."""

_PRIVATE = re.compile(rb"-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:\s|\\+[nrt]|[\"'|>+,-])*")
_BODY = re.compile(rb"[A-Za-z0-9+/=]{12,}")
_HEADERS = re.compile(rb"(?:[A-Za-z\-]{3,40}: [^\n\\]{1,200}(?:\s|\\n)+)*")
_AUTHORITY = re.compile(rb"[^\s\"'<>\\`|{}/?#]*")
_REST = re.compile(rb"[^\s\"'<>\\`|{}]*")
_JWT = re.compile(rb"eyJ[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]{8,}")
_FERNET = re.compile(rb"gAAAAA[A-Za-z0-9_\-]{50,}")
_AWS = re.compile(rb"(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])")
_CRYPT = re.compile(
    rb"\$(?:1|5|6|7|y|gy|apr1|2[abxy]?|argon2(?:i|d|id)|scrypt|pbkdf2-sha\d+)\$[A-Za-z0-9./$=,+\-]{20,}"
)
_LDAP = re.compile(rb"(?i)\{(?:S?SHA(?:256|512)?|S?MD5|CRYPT)\}[A-Za-z0-9+/=.$]{16,}")
_MYSQL = re.compile(rb"\*[0-9A-Fa-f]{40}(?![0-9A-Fa-f])")
_IDENTIFIED = re.compile(
    rb"(?i)identified\s{1,8}(?:with\s+\S{1,64}\s{1,8})?(?:by|as)\s{1,8}(?:password\s{1,8})?\\*['\"]([^'\"\\]{4,200})"
)
_HEADER = re.compile(
    rb"(?i)(?:authorization|x-auth-token|x-subject-token|x-service-token|x-storage-token|x-amz-security-token|set-cookie)"
    rb"(?:[\"'\\]{1,4}[ \t]{0,4},|[\"'\\]{0,4}[ \t]{0,4}[:=])[ \t]{0,4}[\"'\\]{0,4}[ \t]{0,4}"
    rb"(?:(basic|bearer|digest|negotiate|token|__hidden_[A-Z0-9]{4,16}__)[ \t]{1,4})?([^\s\"'\\,;]{6,2000})"
)
_SCHEME = re.compile(rb"(?i)(bearer|basic) {1,2}([A-Za-z0-9._~+/\-]{12,2000}=*)")
_OPENSHIFT = re.compile(rb"sha256~[A-Za-z0-9_\-]{40,}")
_CEPH = re.compile(rb"AQ[A-Za-z0-9+/]{36}==")
_PLATFORM = re.compile(rb"(?:gh[pousr]_[A-Za-z0-9]{36}|glpat-[A-Za-z0-9_\-]{20}|xox[bpars]-[A-Za-z0-9\-]{10,})")
_PUTTY = re.compile(rb"(?i)Private-Lines:[^\n]{1,12}\n[A-Za-z0-9+/=]{16,}")
REFERENCE = re.compile(rb"[$%<{*].*|x+|password|pass|secret|\.{3}.*|-+")


def private_key(data: bytes, at: int) -> str | None:
    """A private key in PEM that still has a body, also where its line breaks are escaped."""
    frame = _PRIVATE.match(data, at, at + 400)
    if frame is None:
        return None
    headers = _HEADERS.match(data, frame.end(), frame.end() + 1000)
    at = headers.end() if headers else frame.end()
    return "private key" if _BODY.match(data, at, at + 200) else None


def userinfo(data: bytes, at: int) -> str | None:
    """A password in a URL: `scheme://user:password@host`, several hosts included.

    A password may hold `/`, `?`, `@` and `:` where whoever wrote it did not encode it, so what stands before the last
    `@` counts, unless the host and a numeric port come before it.
    """
    found = _AUTHORITY.match(data, at + 3, at + 1000)
    authority = found[0] if found else b""
    if b"@" not in authority:
        host, colon, port = authority.partition(b":")
        if not colon or not host.strip(b"[]") or not port or port.isdigit() or b"[" in host:
            return None
        if data.find(b"@", at, at + 2000) < 0:
            return None
        whole = _REST.match(data, at + 3, at + 2000)
        authority = whole[0] if whole else b""
        if b"@" not in authority:
            return None
    infos = [one.rpartition(b"@")[0] for one in authority.split(b",") if b"@" in one]
    if b":" not in b"".join(infos) and not HIDDEN.search(authority):  # the comma is the password's
        infos = [authority.rpartition(b"@")[0]]
    return "password in a URL" if any(map(_holds_password, infos)) else None


def escaped_userinfo(data: bytes, at: int) -> str | None:
    """A password in a URL whose slashes are escaped, as some writers of JSON do."""
    if data.find(b"@", at, at + 300) < 0:
        return None
    return userinfo(data[at : at + 600].replace(b"\\/", b"/"), 0)


def _holds_password(info: bytes) -> bool:
    _user, _colon, password = info.partition(b":")
    plain = unquote_to_bytes(password)
    return len(plain) >= 3 and not HIDDEN.search(plain) and not REFERENCE.fullmatch(plain)


def header(data: bytes, at: int) -> str | None:
    """What authenticates a request: the value of Authorization, X-Auth-Token and their like."""
    found = _HEADER.match(data, at, at + 2200)
    if found is None or HIDDEN.search(found[2]):
        return None
    is_scheme = found[1] is not None and not HIDDEN.match(found[1])
    is_one = looks_drawn(found[2]) or _is_base64_pair(found[2]) or (is_scheme and not found[2].isalpha())
    return "credentials in a header" if is_one else None


def scheme(data: bytes, at: int) -> str | None:
    """`Bearer …` and `Basic …` outside a header."""
    found = _SCHEME.match(data, at, at + 2050)
    if found is None or HIDDEN.search(found[2]):
        return None
    basic = found[1].lower() == b"basic"
    is_one = _is_base64_pair(found[2]) if basic else looks_drawn(found[2])
    return "credentials in a header" if is_one else None


def _is_base64_pair(value: bytes) -> bool:
    try:
        plain = base64.b64decode(value + b"=" * (-len(value) % 4), validate=True)
    except (binascii.Error, ValueError):
        return False
    return b":" in plain and plain.isascii() and not HIDDEN.search(plain)


def docker_auth(value: bytes) -> bool:
    """Whether a value is what `auth` of a dockerconfig holds: base64 of `user:password`."""
    return len(value) >= 8 and _is_base64_pair(value)


def identified(data: bytes, at: int) -> str | None:
    """A password in SQL."""
    found = _IDENTIFIED.match(data, at, at + 400)
    is_real = found and not HIDDEN.search(found[1]) and not REFERENCE.fullmatch(found[1])
    return "password in SQL" if is_real else None


def _plain(shape: re.Pattern[bytes], kind: str, *, before: bytes = b"") -> Judge:
    """A judge for a shape that is enough by itself.

    Args:
        shape: from its anchor on.
        kind: what it is called.
        before: bytes that must not stand before it: it would be the middle of something longer.
    """

    def judge(data: bytes, at: int) -> str | None:
        if before and at and data[at - 1] in before:
            return None
        found = shape.match(data, at, at + REACH)
        return kind if found and not HIDDEN.search(found[0]) else None

    return judge


_ALNUM = bytes(range(48, 58)) + bytes(range(65, 91)) + bytes(range(97, 123))
_INSIDE = _ALNUM + b"_-"
_BASE64 = _INSIDE + b"+/"

JUDGES: Mapping[bytes, Judge] = {
    b"-----begin ": private_key,
    b"private-lines:": _plain(_PUTTY, "private key"),
    b"://": userinfo,
    b":\\/\\/": escaped_userinfo,
    b"eyj": _plain(_JWT, "JSON web token", before=_INSIDE),
    b"gaaaaa": _plain(_FERNET, "Fernet token", before=_INSIDE),
    b"akia": _plain(_AWS, "AWS access key", before=_INSIDE),
    b"asia": _plain(_AWS, "AWS access key", before=_INSIDE),
    b"sha256~": _plain(_OPENSHIFT, "OpenShift token"),
    b"ghp_": _plain(_PLATFORM, "platform token", before=_ALNUM),
    b"gho_": _plain(_PLATFORM, "platform token", before=_ALNUM),
    b"ghs_": _plain(_PLATFORM, "platform token", before=_ALNUM),
    b"glpat-": _plain(_PLATFORM, "platform token", before=_ALNUM),
    b"xoxb-": _plain(_PLATFORM, "platform token", before=_ALNUM),
    b"xoxp-": _plain(_PLATFORM, "platform token", before=_ALNUM),
    b"identified": identified,
    b"authorization": header,
    b"x-auth-token": header,
    b"x-subject-token": header,
    b"x-service-token": header,
    b"x-storage-token": header,
    b"x-amz-security-token": header,
    b"set-cookie": header,
    b"bearer ": scheme,
    b"basic ": scheme,
    **{b"$%s$" % name: _plain(_CRYPT, "password hash") for name in b"1 5 6 7 y gy apr1 2 2a 2b 2x 2y scrypt".split()},
    **{b"$%s" % name: _plain(_CRYPT, "password hash") for name in (b"argon2", b"pbkdf2-")},
    **{
        b"{%s}" % name: _plain(_LDAP, "password hash")
        for name in b"sha ssha sha256 ssha256 sha512 ssha512 smd5 crypt".split()
    },
    **{b"*%x" % digit: _plain(_MYSQL, "MySQL password hash", before=_ALNUM + b"*") for digit in range(16)},
    b"aq": _plain(_CEPH, "Ceph key", before=_BASE64),
}
"""Anchor in lower case → who judges what stands there."""
