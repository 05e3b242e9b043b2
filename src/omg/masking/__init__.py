"""Hides secrets: three nets, one behind the other, in objects and in text. Pure: no files, no network, no clock."""

import secrets as randomness
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from omg.masking.learned import LONGEST, values_of
from omg.masking.objects import Means, ObjectMasker
from omg.masking.placeholder import Placeholders
from omg.masking.text import TextStream
from omg.masking.values import NOTHING, Values

CAP = 50_000
"""Values that are looked for at most."""

ALL_NETS = frozenset({1, 2, 3})


@dataclass(frozen=True, slots=True)
class Learned:
    """What a call of learn() added, and what it had to leave out."""

    added: int
    left_out: int


class Masker:
    """Hides secrets for one run. Worker threads share it; learning swaps what they search with.

    Args:
        key: 32 bytes for the placeholders' digests; random unless given.
        nets: which nets are on; a test switches them off one by one.
    """

    def __init__(self, key: bytes | None = None, *, nets: frozenset[int] = ALL_NETS) -> None:
        self.generation = 0
        self.left_out = 0
        self._nets = nets
        self._placeholders = Placeholders(key or randomness.token_bytes(32))
        self._known: dict[tuple[str, str], str] = {}
        self._plain: set[bytes] = set()
        self._values: Values | None = NOTHING
        """What is searched with; None: it is to be made."""
        self._rests = False
        self._lock = threading.Lock()
        self._objects = ObjectMasker(
            Means(
                text=self.text,
                places=lambda lines: self.stream().places(lines),
                placeholder=self._placeholders.of,
                by_key=2 in nets,
                by_shape=1 in nets,
            )
        )

    @property
    def value_count(self) -> int:
        """How many values are looked for."""
        return len(self._plain)

    def learn(self, secrets: Iterable[Mapping[str, Any]]) -> Learned:
        """Learn the values of Secret objects."""
        added = left_out = 0
        with self._lock:
            for secret in secrets:
                for value in values_of(secret, hidden_in):
                    if value in self._plain or len(value) > LONGEST:
                        continue
                    if len(self._plain) >= CAP:
                        left_out += 1
                        continue
                    self._plain.add(value)
                    added += 1
                metadata = secret.get("metadata") or {}
                self._known[_identity(metadata)] = str(metadata.get("resourceVersion") or "")
            self.left_out += left_out
            if added:
                self.generation += 1
                self._values = None  # beside the next one it would be most of a run's memory
        return Learned(added, left_out)

    def learned_values(self) -> Iterator[bytes]:
        """The values that are looked for, for the audit that looks for them once more; they are written nowhere."""
        with self._lock:
            values = tuple(self._plain)
        return iter(values)

    def rest(self) -> None:
        """Give back what is searched with, until the next text: what is made again then is slower, with less memory."""
        with self._lock:
            self._values, self._rests = None, True

    def knows(self, secret: Mapping[str, Any]) -> bool:
        """Whether this state of a Secret was learned."""
        metadata = secret.get("metadata") or {}
        return self._known.get(_identity(metadata)) == str(metadata.get("resourceVersion") or "")

    def object(self, value: dict[str, Any]) -> dict[str, Any]:
        """A decoded object with its secrets hidden; a Secret that isn't known is learned first."""
        if value.get("kind") == "Secret" and not self.knows(value):
            self.learn([value])
        masked: dict[str, Any] = self._objects.mask(value)
        return masked

    def text(self, data: bytes) -> bytes:
        """A whole text with its secrets hidden; the same object where there is none."""
        stream = self.stream()
        out = stream.feed(data) + stream.finish()
        return data if out == data else out

    def stream(self) -> TextStream:
        """A text that comes in pieces."""
        return TextStream(self._newest, self._placeholders, self._nets)

    def _newest(self) -> Values:
        values = self._values
        if values is None:
            with self._lock:
                values = self._values
                if values is None:
                    self._values = values = Values.of(self._plain, self._placeholders.of, in_pieces=self._rests)
        return values


class Unmasked:
    """DO_NOT_MASK=1: everything stays as it is."""

    generation = 0
    left_out = 0
    value_count = 0

    def learn(self, secrets: Iterable[Mapping[str, Any]]) -> Learned:
        """Learn nothing."""
        for _ in secrets:
            pass
        return Learned(0, 0)

    def learned_values(self) -> Iterator[bytes]:
        """None."""
        return iter(())

    def rest(self) -> None:
        """Nothing is held."""

    def knows(self, secret: Mapping[str, Any]) -> bool:  # noqa: ARG002
        """Nothing is left to learn."""
        return True

    def object(self, value: dict[str, Any]) -> dict[str, Any]:
        """The same."""
        return value

    def text(self, data: bytes) -> bytes:
        """The same."""
        return data

    def stream(self) -> "Unchanged":
        """The same."""
        return Unchanged()


class Unchanged:
    """A text that stays as it is."""

    def feed(self, data: bytes) -> bytes:
        """The same."""
        return data

    def finish(self) -> bytes:
        """Nothing."""
        return b""


class _Noted:
    """Stands where placeholders are made, and notes what they would be made for."""

    def __init__(self) -> None:
        self.values: list[bytes] = []

    def of(self, value: bytes) -> bytes:
        self.values.append(value)
        return b""


def hidden_in(text: str) -> Iterator[str]:
    """What nets 1 and 2 hide in a text."""
    noted = _Noted()
    stream = TextStream(lambda: NOTHING, noted, frozenset({1, 2}))
    stream.feed(text.encode("utf-8", "surrogatepass"))
    stream.finish()
    return (value.decode("utf-8", "replace") for value in noted.values)


def _identity(metadata: Mapping[str, Any]) -> tuple[str, str]:
    return str(metadata.get("namespace") or ""), str(metadata.get("name") or "")


AnyMasker = Masker | Unmasked
AnyStream = TextStream | Unchanged
Text = Callable[[bytes], bytes]
