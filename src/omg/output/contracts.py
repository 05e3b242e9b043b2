"""What the output asks of its neighbours: the masker below it, the cluster's pages beside it, the engine above it."""

from collections.abc import Callable, Iterator
from typing import Any, Protocol


class TextStream(Protocol):
    """Masks a text that comes in chunks; the result doesn't depend on where they were cut."""

    def feed(self, chunk: bytes, /) -> bytes:
        """What is certain so far."""

    def finish(self) -> bytes:
        """The rest."""


Again = Callable[[], TextStream]
"""Makes what masks a file that is no text once more, for what is learned late."""


class Check(Protocol):
    """Is told what a stream brings, in the thread that writes it, and says at its end whether that is all."""

    def take(self, piece: bytes | memoryview, /) -> None:
        """The next bytes, as they came."""

    def check(self) -> None:
        """Return when it is whole; OmgError: it isn't, and why."""


class Masker(Protocol):
    """Hides secrets; used from several threads."""

    @property
    def generation(self) -> int:
        """Rises with everything learned."""

    def object(self, obj: dict[str, Any], /) -> dict[str, Any]:
        """A decoded object without its secrets."""

    def text(self, data: bytes, /) -> bytes:
        """A whole text without its secrets."""

    def stream(self) -> TextStream:
        """A text in chunks without its secrets."""


class Kind(Protocol):
    """A kind of objects, as discovery found it."""

    @property
    def group(self) -> str:
        """Empty for the core group."""

    @property
    def plural(self) -> str:
        """The word in the path, such as `pods`."""

    @property
    def kind(self) -> str:
        """The kind of one object, such as `Pod`."""


class Page(Protocol):
    """Some objects of a list, each decoded when it is its turn."""

    def __len__(self) -> int: ...

    def objects(self) -> Iterator[dict[str, Any]]:
        """The decoded objects; apiVersion and kind come first."""

    def batches(self, size: int, /) -> Iterator["Page"]:
        """The same in pages of so many objects at most."""


class Meter(Protocol):
    """Is told what one item writes."""

    def wrote(self, path: str, size: int, /) -> None:
        """A file is as complete as it will be: its path in the tree, its size in bytes."""

    def objects(self, count: int, /) -> None:
        """So many more objects were written."""

    def lost(self, key: str, error: Exception, /) -> None:
        """An object was not written; the rest of the list goes on."""
