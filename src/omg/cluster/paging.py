"""A list, page by page: what a collection on an API server takes to be read whole, once, in bounded memory.

https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks
"""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec

from omg.cluster.answers import BODY_LIMIT, GONE, continue_token, sentence, shortened
from omg.cluster.asks import NOT_JSON, Ask
from omg.cluster.bodies import Answer, Interrupted
from omg.cluster.elements import Elements, Form
from omg.cluster.retries import MayPass
from omg.cluster.session import Session
from omg.cluster.splitting import Malformed, Splitter
from omg.cluster.ticket import Ticket
from omg.errors import RequestFailed, TimedOut

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

EXPIRATIONS = 20
"""Times that one list goes on from a token that a 410 offered: etcd is compacted every five minutes."""

LOSSES = 20
"""Elements that are no objects, after which it isn't a list of objects."""

EMPTY_PAGES = 100
"""Pages without anything, each with a token for the next one, after which the paging doesn't end."""

Raw = msgspec.Raw


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
    resource_version: str | int | None = msgspec.field(name="resourceVersion", default=None)
    token: str | None = msgspec.field(name="continue", default=None)


class _List(msgspec.Struct):
    api_version: str = msgspec.field(name="apiVersion", default="")
    kind: str = ""
    metadata: _Meta | None = None
    items: list[Raw] | msgspec.UnsetType | None = msgspec.UNSET
    rows: list[Raw] | msgspec.UnsetType | None = msgspec.UNSET
    columns: list[dict[str, Any]] | None = msgspec.field(name="columnDefinitions", default=None)
    message: Any = None


_decode_list = msgspec.json.Decoder(_List).decode


@dataclass(frozen=True, slots=True)
class _Whole:
    page: _List


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
    came: int = 0
    waited: float = 0.0
    expirations: int = 0
    empty_pages: int = 0


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
            case _Whole(page):
                piece, done = reading.whole(page)
                yield piece
            case _TooLong():
                reading.shrink()
            case _Gone(token):
                reading.go_on_from(token)
            case _Unpaged(began, rest):
                try:
                    async for piece in reading.split(began, rest):
                        yield piece
                    done = not reading.has_more
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
        self.has_more = False
        self._at = _Progress()
        self._elements = Elements(form, self._lose)

    async def page(self) -> _Whole | _TooLong | _Unpaged | _Gone:
        at = self._at
        ask = self._ask.asking(("limit", str(at.limit)), ("continue", at.token))
        return await self._session.use(ask, self._ticket, self._read)

    async def _read(self, answer: Answer) -> _Whole | _TooLong | _Unpaged | _Gone:
        if answer.status == GONE:
            return _Gone(continue_token(bytes(await answer.body(BODY_LIMIT))))
        body = await answer.body(PAGE_BYTES)
        if len(body) <= PAGE_BYTES:
            return _Whole(self._decoded(body))
        if await asyncio.to_thread(self._holds_more, body):
            return _Unpaged(body, answer.hand_over())
        if self._at.limit > 1:
            return _TooLong()
        while data := await answer.chunk():
            body += data
            if len(body) > PAGE_CAP:
                raise self._failed(f"one object is longer than {PAGE_CAP >> 20} MiB")
        return _Whole(self._decoded(body))

    def _holds_more(self, body: bytearray) -> bool:
        """Whether more elements have come than were asked for."""
        splitter, count = Splitter(self._form.key), 0
        for part in _slices(body):
            count += len(self._split(splitter, part))
            if count > self._at.limit:
                return True
        return False

    def _decoded(self, body: bytearray) -> _List:
        """The list in a body.

        Raises:
            MayPass: there is none, which a server or what stands before it may say for a moment.
        """
        try:
            page = _decode_list(body)
        except RecursionError:
            page = self._apart(body)
        except NOT_JSON:
            raise MayPass(self._failed("the answer is not a list in JSON")) from None
        if self._elements_of(page) is msgspec.UNSET and not page.kind.endswith(("List", "Table")):
            said = f": {shortened(page.message)}" if isinstance(page.message, str) and page.message else ""
            raise MayPass(self._failed(f"the answer is not a list but a {page.kind or 'nameless object'}{said}"))
        return page

    def _apart(self, body: bytearray) -> _List:
        """A list with an element that is nested too deeply: taken apart, so that the other elements can be read."""
        splitter = Splitter(self._form.key)
        elements = [Raw(element) for element in self._split(splitter, body)]
        elements += [Raw(element) for element in self._finished(splitter)]
        try:
            page = msgspec.convert(splitter.members, _List)
        except NOT_JSON:
            raise self._failed("the answer is not a list in JSON") from None
        page.items = page.rows = elements
        return page

    def _elements_of(self, page: _List) -> list[Raw] | msgspec.UnsetType | None:
        return page.rows if self._form.key == "rows" else page.items

    def whole(self, page: _List) -> tuple[Piece, bool]:
        """The piece in a page, and whether it is the last."""
        elements = self._elements_of(page) or ()
        meta = page.metadata or _Meta()
        piece = Piece(
            page.api_version,
            page.kind,
            str(meta.resource_version or ""),
            self._elements.new(elements),
            page.columns,
        )
        if not meta.token:
            return piece, True
        self._at.empty_pages = 0 if elements else self._at.empty_pages + 1
        if self._at.empty_pages > EMPTY_PAGES:
            raise self._failed(f"the paging doesn't end: {EMPTY_PAGES} pages in a row are empty")
        self._take(meta.token)
        return piece, False

    def _take(self, token: str) -> None:
        """Go on from a token."""
        if token in self._at.tokens:
            raise self._failed("the server's continue token repeats")
        self._at.tokens.add(token)
        self._at.token = token

    async def split(self, began: bytearray, rest: Answer) -> AsyncGenerator[Piece, None]:
        """The pieces of an answer that comes as a whole, as they come."""
        splitter = Splitter(self._form.key)
        for part in _slices(began):
            yield self._piece(splitter, await asyncio.to_thread(self._split, splitter, part))
        began.clear()
        waiting = bytearray()
        while data := await self._in_time(rest):
            waiting += data
            if len(waiting) >= SLICE:
                yield self._piece(splitter, await asyncio.to_thread(self._split, splitter, waiting))
                waiting.clear()
        last = self._split(splitter, waiting) + self._finished(splitter)
        yield self._piece(splitter, last)
        metadata = splitter.members.get("metadata")
        token = metadata.get("continue") if isinstance(metadata, dict) else None
        self.has_more = bool(token)
        if token:
            self._take(str(token))

    async def _in_time(self, rest: Answer) -> bytes:
        """The next bytes of an answer that comes as a whole: as many as a page has take no longer than a page may.

        Raises:
            TimedOut: they do; bytes that drip for ever would never stall.
        """
        at, loop = self._at, asyncio.get_running_loop()
        began = loop.time()
        data = await rest.chunk()
        at.waited += loop.time() - began
        at.came += len(data)
        if at.came >= PAGE_BYTES:
            at.came, at.waited = 0, 0.0
        if at.waited > self._session.limits.request:
            reason = f"{at.came:,} bytes of it took longer than {self._session.limits.request:g} s"
            raise TimedOut(sentence(self._ask.what, reason))
        return data

    def _split(self, splitter: Splitter, data: bytearray | memoryview) -> list[bytes]:
        try:
            return splitter.feed(data)
        except Malformed as error:
            raise self._failed(f"the list is malformed: {error}") from error

    def _finished(self, splitter: Splitter) -> list[bytes]:
        try:
            return splitter.finish()
        except Malformed as error:
            raise self._failed(f"the list is malformed: {error}") from error

    def _piece(self, splitter: Splitter, elements: list[bytes]) -> Piece:
        said = splitter.members
        metadata = said.get("metadata")
        version = metadata.get("resourceVersion", "") if isinstance(metadata, dict) else ""
        new = self._elements.new([Raw(element) for element in elements])
        kind, api_version = str(said.get("kind") or ""), str(said.get("apiVersion") or "")
        return Piece(api_version, kind, str(version), new, said.get("columnDefinitions"))

    def _lose(self, number: int, count: int) -> None:
        if count > LOSSES:
            raise self._failed(f"more than {LOSSES} of its elements are not objects with a name")
        self._ticket.lost(f"number {number}", self._failed(f"element {number} is not an object with a name"))

    def shrink(self) -> None:
        """Ask for fewer objects from now on."""
        self._at.limit = max(1, self._at.limit // SHRINK)

    def go_on_from(self, token: str) -> None:
        """Continue from the token that a 410 offered, in a newer state of the list; or begin anew without one."""
        if not token:
            self.begin_anew("the list expired while it was read")
            return
        self._at.expirations += 1
        if self._at.expirations > EXPIRATIONS:
            raise self._failed(f"the list expired more than {EXPIRATIONS} times while it was read")
        self._take(token)
        self._elements.may_repeat = True

    def begin_anew(self, reason: str) -> None:
        """Start over; what was given already isn't given again."""
        at = self._at
        if at.restarts >= RESTARTS:
            raise self._failed(f"{reason}, {RESTARTS + 1} times")
        at.restarts += 1
        at.token = ""
        at.tokens.clear()
        at.came, at.waited = 0, 0.0
        self._elements.begin_anew()

    def _failed(self, reason: str) -> RequestFailed:
        return RequestFailed(sentence(self._ask.what, reason))


def _slices(body: bytearray) -> Iterator[memoryview]:
    with memoryview(body) as view:
        for start in range(0, len(view), SLICE):
            with view[start : start + SLICE] as part:
                yield part
