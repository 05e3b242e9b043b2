"""What masking doesn't hide yet: forms, and the kinds of value for which they come through. Nothing of it is planted.

The aim of this list is to be empty.
"""

from tests.planting.forms import Form
from tests.planting.values import PLAIN, Draw

_PLAIN = " ".join(draw.__name__ for draw in PLAIN)

OPEN: dict[str, str] = {
    "ini in a comment": "with_signs",
    "ini, the value in the next line": "PLAIN passphrase with_signs",
    "ini, several values in lines": "PLAIN",
    "galera": "PLAIN",
    "redis": "with_signs",
    "redis primary": "with_signs",
    "erlang terms": "PLAIN",
    "ldif": "PLAIN",
    "ansible variables": "with_quotes",
    "kickstart": "PLAIN",
    "snmp user": "PLAIN",
    "apache ldap": "passphrase with_signs",
    "apache oidc": "PLAIN",
    "yaml, single quotes": "with_quotes",
    "yaml, list below the key": "PLAIN",
    "yaml, tag": "PLAIN passphrase with_quotes with_signs",
    "yaml of a secret": "PLAIN",
    "yaml of a secret, data": "PLAIN passphrase with_quotes with_signs",
    "json, list": "PLAIN",
    "json, name and value": "with_quotes",
    "json, key and value": "PLAIN passphrase with_quotes with_signs",
    "json of a secret": "PLAIN passphrase with_quotes with_signs",
    "json of a secret, data": "PLAIN passphrase with_quotes with_signs",
    "shell": "with_quotes",
    "shell, before a command": "with_quotes",
    "option": "with_quotes",
    "option with equals": "passphrase with_quotes",
    "mysql": "with_quotes",
    "mysql, long": "passphrase with_quotes",
    "curl, long": "passphrase",
    "sshpass": "passphrase with_quotes with_signs",
    "ipmitool": "passphrase with_quotes with_signs",
    "redis-cli": "with_signs",
    "ldapsearch": "with_signs",
    "rabbitmqctl": "with_signs",
    "rabbitmqctl, new user": "with_signs",
    "keystone-manage": "with_quotes",
    "htpasswd": "PLAIN with_signs",
    "arguments apart": "PLAIN passphrase with_quotes with_signs",
    "xml, property": "PLAIN passphrase with_signs",
    "option log": "with_signs",
    "table": "PLAIN passphrase with_signs",
    "table, property": "PLAIN with_signs",
    "url, @ in the password": "base64_text",
    "openshift token": "openshift_token",
    "base64": "hexadecimal",
    "base64, one byte in": "hexadecimal",
    "base64, two bytes in": "hexadecimal",
    "url-safe base64": "hexadecimal",
    "in json in a text": "with_quotes",
    "in python": "with_quotes",
    "in double quotes of a shell": "with_signs",
    "in sql": "with_quotes",
    "in xml": "with_signs",
    "in yaml": "with_quotes",
    "in json": "with_quotes",
    "json in a text": "with_quotes",
    "yaml with json": "with_quotes",
}
"""Form → kinds of value."""

OPEN_STRUCTURES = frozenset({"list of arguments", "key and value", "a Secret in base64", "release in a config map"})


def is_open(form: Form, draw: Draw, value: str) -> bool:
    """Whether this value would come through in this form."""
    return value.startswith("/") or draw.__name__ in OPEN.get(form.name, "").replace("PLAIN", _PLAIN).split()
