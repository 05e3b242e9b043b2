"""Names of objects as names of files: safe, short enough, and readable back. Pure."""

import re
from hashlib import blake2b
from urllib.parse import unquote_to_bytes

PARTIAL = ".partial"
"""The ending of a file that isn't whole; no safe name has it."""

LONGEST = 240
"""Bytes of a safe name: with a suffix for collisions and `.partial` it stays within the 255 of Linux file systems."""

_LONGEST_ENDING = 12
"""Bytes of an ending (`.yaml`) that a cut name keeps."""

_ORDINARY = re.compile(rf"[A-Za-z0-9_-][A-Za-z0-9_.-]{{0,{LONGEST - 1}}}").fullmatch
"""Nearly every name of a cluster: as it is."""


def safe(name: str) -> str:
    """The name of a file or folder for `name`, whatever `name` is.

    Percent-encoded are `/`, `%`, every character that can't be printed (control characters, line separators,
    surrogates), a leading dot, and the dot of a trailing `.partial`; the empty name is `%`. Names above LONGEST bytes
    lose their middle to `~` and a hash of the whole. Different names stay different, as bytes: nothing is folded.
    """
    if _ORDINARY(name) and not name.endswith(PARTIAL):
        return name
    encoded = "".join(_kept_or_encoded(one) for one in name) or "%"
    if encoded.startswith("."):
        encoded = f"%2E{encoded[1:]}"
    if encoded.endswith(PARTIAL):
        encoded = f"{encoded.removesuffix(PARTIAL)}%2E{PARTIAL[1:]}"
    return encoded if len(encoded.encode()) <= LONGEST else _cut(encoded)


def original(name: str) -> str:
    """What `safe` was given; of a name that was cut, what is left of it."""
    encoded = b"" if name == "%" else unquote_to_bytes(name)
    try:
        return encoded.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:  # cut in the middle of a character
        return encoded.decode("utf-8", "replace")


def with_number(name: str, number: int) -> str:
    """A safe name for the second (and further) thing that wants `name`: `NAME~2.yaml`."""
    stem, ending = _split(name)
    return f"{stem}~{number}{ending}"


def _kept_or_encoded(character: str) -> str:
    if character.isprintable() and character not in "/%":
        return character
    return "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "surrogatepass"))


def _cut(encoded: str) -> str:
    digest = blake2b(encoded.encode(), digest_size=10).hexdigest()
    stem, ending = _split(encoded)
    room = LONGEST - len(f"~{digest}{ending}".encode())
    kept = stem.encode()[:room].decode(errors="ignore")
    if "%" in kept[-2:]:  # not in the middle of an encoded byte
        kept = kept[: kept.rindex("%")]
    return f"{kept}~{digest}{ending}"


def _split(name: str) -> tuple[str, str]:
    """The stem and the ending of a safe name; the ending is empty where there is none worth keeping."""
    stem, dot, ending = name.rpartition(".")
    if stem and dot and len(ending) < _LONGEST_ENDING and ending.isalnum() and ending.isascii():
        return stem, dot + ending
    return name, ""
