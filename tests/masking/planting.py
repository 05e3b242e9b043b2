"""Secrets as real ones look, planted in every place where a net should catch them."""

import base64
import json
import random
import string
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Case:
    """A text with one secret in it, and what must not be in the result."""

    net: int
    place: str
    text: str
    secret: str


Draw = Callable[[random.Random], str]


def pwgen(chance: random.Random) -> str:
    return "".join(chance.choices(string.ascii_letters + string.digits, k=chance.randint(12, 24))) + "7Kq"


def uuid_hex(chance: random.Random) -> str:
    return f"{chance.getrandbits(128):032x}"


def fernet(chance: random.Random) -> str:
    return base64.urlsafe_b64encode(chance.randbytes(32)).decode()


def passphrase(chance: random.Random) -> str:
    words = ["correct", "horse", "battery", "staple", "window", "orange", "planet", "silver"]
    return "-".join(chance.sample(words, 4)) + str(chance.randint(10, 99))


DRAWS: tuple[Draw, ...] = (pwgen, uuid_hex, fernet, passphrase)

BY_KEY: dict[str, str] = {
    "ini": "[db]\npassword = {}\nhost = db\n",
    "ini without blanks": "admin_password={}\n",
    "commented ini": "# rabbit_password = {}\n",
    "log": "2026-01-01 00:00:00 INFO loaded password={}, user=nova\n",
    "yaml": "auth:\n  adminPassword: {}\n  user: admin\n",
    "quoted yaml": 'clouds:\n  password: "{}"\n',
    "yaml list item": "- memcache_secret_key: {}\n",
    "json": '{{"user": "nova", "api-key": "{}", "n": 1}}',
    "json in a text": 'body {{\\"password\\": \\"{}\\", \\"a\\": 1}}',
    "python": "{{'auth_token': '{}', 'a': 1}}",
    "python unicode": "{{u'password': u'{}'}}",
    "shell": "export OS_PASSWORD={}\n",
    "quoted shell": "OS_PASSWORD='{}'\n",
    "environment": "X_SECRET_KEY={}\n",
    "option": "openstack --os-password {} server list",
    "option with equals": "run --token={} --debug",
    "mysql": "mysqldump -u root -p{} nova",
    "xml": "<user><password>{}</password></user>",
    "attribute": '<login password="{}"/>',
    "haproxy": "  stats auth admin:{}\n",
    "env pair": "- name: DB_PASSWORD\n  value: {}\n- name: A\n  value: b\n",
    "dotted": "spring.datasource.password={}\n",
    "spaced": "Admin Password: {}\n",
}

BY_SHAPE: dict[str, str] = {
    "url": "mysql+pymysql://nova:{}@mariadb.openstack.svc/nova?charset=utf8",
    "two urls": "rabbit://nova:{0}@h1:5672,nova:{0}@h2:5672/?ssl=1",
    "url without user": "redis://:{}@redis:6379",
    "bearer": "curl -H 'Authorization: Bearer {}' http://x",
    "x-auth-token": "X-Auth-Token: {}",
    "identified by": "CREATE USER 'a'@'%' IDENTIFIED BY '{}';",
    "basic": "Authorization: Basic {basic}",
    "crypt": "root:$6$abcdefgh${crypt}:19000:0",
    "jwt": "token is eyJhbGciOiJSUzI1NiJ9.eyJ{jwt}.c2lnbmF0dXJl{jwt}",
    "fernet token": "issued gAAAAAB{fernet}",
    "aws": "key AKIA{aws} used",
    "mysql hash": "hash *{hash} ok",
}

BY_VALUE: dict[str, str] = {
    "log": "we agreed on {} for now",
    "twice": "{0} and again {0}",
    "base64": "blob {base64} end",
    "base64 shifted": "blob {shifted} end",
    "url-encoded": "GET /x?y={url}",
    "json": '{{"note": "{json}"}}',
    "sql": "INSERT INTO t VALUES (1,'{}','x');",
}


def cases(seed: int) -> list[Case]:
    """Every place of every net, with every kind of value."""
    chance = random.Random(seed)
    found = []
    for net, places in ((2, BY_KEY), (1, BY_SHAPE), (3, BY_VALUE)):
        for place, template in places.items():
            for draw in DRAWS:
                found += [_case(net, place, template, draw, chance) for _ in range(3)]
    return found


def _case(net: int, place: str, template: str, draw: Draw, chance: random.Random) -> Case:
    value = draw(chance)
    forms = {
        "basic": base64.b64encode(f"user:{value}".encode()).decode(),
        "crypt": "".join(chance.choices(string.ascii_letters + string.digits + "./", k=60)),
        "jwt": "".join(chance.choices(string.ascii_letters + string.digits, k=40)),
        "fernet": "".join(chance.choices(string.ascii_letters + string.digits, k=80)),
        "aws": "".join(chance.choices(string.ascii_uppercase + string.digits, k=16)),
        "hash": "".join(chance.choices("0123456789ABCDEF", k=40)),
        "base64": base64.b64encode(value.encode()).decode(),
        "shifted": base64.b64encode(f"x{value}".encode()).decode(),
        "url": value.replace("=", "%3D"),
        "json": json.dumps(value)[1:-1],
    }
    text = template.format(value, **forms)
    own = next((forms[name] for name in forms if f"{{{name}}}" in template), value)
    secret = own[3:-3] if place == "base64 shifted" else own[:-4] if place == "base64" else own
    return Case(net, place, text, value if net == 3 and place not in {"base64", "base64 shifted"} else secret)


def secret_of(*values: str) -> dict[str, Any]:
    """A Secret that holds these values."""
    data = {f"Password{number}": base64.b64encode(value.encode()).decode() for number, value in enumerate(values)}
    return {"kind": "Secret", "metadata": {"name": values[0], "namespace": "n", "resourceVersion": "1"}, "data": data}
