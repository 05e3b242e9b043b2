"""Secrets as people and installers make them: nothing about them says that they were planted."""

import base64
import random
import string
import uuid
from collections.abc import Callable

Draw = Callable[[random.Random], str]

_LETTERS = string.ascii_letters + string.digits
_TEXT = """
acorn anvil badge basin birch bison blaze brook cabin camel cedar chalk cliff clover cobalt comet coral crane
delta dune ember falcon fable fern flint frost gable garnet glacier grove harbor hazel heron indigo ivory
jasper kelp lagoon lantern larch linen maple marble meadow mosaic nectar nimbus oasis onyx opal orchid osprey
otter pebble pepper pine plume prairie quartz quill raven reed ridge river saffron sable sierra slate spruce
summit sparrow tangerine thistle thunder timber topaz tulip tundra umber velvet violet walnut willow winter
wren zephyr
"""
_WORDS = _TEXT.split()


def fernet_key(chance: random.Random) -> str:
    """32 bytes in URL-safe base64."""
    return base64.urlsafe_b64encode(chance.randbytes(32)).decode()


def some_uuid(chance: random.Random) -> str:
    return str(uuid.UUID(bytes=chance.randbytes(16), version=4))


def hexadecimal(chance: random.Random) -> str:
    """As `openssl rand -hex 16`; one of digits alone is a number, which nobody can tell from others."""
    drawn = chance.randbytes(chance.choice((10, 16, 20, 32))).hex()
    return hexadecimal(chance) if drawn.isdigit() else drawn


def pwgen(chance: random.Random) -> str:
    """As `pwgen -s`: one digit and one capital at least."""
    drawn = chance.choices(_LETTERS, k=chance.randint(10, 24))
    extra = [chance.choice(string.digits), chance.choice(string.ascii_uppercase), chance.choice(string.ascii_lowercase)]
    mixed = [*drawn, *extra]
    chance.shuffle(mixed)
    return "".join(mixed)


def base64_text(chance: random.Random) -> str:
    """As `openssl rand -base64 24`, or of a length that needs padding."""
    return base64.b64encode(chance.randbytes(chance.choice((18, 20, 24, 32, 40)))).decode()


def url_safe(chance: random.Random) -> str:
    """As Python's secrets.token_urlsafe."""
    return base64.urlsafe_b64encode(chance.randbytes(chance.choice((16, 24, 32)))).decode().rstrip("=")


def with_signs(chance: random.Random) -> str:
    """As `pwgen -sy` without quotes and backslashes; it begins and ends with a letter."""
    signs = "!@#$%^&*()-_=+[]{};:,.<>?/|~"
    inner = chance.choices(_LETTERS, k=chance.randint(8, 12)) + chance.choices(signs, k=chance.randint(2, 4))
    chance.shuffle(inner)
    return chance.choice(_LETTERS) + "".join(inner) + chance.choice(_LETTERS)


def with_quotes(chance: random.Random) -> str:
    """With a quote, a double quote and a backslash in it, which every notation spells in its own way."""
    a, b, c, d = ("".join(chance.choices(_LETTERS, k=5)) for _ in range(4))
    return f"{a}'{b}\"{c}\\{d}"


def _words(chance: random.Random, count: int) -> list[str]:
    """Words of two, so that half a passphrase is in no other one."""
    return ["".join(chance.sample(_WORDS, 2)) for _ in range(count)]


def passphrase(chance: random.Random) -> str:
    """Four words with blanks between."""
    return " ".join(_words(chance, 4))


def dashed(chance: random.Random) -> str:
    """Four words with dashes, a capital and a number."""
    words = _words(chance, 4)
    return "-".join([words[0].title(), *words[1:], str(chance.randint(100, 9999))])


def bcrypt(chance: random.Random) -> str:
    return f"$2{chance.choice('aby')}$10${''.join(chance.choices(_LETTERS + './', k=53))}"


def fernet_token(chance: random.Random) -> str:
    """As keystone makes them: version 0x80 and a time of our years."""
    stamp = (1_700_000_000 + chance.randrange(99_999_999)).to_bytes(8, "big")
    return base64.urlsafe_b64encode(b"\x80" + stamp + chance.randbytes(16 + 96 + 32)).decode().rstrip("=")


def web_token(chance: random.Random) -> str:
    """A JWT as a service account has it."""
    parts = (
        b'{"alg":"RS256","kid":"%s"}' % chance.randbytes(6).hex().encode(),
        chance.randbytes(60),
        chance.randbytes(128),
    )
    head, claims, signature = (base64.urlsafe_b64encode(one).decode().rstrip("=") for one in parts)
    return f"{head}.eyJ{claims}.{signature}"


def openshift_token(chance: random.Random) -> str:
    return f"sha256~{base64.urlsafe_b64encode(chance.randbytes(32)).decode().rstrip('=')}"


def aws_id(chance: random.Random) -> str:
    return "AKIA" + "".join(chance.choices(string.ascii_uppercase + "234567", k=16))


def aws_secret(chance: random.Random) -> str:
    return base64.b64encode(chance.randbytes(30)).decode()


def mysql_hash(chance: random.Random) -> str:
    return "*" + chance.randbytes(20).hex().upper()


def sha512_crypt(chance: random.Random) -> str:
    salt, hashed = ("".join(chance.choices(_LETTERS + "./", k=size)) for size in (16, 86))
    return f"$6${salt}${hashed}"


def apache_hash(chance: random.Random) -> str:
    salt, hashed = ("".join(chance.choices(_LETTERS + "./", k=size)) for size in (8, 22))
    return f"$apr1${salt}${hashed}"


def ceph_key(chance: random.Random) -> str:
    """A cephx secret: type, time and 16 bytes, which always begins alike."""
    stamp = (1_700_000_000 + chance.randrange(99_999_999)).to_bytes(4, "little")
    return base64.b64encode(b"\x01\x00" + stamp + chance.randbytes(4) + b"\x10\x00" + chance.randbytes(16)).decode()


def pem_body(chance: random.Random) -> str:
    """The base64 lines of a private key, without its frame and its first line, which all keys share."""
    body = base64.b64encode(chance.randbytes(600)).decode()
    return "\n".join(body[at : at + 64] for at in range(0, len(body), 64))


PLAIN: tuple[Draw, ...] = (fernet_key, some_uuid, hexadecimal, pwgen, base64_text, url_safe, dashed)
"""One word of letters, digits and the signs of base64: they stand unquoted everywhere."""

SIGNED: tuple[Draw, ...] = (*PLAIN, with_signs)
SPACED: tuple[Draw, ...] = (*SIGNED, passphrase)
ANY: tuple[Draw, ...] = (*SPACED, with_quotes)
"""For places that quote what they hold."""
