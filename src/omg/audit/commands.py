"""Passwords in commands and statements that have no key beside them: the program says which word it is. Pure.

A command stands in a line, or as a list of arguments in any notation; the list is made a line before it is judged.
"""

import re
from collections.abc import Mapping

from omg.audit.drawn import HIDDEN, SHORTEST, is_name, is_phrase, is_strange, looks_drawn
from omg.audit.shapes import BEHIND, REFERENCE, Judge

_WORD = rb"[\"']?([^\s\"'\\,;]{4,200})"
_VALUE = rb"(?:\"([^\"\n]{4,200})\"|'([^'\n]{4,200})'|([^\s\"'\\;]{4,200}))"
_WITHIN = rb"[^\n|;&]{0,160}?\s"
_SPAN = 420
_USER = rb"[\"']?[\w.@+\-]{0,64}:"

_OPTIONS: Mapping[bytes, bytes] = {
    b"mysql": rb"mysql\w*" + _WITHIN + rb"-p" + _VALUE,
    b"mysqladmin": rb"mysqladmin" + _WITHIN + rb"password\s{1,4}" + _VALUE,
    b"mariadb": rb"mariadb[\w\-]*" + _WITHIN + rb"-p" + _VALUE,
    b"stats auth": rb"stats auth\s{1,4}[\w.@\-]{1,64}:" + _WORD,
    b"curl": rb"curl" + _WITHIN + rb"(?:-[a-zA-Z]{0,6}[uU]|--(?:proxy-)?user)[\s=]{0,4}[\"']?[^\s:\"']{0,64}:" + _WORD,
    b"curl -": rb"curl" + _WITHIN + rb"(?:-b|--cookie)[\s=]{1,4}[\"']?[\w.\-]{1,64}=" + _WORD,
    b"ipmitool": rb"ipmitool" + _WITHIN + rb"-P\s?" + _VALUE,
    b"ipmi-": rb"ipmi-[\w\-]{1,20}" + _WITHIN + rb"-p\s?" + _VALUE,
    b"racadm": rb"racadm" + _WITHIN + rb"-p\s?" + _VALUE,
    b"redfishtool": rb"redfishtool" + _WITHIN + rb"-p\s?" + _VALUE,
    b"snmp": rb"snmp\w*" + _WITHIN + rb"-[cAX]\s{1,4}" + _VALUE,
    b"rocommunity": rb"rocommunity6?\s{1,4}" + _VALUE,
    b"rwcommunity": rb"rwcommunity6?\s{1,4}" + _VALUE,
    b"com2sec": rb"com2sec6?\s{1,4}\S{1,64}\s{1,4}\S{1,64}\s{1,4}" + _VALUE,
    b"trapsink": rb"trapsink\s{1,4}\S{1,100}\s{1,4}" + _VALUE,
    b"trap2sink": rb"trap2sink\s{1,4}\S{1,100}\s{1,4}" + _VALUE,
    b"sshpass": rb"sshpass\s{1,4}-p\s?" + _VALUE,
    b"redis-cli": rb"redis-cli" + _WITHIN + rb"(?:-a|--pass)\s{1,4}" + _VALUE,
    b"rabbitmqctl": rb"rabbitmqctl"
    + _WITHIN
    + rb"(?:add_user|change_password|authenticate_user)\s{1,4}(?:--\s{1,4})?\S{1,64}\s{1,4}"
    + _VALUE,
    b"rabbitmqadmin": rb"rabbitmqadmin" + _WITHIN + rb"-p\s{1,4}" + _VALUE,
    b"auth-pass": rb"auth-pass\s{1,4}\S{1,64}\s{1,4}" + _VALUE,
    b" login ": rb" login" + _WITHIN + rb"-p\s{0,4}" + _VALUE,
    b"creds": rb"creds[\s=]{1,4}" + _USER + _WORD,
    b"ldap": rb"ldap(?:search|modify|add|delete|whoami|passwd|compare)" + _WITHIN + rb"-[a-zA-Z]{0,4}w\s{1,4}" + _VALUE,
    b"htpasswd": rb"htpasswd\s{1,4}-[a-zA-Z]{0,4}b[a-zA-Z]{0,4}\s{1,4}\S{1,200}\s{1,4}\S{1,64}\s{1,4}" + _VALUE,
    b"rootpw ": rb"(?<!\w)rootpw\s{1,4}(?:--plaintext\s{1,4})?" + _VALUE,
    b"createuser": rb"(?i)createuser\s{1,4}(?:-\S{1,80}\s{1,4})?\S{1,64}\s{1,4}(?:md5|sha[\d-]{0,8})\s{1,4}" + _VALUE,
    b"password(": rb"password\(\s{0,4}[\"']([^\"'\\]{4,200})[\"']",
    b"enable secret ": rb"enable secret (?:\d )?" + _WORD,
    b"etcdctl": rb"etcdctl" + _WITHIN + rb"(?:--user[\s=]|user add\s)\s{0,4}" + _USER + _WORD,
    b"mongo": rb"mongo\w*" + _WITHIN + rb"-p\s?" + _VALUE,
    b"fence_": rb"fence_\w{1,30}" + _WITHIN + rb"-p\s{1,4}" + _VALUE,
    b"ipa-": rb"ipa-[\w\-]{1,30}" + _WITHIN + rb"-[wp]\s{1,4}(?!admin\b)" + _VALUE,
    b"kadmin": rb"kadmin[\w.]{0,10}" + _WITHIN + rb"[\"']?(?:-w|[^\n|;&]{0,60}?-pw)\s{1,4}" + _VALUE,
    b"useradd": rb"useradd" + _WITHIN + rb"-p\s{1,4}" + _VALUE,
    b"usermod": rb"usermod" + _WITHIN + rb"-p\s{1,4}" + _VALUE,
    b"zip ": rb"zip" + _WITHIN + rb"-P\s{0,4}" + _VALUE,
    b"7z ": rb"7z" + _WITHIN + rb"-p" + _VALUE,
    b"openssl": rb"openssl" + _WITHIN + rb"-(?:k|K|hmac)\s{1,4}" + _VALUE,
    b"openssl passwd": rb"openssl passwd(?:\s{1,4}-(?:salt\s{1,4}\S{1,40}|\S{1,20})){0,6}\s{1,4}(?!-)" + _VALUE,
    b"set-user-password": rb"set-user-password\s{1,4}\S{1,100}\s{1,4}\S{1,64}\s{1,4}" + _VALUE,
    b"secret-set-value": rb"secret-set-value\s{1,4}(?:--secret\s{1,4})?\S{1,64}\s{1,4}(?:--base64\s{1,4})?" + _VALUE,
    b"ac-user-set-password": rb"ac-user-set-password\s{1,4}(?:--\S{1,40}\s{1,4})?\S{1,64}\s{1,4}" + _VALUE,
    b"set_password ": rb"set_password\s{1,4}(?:vnc|spice)\s{1,4}" + _VALUE,
    b"iscsiadm": rb"iscsiadm" + _WITHIN + rb"[\w.]{0,60}auth\.password\w{0,4}\s{1,4}(?:-v|--value)\s{1,4}" + _VALUE,
    b"--from-literal": rb"--from-literal[\s=]{1,4}[\"']?[\w.\-]{1,100}=" + _WORD,
    b"hmac-": rb"hmac-\w{2,10}:(?:[\w.\-]{1,100}:|[\w.\-]{1,100}\s{1,4})" + _WORD,
    b"-object secret": rb"-object secret,[^\n]{0,100}?data=" + _WORD,
    b"qom-type": rb"qom-type[^\n]{0,300}?data\W{2,8}" + _WORD,
    b"<<<": rb"<<<\s{0,4}" + _VALUE,
    b"chpasswd <<": rb"chpasswd\s{0,4}<<[^\n]{1,30}\n\s{0,8}[\w.\-]{1,32}:" + _WORD,
    b"smbclient": rb"smbclient" + _WITHIN + rb"-U\s{0,4}[\w.\\]{1,64}%" + _WORD,
    b"net ads": rb"net ads" + _WITHIN + rb"-U\s{0,4}[\w.\\]{1,64}%" + _WORD,
    b"lftp": rb"lftp" + _WITHIN + rb"-u\s{1,4}[\w.@\-]{1,64},([^\s\"'\\;]{4,200})",
    b"http -a": rb"http -a\s{1,4}" + _USER + _WORD,
    b":ommysql:": rb":ommysql:[^,\s]{1,200},[^,\s]{1,64},[^,\s]{1,64}," + _WORD,
    b"neighbor ": rb"neighbor\s{1,4}\S{1,64}\s{1,4}password\s{1,4}(?:\d\s{1,4})?" + _VALUE,
    b"message-digest-key": rb"message-digest-key\s{1,4}\d{1,3}\s{1,4}md5\s{1,4}" + _VALUE,
    b"-server": rb"-server[^\n]{0,100}?\skey\s{1,4}(?:\d\s{1,4})?" + _VALUE,
    b" psk ": rb" psk\s{1,4}" + _VALUE,
    b": xauth": rb": xauth\s{1,4}" + _VALUE,
    b": eap": rb": eap\s{1,4}" + _VALUE,
    b": ntlm": rb": ntlm\s{1,4}" + _VALUE,
    b'"auth" "': rb"\"auth\" \"(?:[^\"]{1,64}\" \")?([^\"]{4,200})\"",
    b'"requirepass"': rb"\"requirepass\"\s{1,4}(?:2\) )?\"([^\"]{4,200})\"",
    b"user default ": rb"user default[^\n]{0,60}?\s[>#]([^\s]{4,200})",
    b"acl setuser": rb"acl setuser[^\n]{0,100}?\s[\"']?[>#]([^\s\"']{4,200})",
    b"chap ": rb"chap\s{1,4}[\w.\-]{1,64}\s{1,4}" + _WORD,
    b"<<0,": rb"<<0,\"[^\"]{1,64}\",0,\"([^\"]{4,200})\"",
    b"set password": rb"set password(?:\s{1,4}for\s{1,4}\S{1,100})?\s{0,4}=\s{0,4}[\"']([^\"'\n]{4,200})",
    b"netroot=iscsi:": rb"netroot=iscsi:[^\s:@]{1,64}:([^\s:@]{4,200})[:@]",
    b"mc alias set": rb"mc alias set\s{1,4}\S{1,64}\s{1,4}\S{1,200}\s{1,4}\S{1,64}\s{1,4}" + _VALUE,
    b"setcookie": rb"setcookie\s{1,4}" + _VALUE,
}
"""Anchor in lower case → the statement that it begins, up to and with the password."""

_BEFORE: Mapping[bytes, bytes] = {
    b"@tcp(": rb"[\w.\-]{1,64}:([^\s\"'@/]{4,100})\Z",
    b"@unix(": rb"[\w.\-]{1,64}:([^\s\"'@/]{4,100})\Z",
    b"chpasswd": rb"echo\s{1,4}(?:-\w\s{1,4})?[\"']?[\w\-]{1,32}:([^\s\"']{4,64})[\"']?\s{0,4}\|\s{0,4}(?:sudo )?\Z",
    **dict.fromkeys(
        (b"passwd --stdin", b"kinit", b"sudo -s", b"cryptsetup", b"base64", b"openssl", b"su -c"),
        rb"(?:echo|printf)\s{1,4}(?:-\w\s{1,4})?[\"']?([^\s\"'|]{4,64})[\"']?\s{0,4}\|\s{0,4}(?:sudo )?\Z",
    ),
}
"""Anchor in lower case → what stands before it, with the password."""

_LISTED = re.compile(rb"[\"'\]]?\s{0,4}(?:,|\n\s{0,80}- |\n\s{4,80}(?=\S)|[\"']\s{1,4}a\d{1,3}=)")
_ARGUMENT = re.compile(
    rb"(?:,|\n\s{0,80}- |\n\s{4,80}|a\d{1,3}=)?\s{0,80}"
    rb"(?:\"([^\"\n]{0,256})\"|'([^'\n]{0,256})'|([^\s,\[\]\"']{1,256}))"
)
_ENDS = re.compile(rb"\s{0,4}\]|\n(?!\s{0,80}- |\s{6})")
ARGUMENTS = 24


def _as_line(data: bytes, at: int) -> bytes:
    """A list of arguments as a line of a command.

    Args:
        data: the text.
        at: behind the program.
    """
    words: list[bytes] = []
    end = min(at + _SPAN, len(data))
    while len(words) < ARGUMENTS and not _ENDS.match(data, at, end):
        found = _ARGUMENT.match(data, at, end)
        if found is None or found.end() == at:
            at += 1
            if at >= end or data[at - 1] not in b"\"' \t]":
                break
            continue
        word = found[1] or found[2] or found[3] or b""
        words.append(b'"%s"' % word if b" " in word and not word.startswith(b"-") else word)
        at = found.end()
    return b" ".join(words)


def _judge(shape: re.Pattern[bytes]) -> Judge:
    def judge(data: bytes, at: int) -> str | None:
        found = shape.match(data, at, at + _SPAN)
        if found and (kind := _kind_of(found)):
            return kind
        name = _PROGRAM.match(data, at, at + 60)
        if name is None or not _LISTED.match(data, name.end(), name.end() + 100):
            return None
        found = shape.match(name[0].rstrip() + b" " + _as_line(data, name.end()))
        return _kind_of(found) if found else None

    return judge


def _judge_before(shape: re.Pattern[bytes]) -> Judge:
    def judge(data: bytes, at: int) -> str | None:
        found = shape.search(data[max(at - BEHIND, 0) : at])
        return _kind_of(found) if found else None

    return judge


def _kind_of(found: re.Match[bytes]) -> str | None:
    value = next((one for one in found.groups() if one), b"").rstrip(b",)]}")
    return "password on a command line" if is_password(value) else None


def is_password(value: bytes) -> bool:
    """Whether a word is a password: not hidden, no reference, no number, path, option or word."""
    if HIDDEN.search(value) or REFERENCE.fullmatch(value) or len(value) < SHORTEST:
        return False
    if b" " in value:
        return is_phrase(value)
    if (
        value.isdigit()
        or value.startswith((b"-", b"{", b"http:", b"https:"))
        or (value.startswith(b"/") and not looks_drawn(value))
    ):
        return False
    if is_name(value) and not any(48 <= byte < 58 for byte in value):
        return False
    return is_strange(value) if value.isalpha() and value.islower() else True


_PROGRAM = re.compile(rb"(?i) ?[\w\-.]{1,40}(?: passwd| ads)?")


def _compiled(shape: bytes) -> re.Pattern[bytes]:
    """Where options stand, small letters and capitals differ."""
    return re.compile(shape if _WITHIN in shape else rb"(?i)" + shape)


COMMANDS: Mapping[bytes, Judge] = {
    **{anchor: _judge(_compiled(shape)) for anchor, shape in _OPTIONS.items()},
    **{anchor: _judge_before(re.compile(shape)) for anchor, shape in _BEFORE.items()},
}
"""Anchor in lower case → who judges what stands there."""
