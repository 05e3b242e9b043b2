"""A list, page by page: what a collection on an API server takes to be read whole, once, in bounded memory.

https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec

from omg.cluster.answers import BODY_LIMIT, GONE, continue_token, sentence
from omg.cluster.asks import Ask
from omg.cluster.bodies import Answer, Interrupted
from omg.cluster.session import Session
from omg.cluster.splitting import Malformed, Splitter
from omg.cluster.ticket import Ticket
from omg.errors import RequestFailed

PAGE_LIMIT = 250
"""Objects of a page, half of what kubectl asks for: five pages are held at a time."""

PAGE_BYTES = 16 * 1024 * 1024
"""Bytes of a page. What is longer is dropped and asked again from the same place with fewer objects."""

PAGE_CAP = 256 * 1024 * 1024
"""Bytes of a page that holds one object."""

SHRINK = 4
"""By which the limit is divided after a page that was too long."""

SLICE = 1024 * 1024
"""Bytes that are split at a time, outside the event loop's thread."""

RESTARTS = 3
"""Times that one list begins anew because it expired, or broke while it was being split."""

Raw = msgspec.Raw


@dataclass(frozen=True, slots=True)
class Form:
    """How a list is laid out.

    Args:
        key: the member that holds its elements.
        name_of: namespace and name of an element, for not giving it twice; None when it has none.
    """

    key: str
    name_of: Callable[[Raw], str | None]


@dataclass(frozen=True, slots=True)
class Piece:
    """Some elements of a list, with what the list says of itself.

    Args:
        columns: of a Table, as the server describes them; None where this piece doesn't say.
    """

    api_version: str
    kind: str
    resource_version: str
    elements: list[Raw]
    columns: list[dict[str, Any]] | None = None


class _Meta(msgspec.Struct):
    resource_version: str = msgspec.field(name="resourceVersion", default="")
    token: str = msgspec.field(name="continue", default="")


class _List(msgspec.Struct):
    api_version: str = msgspec.field(name="apiVersion", default="")
    kind: str = ""
    metadata: _Meta | None = None
    items: list[Raw] | msgspec.UnsetType | None = msgspec.UNSET
    rows: list[Raw] | msgspec.UnsetType | None = msgspec.UNSET
    columns: list[dict[str, Any]] | None = msgspec.field(name="columnDefinitions", default=None)


_decode_list = msgspec.json.Decoder(_List).decode


@dataclass(frozen=True, slots=True)
class _Whole:
    body: bytearray


@dataclass(frozen=True, slots=True)
class _TooLong:
    """A page of more bytes than wanted; its limit should shrink."""


@dataclass(frozen=True, slots=True)
class _Unpaged:
    """A server that ignores the limit: what came so far, and the answer with the rest."""

    began: bytearray
    rest: Answer


@dataclass(frozen=True, slots=True)
class _Gone:
    """The token has expired; the server may offer another one."""

    token: str


@dataclass(slots=True)
class _Progress:
    """Where the reading of one list is."""

    limit: int = PAGE_LIMIT
    token: str = ""
    tokens: set[str] = field(default_factory=set)
    restarts: int = 0
    given: set[str] = field(default_factory=set)
    may_repeat: bool = False


async def pieces(session: Session, ticket: Ticket, ask: Ask, form: Form) -> AsyncGenerator[Piece, None]:
    """Everything in a list, each object once.

    Raises:
        RequestFailed: what comes is not a list, or the paging doesn't end.
        OmgError: see Session.use.
    """
    reading = _Reading(session, ticket, ask, form)
    done = False
    while not done:
        match await reading.page():
            case _Whole(body):
                piece, done = reading.decoded(body)
                yield piece
            case _TooLong():
                reading.shrink()
            case _Gone(token):
                reading.go_on_from(token)
            case _Unpaged(began, rest):
                try:
                    async for piece in reading.split(began, rest):
                        yield piece
                    done = True
                except Interrupted as error:
                    reading.begin_anew(error.reason)
                finally:
                    rest.close()


class _Reading:
    """One list being read."""

    def __init__(self, session: Session, ticket: Ticket, ask: Ask, form: Form) -> None:
        self._session = session
        self._ticket = ticket
        self._ask = ask
        self._form = form
        self._at = _Progress()

    async def page(self) -> _Whole | _TooLong | _Unpaged | _Gone:
        at = self._at
        ask = self._ask.asking(("limit", str(at.limit)), ("continue", at.token))
        return await self._session.use(ask, self._ticket, self._read)

    async def _read(self, answer: Answer) -> _Whole | _TooLong | _Unpaged | _Gone:
        if answer.status == GONE:
            return _Gone(continue_token(bytes(await answer.body(BODY_LIMIT))))
        body = await answer.body(PAGE_BYTES)
        if len(body) <= PAGE_BYTES:
            return _Whole(body)
        if await asyncio.to_thread(self._holds_more, body):
            return _Unpaged(body, answer.hand_over())
        if self._at.limit > 1:
            return _TooLong()
        while data := await answer.chunk():
            body += data
            if len(body) > PAGE_CAP:
                raise self._failed(f"one object is longer than {PAGE_CAP >> 20} MiB")
        return _Whole(body)

    def _holds_more(self, body: bytearray) -> bool:
        """Whether more elements have come than were asked for."""
        splitter, count = Splitter(self._form.key), 0
        for part in _slices(body):
            count += len(self._split(splitter, part))
            if count > self._at.limit:
                return True
        return False

    def decoded(self, body: bytearray) -> tuple[Piece, bool]:
        """The piece in a page, and whether it is the last."""
        try:
            page = _decode_list(body)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise self._failed("the answer is not a list in JSON") from error
        elements = page.rows if self._form.key == "rows" else page.items
        if elements is msgspec.UNSET:
            if not page.kind.endswith(("List", "Table")):
                raise self._failed(f"the answer is not a list but a {page.kind or 'nameless object'}")
            elements = None
        meta = page.metadata or _Meta()
        new = self._new(elements or [], is_only=not (meta.token or self._at.token))
        piece = Piece(page.api_version, page.kind, meta.resource_version, new, page.columns)
        if not meta.token:
            return piece, True
        if meta.token in self._at.tokens:
            raise self._failed("the server's continue token repeats")
        self._at.tokens.add(meta.token)
        self._at.token = meta.token
        return piece, False

    async def split(self, began: bytearray, rest: Answer) -> AsyncGenerator[Piece, None]:
        """The pieces of an answer that comes as a whole, as they come."""
        splitter = Splitter(self._form.key)
        for part in _slices(began):
            yield self._piece(splitter, await asyncio.to_thread(self._split, splitter, part))
        began.clear()
        waiting = bytearray()
        while data := await rest.chunk():
            waiting += data
            if len(waiting) >= SLICE:
                yield self._piece(splitter, await asyncio.to_thread(self._split, splitter, waiting))
                waiting.clear()
        last = self._split(splitter, waiting)
        try:
            last += splitter.finish()
        except Malformed as error:
            raise self._failed(f"the list is malformed: {error}") from error
        yield self._piece(splitter, last)

    def _split(self, splitter: Splitter, data: bytearray | memoryview) -> list[bytes]:
        try:
            return splitter.feed(data)
        except Malformed as error:
            raise self._failed(f"the list is malformed: {error}") from error

    def _piece(self, splitter: Splitter, elements: list[bytes]) -> Piece:
        said = splitter.members
        metadata = said.get("metadata")
        version = metadata.get("resourceVersion", "") if isinstance(metadata, dict) else ""
        new = self._new([Raw(element) for element in elements], is_only=False)
        kind, api_version = str(said.get("kind") or ""), str(said.get("apiVersion") or "")
        return Piece(api_version, kind, str(version), new, said.get("columnDefinitions"))

    def _new(self, elements: Iterable[Raw], *, is_only: bool) -> list[Raw]:
        """The elements that were not given before. A list in one page can't repeat, so its names aren't kept."""
        if is_only and not self._at.may_repeat:
            return list(elements)
        return list(self._not_given(elements))

    def _not_given(self, elements: Iterable[Raw]) -> Iterator[Raw]:
        given = self._at.given
        for element in elements:
            name = self._form.name_of(element)
            if name is None:
                yield element
            elif name not in given:
                given.add(name)
                yield element

    def shrink(self) -> None:
        """Ask for fewer objects from now on."""
        self._at.limit = max(1, self._at.limit // SHRINK)

    def go_on_from(self, token: str) -> None:
        """Continue from the token that a 410 offered, in a newer state of the list; or begin anew without one."""
        if not token:
            self.begin_anew("the list expired while it was read")
            return
        if token in self._at.tokens:
            raise self._failed("the server's continue token repeats")
        self._at.tokens.add(token)
        self._at.token = token
        self._at.may_repeat = True

    def begin_anew(self, reason: str) -> None:
        """Start over; what was given already isn't given again."""
        at = self._at
        if at.restarts >= RESTARTS:
            raise self._failed(f"{reason}, {RESTARTS + 1} times")
        at.restarts += 1
        at.token = ""
        at.tokens.clear()
        at.may_repeat = True

    def _failed(self, reason: str) -> RequestFailed:
        return RequestFailed(sentence(self._ask.what, reason))


def _slices(body: bytearray) -> Iterator[memoryview]:
    with memoryview(body) as view:
        for start in range(0, len(view), SLICE):
            with view[start : start + SLICE] as part:
                yield part
