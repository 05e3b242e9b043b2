"""Nets 1 and 2 on what isn't `key = value`: commands with a password, directives, SQL, DSN, XML attributes. Pure.

One line of the table is one way to write a secret: what has to stand in a line that holds it, and an expression whose
groups `value` and `second` are the secret. What has to stand there is short, and leaves the names to the rule: all that
tell a secret are six hundred bytes of an expression, which each state of the sieve would pay for.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from omg.masking.extents import JUDGED, closing
from omg.masking.keys import hides, is_sensitive
from omg.masking.rule import Rule, Span
from omg.masking.sieve import BEGIN, BLANK
from omg.masking.wording import UUID, looks_drawn

_VALUE = r"(?P<open>\\{0,7}[\"'])?(?P<value>[^\s\"'\\](?:[^\s\"'\\]{2,1023}|(?<=[\"'].)[^\"'\\]{2,1023}))"


@dataclass(frozen=True, slots=True)
class Statement:
    """One way to write a secret.

    Args:
        looks: see `Rule`.
        shape: an expression with the group `value`, and perhaps `second` and `key`.
        net: 1, known by its shape; 2, by a name.
        only_random: the value has to look drawn, because the words around it stand in prose, too.
        uuids: even so a UUID, in prose the name of something more often than its secret, is a value.
    """

    looks: str
    shape: re.Pattern[str]
    net: int = 2
    only_random: bool = False
    uuids: bool = False


def _until(word: str) -> str:
    """What stands between a command and its option: never the command again, so that no search begins twice."""
    return rf"(?:(?!\b{word})[^\n]){{0,2000}}?"


def _of(looks: str, shape: str, *, net: int = 2, only_random: bool = False, uuids: bool = False) -> Statement:
    return Statement(looks, re.compile(f"(?i){shape}"), net, only_random, uuids)


_DRAWN = r"(?:\\*[\"'<]|[^\s\d]*\d|[^\s]{12})"
"""How what looks drawn begins."""


_OPTIONS_OF_PROGRAMS = (
    ("fence_\\w+", "p"),
    ("ipa-\\w+(?:-\\w+)?", "w"),
    ("kadmin(?:[.]local)?", "w"),
    ("mongo\\w*", "p"),
    ("rabbitmqadmin", "p"),
    ("ipmi-\\w+", "p"),
    ("useradd|usermod", "p"),
    ("zip|unzip", "P"),
    ("pcs", "p"),
    ("secret store", "p"),
    ("ssh-keygen", "N"),
)
"""Programs, and the option of each that takes a password."""

STATEMENTS = (
    # hashes that name themselves
    _of(r"\$a\$005\$", r"\$A\$005\$(?P<value>[^'\"\s]{20,100})", net=1),
    _of(r"\{ssha", r"\{SSHA(?:256|512)?\}(?P<value>[A-Za-z0-9+/]{27,128}={0,2})", net=1),
    _of(r"\$7\$", r"\$7\$(?P<value>[./A-Za-z0-9$]{16,256})", net=1),
    _of(r"\$pbkdf2", r"\$pbkdf2[\w-]{0,20}\$(?P<value>[./A-Za-z0-9$=,+]{12,512})", net=1),
    # commands
    _of(
        rf"curl[^\n]*{BLANK}(?:-[a-z]*u|--(?:proxy-)?user)",
        r"\bcurl\b"
        + _until("curl")
        + r"\s(?:-[a-zA-Z]{0,6}u\s{0,4}|--(?:proxy-)?user[=\s]\s{0,4})(?P<open>\\{0,7}[\"'])?"
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
        _of(
            f"ldap{act}[^\n]*{BLANK}-[a-z]*w", rf"\bldap{act}\b" + _until("ldap") + r"\s-[a-zA-Z]{0,6}w\s{1,4}" + _VALUE
        )
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
        f"secret store[^\n]*{BLANK}--payload[=\t ]",
        r"\bsecret store\b" + _until("secret store") + r"\s--payload[=\s]\s{0,4}" + _VALUE,
    ),
    _of(
        "(?:smbclient|rpcclient|smbget|winexe)[^\n]*%",
        r"\b(?:smbclient|rpcclient|smbget|winexe)\b"
        + _until("(?:smbclient|rpcclient|smbget|winexe)")
        + r"\s(?:-U|--user)[=\s]{0,4}[\"']?[\w.\\/@\-]{1,100}%"
        r"(?P<value>[^\s\"']{3,256})",
    ),
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
        "<name>",
        r"<name>\s{0,8}(?P<key>[\w.\-]{1,100})\s{0,8}</name>\s{0,8}<value>(?P<value>[^<>]+)</value>",
    ),
    _of(r"<<\\*\"", r"\{\s{0,4}'?(?P<key>\w{2,60})'?\s{0,4},\s{0,4}<<(?P<open>\\{0,7}\")(?P<value>[^\"\n\\]{1,1024})"),
    _of(
        rf"-{BLANK}+[\"']?-p",
        r"^\s{0,100}-\s{1,4}[\"']?-p(?P<value>[^\s\"'\\-][^\s\"'\\]{5,255})",
        only_random=True,
        uuids=True,
    ),
    _of("passin", r"-pass(?:in|out|word)?\s{1,4}[\"']?pass:(?P<value>[^\s\"']{3,1024})"),
    *(
        _of(
            f"(?:{program})[^\n]*{BLANK}-[a-z]*{option.lower()}",
            rf"\b(?:{program})\b" + _until(f"(?:{program})") + rf"\s-[a-zA-Z]{{0,6}}{option}\s{{0,4}}" + _VALUE,
        )
        for program, option in _OPTIONS_OF_PROGRAMS
    ),
    _of(f"snmp[a-z]+[^\n]*{BLANK}-a", r"\bsnmp\w+\b" + _until("snmp") + r"\s-(?-i:[AX])\s{1,4}" + _VALUE),
    _of(f"snmp[a-z]+[^\n]*{BLANK}-x", r"\bsnmp\w+\b" + _until("snmp") + r"\s-(?-i:X)\s{1,4}" + _VALUE),
    _of(
        f"openssl[^\n]*{BLANK}-(?:k|hmac){BLANK}", r"\bopenssl\b" + _until("openssl") + r"\s-(?:k|hmac)\s{1,4}" + _VALUE
    ),
    _of(
        f"openssl{BLANK}+passwd",
        r"\bopenssl\s{1,4}passwd(?:\s{1,4}-(?:salt\s{1,4}\S{1,40}|\w{1,20})){0,6}\s{1,4}(?!-)" + _VALUE,
    ),
    _of(
        r"<<<",
        r"\b(?:passwd|kinit|cryptsetup|sudo\s{1,4}-S|chpasswd|smbpasswd)\b[^\n]{0,400}?<<<\s{0,4}" + _VALUE,
    ),
    _of(
        f"echo[^\n]*[|]{BLANK}*(?:sudo|kinit|cryptsetup|base64|openssl|smbpasswd|oc|kubectl)",
        r"\becho\s{1,4}(?:-[ne]{1,2}\s{1,4}){0,2}"
        + _VALUE
        + r"[\"']?\s{0,4}\|\s{0,4}(?:sudo\s{1,4}-S|kinit|cryptsetup|base64|openssl|smbpasswd)\b",
    ),
    _of(
        r"creds[=\t ]",
        r"--(?:[a-z]{1,12}-)?creds[=\s]\s{0,4}(?P<open>\\{0,7}[\"'])?[^\s:\"']{1,200}:(?P<value>[^\s\"'\\]{3,1024})",
    ),
    _of(
        r"etcdctl|user[=\t ]+root:",
        r"\betcdctl\b" + _until("etcdctl") + r"\s(?:--user[=\s]|user\s{1,4}add)\s{0,4}[\w.\-]{1,100}:" + _VALUE,
    ),
    _of("--from-literal=", r"--from-literal=[\"']?[\w.\-]{1,253}=" + _VALUE),
    _of(f"--auth{BLANK}", r"--auth\s{1,4}[\"']?[\w.\-]{1,100}:" + _VALUE),
    _of(
        "node[.]session[.]auth|discovery[.]sendtargets[.]auth",
        r"(?:-n|--name)[=\s]\s{0,4}[\w.]{1,60}auth\.password(?:_in)?\s{1,4}(?:-v|--value)[=\s]\s{0,4}" + _VALUE,
    ),
    _of("netroot=|rd[.]iscsi", r"\bnetroot=iscsi:[\w.\-]{1,100}:(?P<value>[^\s@]{3,256})@"),
    _of("set-user-password", r"\bset-user-password\s(?:[^\n]{0,200}\s)?\S{1,100}\s{1,4}\S{1,100}\s{1,4}" + _VALUE),
    _of("secret-set-value", r"\bsecret-set-value\s[^\n]{0,200}?--base64[=\s]\s{0,4}" + _VALUE),
    _of("secret-set-value", r"\bsecret-set-value\s{1,4}[^\s-]\S{0,99}\s{1,4}(?!-)" + _VALUE),
    _of("jdbc:oracle:", r"\bjdbc:oracle:\w{1,10}:[^\s/@:]{1,100}/(?P<value>[^\s/@]{3,256})@", net=1),
    _of("set_password", r"\bset_password\s{1,4}(?:vnc|spice)\s{1,4}" + _VALUE),
    _of("ac-user-", r"\bac-user-(?:set-password|create)\s{1,4}\S{1,100}\s{1,4}(?!-)" + _VALUE),
    _of(
        "object[^\n]*secret[^\n]*data=",
        r"\bsecret,id=[^\s,]{1,100},(?:[\w\-]{1,40}=[^,\s]{0,100},){0,8}?data=(?P<value>[^,\s]{3,4096})",
    ),
    _of(
        r"qom-type[^\n]*secret[^\n]*data",
        r"\bdata\\{0,7}[\"']\s{0,4}:\s{0,4}(?P<open>\\{0,7}[\"'])(?P<value>[^\"'\\]{3,4096})",
    ),
    _of(
        "nmcli",
        r"\bnmcli\b"
        + _until("nmcli")
        + r"\s(?P<key>[\w.\-]{0,60}(?:password|psk|secret|pin)[\w\-]{0,10})\s{1,4}"
        + _VALUE,
    ),
    _of(
        r"a\d+=\"-p[^\"]",
        r"\ba0=\"[^\"]{0,200}mysql[^\"]{0,40}\"[^\n]{0,2000}?\sa\d{1,3}=\"-p(?P<value>[^\"]{3,256})\"",
    ),
    _of(r"mysql[^\n]*\"-p[^\"]", r"\bmysql[\w-]{0,20}[\"'],[^\n]{0,400}?[\"']-p(?P<value>[^\"'\n]{3,256})[\"']"),
    _of(
        r"a\d+=\"--?[\w\-]",
        r"\ba\d{1,3}=\"--?(?P<key>[\w\-]{2,60})\"\s{1,4}a\d{1,3}=\"(?P<value>[^\"]{3,1024})\"",
    ),
    # directives: a key, a blank, a value
    _of(
        f"(?:authorization|x-auth-token|api-?key){BLANK}+\\\\*[\"']",
        r"(?:header|RequestHeader\s{1,4}(?:set|add|append|merge))\s{1,4}[\"']?(?P<key>[\w\-]{2,60})[\"']?\s{1,4}"
        r"(?P<open>\\{0,7}[\"'])(?:Bearer\s{1,4}|Basic\s{1,4})?(?P<value>[^\"'\n\\$%]{3,4096})",
    ),
    _of(r":ommysql:", r":ommysql:[^,\s]{1,253},[^,\s]{1,100},[^,\s]{1,100},(?P<value>[^\s;]{3,256})"),
    _of(
        rf":{BLANK}*(?:psk|xauth|eap|ntlm){BLANK}",
        r"(?:^|\s):\s{1,4}(?:PSK|XAUTH|EAP|NTLM)\s{1,4}(?P<open>[\"'])?(?P<value>[^\s\"'][^\"'\n]{2,256})",
    ),
    _of(
        "hmac-[a-z0-9-]+[:;]",
        r"\bhmac-[\w-]{2,12}(?::[\w.\-]{1,100}\s{1,4}|:[\w.\-]{1,100}:|;\s{0,4}secret\s{1,4}[\"']?)(?P<value>[A-Za-z0-9+/]{12,128}={0,2})",
    ),
    _of(
        f"machine{BLANK}",
        r"(?<![^\s\"'])machine\s{1,4}\S{1,253}\s{1,4}login\s{1,4}\S{1,100}\s{1,4}password\s{1,4}" + _VALUE,
    ),
    _of(f"neighbor{BLANK}", r"\bneighbor\s{1,4}\S{1,100}\s{1,4}password\s{1,4}(?:\d\s{1,4})?" + _VALUE),
    _of(
        f"key-string{BLANK}|message-digest-key{BLANK}|ospf{BLANK}+authentication-key{BLANK}|(?:radius|tacacs)-server{BLANK}",
        r"\b(?:key-string|message-digest-key\s{1,4}\d{1,3}\s{1,4}md5|ospf\s{1,4}authentication-key"
        r"|(?:radius|tacacs)-server\s{1,4}(?:host\s{1,4}\S{1,100}\s{1,4})?key)\s{1,4}(?:\d\s{1,4})?" + _VALUE,
    ),
    _of(
        rf"username{BLANK}+[\w.@\-]+{BLANK}+(?:privilege{BLANK}+[0-9]+{BLANK}+)?(?:password|secret){BLANK}+[0-9]{BLANK}",
        r"\busername\s{1,4}\S{1,64}\s{1,4}(?:privilege\s{1,4}\d{1,2}\s{1,4})?(?:password|secret)\s{1,4}\d\s{1,4}"
        + _VALUE,
    ),
    _of(
        rf"(?:auth|auth-trunc|enc|aead){BLANK}+[\w()\-]+{BLANK}+0x[a-f0-9]",
        r"\b(?:auth|auth-trunc|enc|aead)\s{1,4}[\w()\-]{2,60}\s{1,4}(?P<value>0x[0-9a-f]{8,512})",
        net=1,
    ),
    _of(f"wifi{BLANK}", r"\bwifi\s{1,4}connect\s{1,4}\S{1,100}\s{1,4}password\s{1,4}" + _VALUE),
    _of(
        f"user{BLANK}[^\n]*{BLANK}o(?:n|ff){BLANK}[^\n]*[>#<]",
        r"\buser\s{1,4}[\w.\-]{1,100}\s{1,4}o(?:n|ff)\s{1,4}(?:[^\s>#<]{1,40}\s{1,4}){0,8}?[>#<](?P<value>[^\s~&+]{4,256})",
    ),
    _of(r"\"auth\"", r"\"AUTH\"\s{1,4}(?:\"[^\"]{1,100}\"\s{1,4})?\"(?P<value>[^\"]{3,512})\"\s{0,4}$"),
    _of("requirepass|masterauth", r"\"(?:requirepass|masterauth)\"\s{1,4}\"(?P<value>[^\"]{3,512})\""),
    _of("requirepass", r"\brequirepass\s{1,8}(?!\")" + _VALUE),
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
        r"\bcreateuser\s{1,8}(?:-e\s{1,8}\S{1,80}\s{1,8})?\S{1,100}\s{1,8}(?:MD5|SHA[\d-]{0,6})\s{1,8}\\{0,7}[\"']?(?P<value>[^\s\"'\\]{3,256})\\{0,7}[\"']?"
        r"(?:\s{1,8}(?:DES|AES[\d-]{0,6})\s{1,8}\\{0,7}[\"']?(?P<second>[^\s\"'\\]{3,256}))?",
    ),
    _of(
        f"enable{BLANK}+(?:secret|password){BLANK}", r"\benable\s{1,4}(?:secret|password)\s{1,4}(?:\d\s{1,4})?" + _VALUE
    ),
    _of("setenv", r"\bsetenv\s{1,8}(?P<key>\w{2,100})\s{1,8}" + _VALUE),
    _of(rf"secret{BLANK}+\"", r"\bsecret\s{1,8}\"(?P<value>[^\"\s]{4,1024})\"", only_random=True),
    _of(rf"psk{BLANK}+\"", r"\bpsk\s{1,8}\"(?P<value>[^\"\s]{4,1024})\""),
    _of(rf"password{BLANK}+\\*\"", r"password\s{1,8}(?P<open>\\{0,7}\")(?P<value>[^\"\n\\]{4,1024})"),
    _of(
        rf"(?:password|passwd|passphrase)(?:{BLANK}+(?:(?:is|was):?|:))?{BLANK}+{_DRAWN}",
        r"\b(?P<key>\w{0,60}(?:password|passwd|passphrase))(?:\s{1,4}(?:(?:is|was):?|:))?\s{1,8}" + _VALUE,
        only_random=True,
        uuids=True,
    ),
    _of(
        rf"(?:password|passwd|passphrase){BLANK}+(?:[a-z]+{BLANK}+)?(?:[a-z]+{BLANK}+)?(?:for|of){BLANK}[^\n]*(?:{BLANK}(?:is|was)|:){BLANK}+{_DRAWN}",
        r"\b\w{0,60}(?:password|passwd|passphrase)\s{1,4}(?:[a-z]{2,12}\s{1,4}){0,2}?(?:for|of)\s{1,4}(?:\S{1,100}\s{1,4}){0,2}?[^\s:]{1,100}\s{0,4}(?:\s(?:is|was)|:)\s{1,8}"
        + _VALUE,
        only_random=True,
        uuids=True,
    ),
    _of(
        rf"(?:password|passwd|passphrase){BLANK}+(?:[a-z]+{BLANK}+)?(?:[a-z]+{BLANK}+)?(?:[a-z]+{BLANK}+)?to:?{BLANK}",
        r"\b\w{0,60}(?:password|passwd|passphrase)\s{1,4}(?:(?:[a-z]{2,4}\s{1,4}){0,2}(?:re)?(?:set|changed)\s{1,4})?to:?\s{1,8}"
        + _VALUE,
        only_random=True,
        uuids=True,
    ),
    _of(r"unseal key[^\n]*:", r"\bunseal key\b[^\n:]{0,40}:\s{1,8}" + _VALUE),
    _of(
        rf"(?:secret_key|secret|token|credentials?|passcode){BLANK}+{_DRAWN}",
        r"\b\w{0,60}(?:secret_key|secret|token|credentials?|passcode)\s{1,8}(?:[\w.\-]{1,60}:)?" + _VALUE,
        only_random=True,
    ),
    _of(
        "(?:password|passwd|passphrase|secret|token)[^\n\"'`<>=]*[\"'`][^\n\"'`<>=\t ]{6}",
        r"\b\w{0,60}(?:password|passwd|passphrase|secret|token)\b[^\n\"'`<>=]{0,80}(?P<q>[\"'`])(?P<value>[^\"'`\s<>=]{6,200})(?P=q)"
        r"(?:\s{1,4}to\s{1,4}(?P=q)(?P<second>[^\"'`\s<>=]{6,200})(?P=q))?",
        only_random=True,
    ),
    _of(
        rf"(?:password|passwd|passphrase){BLANK}+->",
        r"\b\w{0,60}(?:password|passwd|passphrase)\s{1,4}->\s{1,4}" + _VALUE,
        only_random=True,
        uuids=True,
    ),
    _of(
        rf"auth[\"']?{BLANK}*[=:]{BLANK}*[\"']?[\w.\-]+:[^/\s]",
        r"\b\w{0,60}auth[\"']?\s{0,4}[=:]\s{0,4}[\"']?[\w.\-]{1,64}:(?P<value>[^\s:/@\"']{4,256})(?=[\s\"',;}]|$)",
    ),
    _of(r"\$\{\w+:[-=?]", r"\$\{(?P<key>\w{2,100}):[-=][\"']?(?P<value>[^\"'}\n]{3,512})"),
    # calls, and what Go prints of a variable
    _of(
        rf"[.]set[a-z_]*\({BLANK}*[bu]?\\*[\"'][\w.\-]*\\*[\"'],{BLANK}*[bu]?\\*[\"'][\w.\-]+\\*[\"'],",
        r"\.set\w{0,30}\(\s{0,4}[bu]?(?P<q>\\{0,7}[\"'])[\w.\-]{0,100}(?P=q),\s{0,4}[bu]?(?P=q)(?P<key>[\w.\-]{1,100})(?P=q),"
        r"\s{0,4}[bu]?(?P<open>\\{0,7}[\"'])(?P<value>[^\"'\n]{1,1024})",
    ),
    _of(
        r"envvar\{name:",
        r"\bEnvVar\{Name:\s?(?P<q>\\{0,7}\")?(?P<key>[\w.\-]{1,253})(?(q)(?P=q)),?\s?Value:\s?(?(q)(?P=q))"
        r"(?P<value>(?:(?!EnvVar\{)[^\n]){1,4096}?)(?(q)(?P=q)),?\s?ValueFrom:",
    ),
    # JSON whose quotes are written as entities or in percent
    _of(
        r"(?:&(?:quot|apos|#0*3[49]|#x2[27]);|%(?:25)*2[27])[\w.\-]+(?:&(?:quot|apos|#[0-9x]+);|%(?:25)*2[27])",
        r"(?P<q>&(?:quot|apos|#0{0,3}3[49]|#x2[27]);|%(?:25){0,3}2[27])(?P<key>[\w.\-]{2,100})(?P=q)(?:\s|%(?:25){0,3}20|\+){0,4}"
        r"(?::|%(?:25){0,3}3A)(?:\s|%(?:25){0,3}20|\+){0,4}(?P=q)(?P<value>[^\n]{1,4096}?)(?P=q)",
    ),
    # notations of Erlang and PHP
    _of(
        rf"\{{{BLANK}*'?\w+'?{BLANK}*,{BLANK}*\"",
        r"\{\s{0,4}'?(?P<key>\w{2,60})'?\s{0,4},\s{0,4}\"(?P<value>[^\"\n\\]{1,1024})\"",
    ),
    _of("longstr", r"<<\"(?P<key>\w{2,60})\">>,\s{0,4}longstr,\s{0,4}<<\"(?P<value>[^\"\n]{3,1024})\">>"),
    _of("<<0,", r"<<0,\"[^\"\n]{1,200}\",0,\"(?P<value>[^\"\n]{3,1024})\">>"),
    _of(rf"\[\w+\]{BLANK}*=>", r"\[(?P<key>\w{2,60})\]\s{0,4}=>\s{0,4}" + _VALUE),
    # SQL
    _of(
        f"set{BLANK}+password",
        r"\bset\s{1,4}password\s{1,4}(?:for\s{1,4}\S{1,200}\s{0,4})?=\s{0,4}'(?P<value>(?:[^'\\]|\\.|''){1,1024})'",
    ),
    _of("chap ", r"\bCHAP\s{1,4}[\w.\-]{1,100}\s{1,4}(?P<value>[^\s'\"|]{6,256})"),
    _of("scram-sha-", r"\bSCRAM-SHA-\d{1,3}\$\d{1,9}:(?P<value>[A-Za-z0-9+/=]{8,200}\$[A-Za-z0-9+/=:]{8,400})", net=1),
    _of("md5[a-f0-9]{32}", r"\bpassword\s{1,4}'(?P<value>md5[a-f0-9]{32})'"),
    _of(f"password{BLANK}+'", r"\bpassword\s{1,8}'(?P<value>(?:[^'\\]|\\.|''){1,1024})'"),
    _of(
        r"password\(",
        r"\b(?:set_?|change_?|new_?)?password\(\s{0,4}"
        r"(?:'(?P<value>(?:[^'\\]|\\.|''){1,1024})'|\"(?P<second>(?:[^\"\\]|\\.){1,1024})\")",
    ),
    # addresses without a scheme
    *(
        _of(rf"@{kind}\(", rf"(?<![\w/])[\w.-]{{1,100}}:(?P<value>[^\s:@/\"']{{3,256}})@{kind}\(", net=1)
        for kind in ("tcp", "unix")
    ),
    _of(
        rf"{BEGIN}[\w.*\-]+:(?:\d+|[*]):[\w*\-]+:[\w*\-]+:[^\s:]",
        r"^[\w.*-]{1,253}:(?:\d{2,5}|\*):[\w*-]{1,64}:[\w*-]{1,64}:(?P<value>[^\s:]{3,256})$",
        net=1,
    ),
    # XML attributes, and JSON of a variable in one line
    _of(
        r"(?:key|name)=\\*[\"'][^\n]*value=",
        r"\b(?:key|name)=(?P<q>\\{0,7}[\"'])(?P<key>[\w.\-]{1,100})(?P=q)\s{1,8}value="
        r"(?P<open>\\{0,7}[\"'])(?P<value>[^\n]{3,1024}?)(?P=open)",
    ),
    _of(
        r"value=\\*[\"'][^\n]*(?:key|name)=",
        r"\bvalue=(?P<open>\\{0,7}[\"'])(?P<value>[^\"'\\\n]{3,1024})(?P=open)\s[^<>\n]{0,200}?\b(?:key|name)="
        r"(?P<q>\\{0,7}[\"'])(?P<key>[\w.\-]{1,100})(?P=q)",
    ),
    _of(
        r"(?:key|name)=\\*[\"'][^<>\n]*>",
        r"\b(?:key|name)=(?P<q>\\{0,7}[\"'])(?P<key>[\w.\-]{1,100})(?P=q)[^<>\n]{0,200}>\s{0,8}(?:<value>\s{0,8})?(?P<value>[^<>\n]{3,})</",
    ),
    _of(
        r"(?:<|&lt;)[\w.:\-]+(?:>|&gt;)[^<>&\n]*(?:<|&lt;)[!/]",
        r"(?:<|&lt;)(?P<key>[\w.:\-]{1,100})(?:>|&gt;)\s{0,8}(?:<!\[CDATA\[)?(?P<value>[^<>&\n\]]{3,})(?:\]\]>)?(?:<|&lt;)/",
    ),
    _of(
        "<key>",
        r"<key>\s{0,8}(?P<key>[\w.\-]{1,100})\s{0,8}</key>\s{0,8}<string>(?P<value>[^<>]+)</string>",
    ),
    _of("<secret[^>\n]*>[^\n]*<value>", r"<secret\b[^<>\n]{0,200}>\s{0,8}<value>(?P<value>[^<>\n]{3,})</value>"),
    # tokens that their makers have marked
    _of("hooks[.]slack[.]com", r"\bhooks\.slack\.com/services/(?P<value>[A-Za-z0-9/_-]{10,200})", net=1),
    _of("webhook", r"/webhooks?(?:b2)?/(?P<value>[A-Za-z0-9@/_-]{20,400})", net=1, only_random=True),
    _of(r"/bot\d", r"/bot(?P<value>\d{5,12}:[A-Za-z0-9_-]{20,60})", net=1),
    _of("github_pat_", r"\b(?P<value>github_pat_[A-Za-z0-9_]{20,250})", net=1),
    _of("npm_", r"\b(?P<value>npm_[A-Za-z0-9]{20,80})", net=1),
    _of("pypi-", r"\b(?P<value>pypi-[A-Za-z0-9_-]{40,300})", net=1),
    _of("hv[sbr][.]", r"\b(?P<value>hv[sbr]\.[A-Za-z0-9_-]{20,300})", net=1),
    _of("ya29[.]", r"\b(?P<value>ya29\.[A-Za-z0-9_.-]{20,400})", net=1),
    _of("sg[.]", r"\b(?P<value>SG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{16,64})", net=1),
    _of(
        r"[?&](?:sig|signature|temp_url_sig|samlresponse|samlrequest)=|samlresponse[=\"']",
        r"(?:[?&]|\b)(?:sig|signature|temp_url_sig|SAMLResponse|SAMLRequest)(?:=|[\"']\s{1,4}value=[\"'])(?P<value>[A-Za-z0-9%+/=_-]{16,8192})",
        net=1,
    ),
    _of(
        r"[?&](?:token|code|state|access_token|key)=|%3ftoken%3d",
        r"(?:[?&]|%3F|%26)(?:token|code|access_token)(?:=|%3D)(?P<value>[A-Za-z0-9%+/=_.-]{16,4096})",
        net=1,
    ),
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
        if value is None:
            continue
        start, end = _extent(found, name, groups.get("open"))
        whole = found.string[start : min(end, start + JUDGED)]  # of 46288'"'"'H5Var the expression saw a number
        if not any(hides("password", one) and (key is None or hides(key, one)) for one in (value, whole)):
            continue
        if not statement.only_random or (looks_drawn(value) and (statement.uuids or not UUID.fullmatch(value))):
            yield start, end


def _extent(found: re.Match[str], name: str, quote: str | None) -> Span:
    """The whole value: to the closing quote, or without the marks that end a sentence or a list."""
    start, end = found.span(name)
    if quote and name == "value":
        return start, closing(found.string, start, quote)
    while end > start + 3 and found.string[end - 1] in ",;)]}|":
        end -= 1
    return start, end
