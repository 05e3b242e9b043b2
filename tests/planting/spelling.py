"""How notations spell a value: the test's own functions, none of which the masker or the audit uses."""

import base64
import json
import shlex
from collections.abc import Callable
from urllib.parse import quote, quote_plus
from xml.sax.saxutils import escape, quoteattr

Spell = Callable[[str], str]


def raw(value: str) -> str:
    return value


def in_json(value: str) -> str:
    return json.dumps(value)[1:-1]


def twice_in_json(value: str) -> str:
    return in_json(in_json(value))


def in_single_quotes(value: str) -> str:
    """Of YAML: a quote is written twice."""
    return value.replace("'", "''")


def in_python(value: str) -> str:
    """Between single quotes, as a dict that is printed."""
    return repr(value + '"')[1:-2] if "'" not in value else value.replace("\\", "\\\\").replace("'", "\\'")


def in_shell(value: str) -> str:
    """A word of a command, quoted where it must be."""
    return shlex.quote(value)


def in_double_shell(value: str) -> str:
    return "".join("\\" + one if one in '\\"$`' else one for one in value)


def in_xml(value: str) -> str:
    return escape(value)


def in_attribute(value: str) -> str:
    """With the quotes."""
    return quoteattr(value)


def in_url(value: str) -> str:
    return quote(value, safe="")


def in_form(value: str) -> str:
    return quote_plus(value)


def in_sql(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "\\'").replace('"', '\\"')


def in_base64(value: str) -> str:
    return base64.b64encode(value.encode()).decode()


def in_url_safe_base64(value: str) -> str:
    return base64.urlsafe_b64encode(value.encode()).decode()


def one_byte_in(value: str) -> str:
    """Base64 of a text in which the value is not the first byte."""
    return base64.b64encode(f"x{value}\n".encode()).decode()


def two_bytes_in(value: str) -> str:
    return base64.b64encode(f"xy{value}\n\n".encode()).decode()


def as_basic(value: str) -> str:
    return base64.b64encode(f"svc-user:{value}".encode()).decode()


def lines_in_json(value: str) -> str:
    return value.replace("\n", "\\n")


def indented(value: str) -> str:
    """Further lines stand as far to the right as YAML and INI want it."""
    return value.replace("\n", "\n    ")


def framed_in_base64(body: str) -> str:
    """A whole key in base64, as kubeconfigs and Secrets hold it."""
    return base64.b64encode(
        f"-----BEGIN RSA PRIVATE KEY-----\n{body}\n-----END RSA PRIVATE KEY-----\n".encode()
    ).decode()
