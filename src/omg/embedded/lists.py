"""Lists and single objects: paging with tokens bound to a resourceVersion, selectors, and the forms of an answer."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from omg.embedded.answers import Answer
from omg.embedded.asked import Asked
from omg.embedded.kinds import Kind
from omg.embedded.negotiation import PARTIAL, PARTIAL_LIST, Form
from omg.embedded.selectors import field_tests, label_tests
from omg.embedded.statuses import bad_request, expired, no_such_object, not_acceptable
from omg.embedded.store import Entry, Snapshot, Store, parts_of
from omg.embedded.translation import as_asked

# The revision in a token that goes on with whatever the server has when it is used.
INCONSISTENT = -1
CONTINUE_VERSION = "meta.k8s.io/v1"


@dataclass(frozen=True, slots=True)
class Page:
    """Some entries of a list, and what its metadata says."""

    entries: Sequence[Entry]
    revision: int
    token: str = ""
    remaining: int | None = None

    def metadata(self, *, custom: bool = False) -> dict[str, Any]:
        """ListMeta; custom resources always name ``continue``, as the real server does."""
        told: dict[str, Any] = {"resourceVersion": str(self.revision)}
        told |= {"continue": self.token} if self.token or custom else {}
        return told | ({} if self.remaining is None else {"remainingItemCount": self.remaining})


@dataclass(frozen=True, slots=True)
class Paging:
    """What a fault or the server's own bound may change about paging; cap is of objects in a page."""

    expire: bool = False
    ignore_limit: bool = False
    repeat_token: bool = False
    cap: int | None = None


def read_page(store: Store, kind: Kind, asked: Asked, query: Mapping[str, str], paging: Paging) -> Page:
    """The entries that a LIST asks for.

    Raises:
        Refused: 400 for what can't be understood, 410 for a token whose state was forgotten.
    """
    tests = label_tests(query.get("labelSelector", "")) + field_tests(query.get("fieldSelector", ""), kind)
    limit = 0 if paging.ignore_limit else max(0, whole_number(query.get("limit", "0") or "0"))
    limit = min(limit, paging.cap or limit)
    token = query.get("continue", "")
    namespace = asked.namespace if kind.namespaced and asked.namespace else None
    collection = store.collection(kind)
    revision, start, state = store.revision, "", collection.now()
    if token:
        revision, start = read_token(token)
        state, revision = _state(store, kind, revision, start, expire=paging.expire)
    found = state.within(namespace, start)
    if not limit:
        return Page([one for one in found if all(test(one) for test in tests)], revision)
    chosen: list[Entry] = []
    for one in found:
        if len(chosen) == limit:
            # With a selector the real server doesn't count, and offers to go on without knowing whether more match.
            store.collection(kind).keep(revision)
            return Page(
                chosen,
                revision,
                token
                if token and paging.repeat_token
                else write_token(revision, _relative(chosen[-1].key, namespace) + "\0"),
                None if tests else len(found) - limit,
            )
        if all(test(one) for test in tests):
            chosen.append(one)
    return Page(chosen, revision)


def _state(store: Store, kind: Kind, revision: int, start: str, *, expire: bool) -> tuple[Snapshot, int]:
    collection = store.collection(kind)
    if revision == INCONSISTENT:
        return collection.now(), store.revision
    past = collection.now() if revision == store.revision else collection.at(revision)
    if past is None or expire:
        raise expired(write_token(INCONSISTENT, start))
    return past, revision


def _relative(key: str, namespace: str | None) -> str:
    return key if namespace is None else key[len(namespace) + 1 :]


def write_token(revision: int, start: str) -> str:
    """A continue token as the real server makes it: base64 of JSON; the key begins with a slash."""
    told = {"v": CONTINUE_VERSION, "rv": revision, "start": "/" + start}
    return base64.urlsafe_b64encode(msgspec.json.encode(told)).rstrip(b"=").decode()


def read_token(token: str) -> tuple[int, str]:
    """The revision and the first key of a continue token.

    Raises:
        Refused: 400, it isn't one.
    """
    try:
        told = msgspec.json.decode(base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError) as error:
        raise bad_request(f"invalid continue token: continue key is not valid: {error}") from error
    if not isinstance(told, dict) or told.get("v") != CONTINUE_VERSION:
        version = told.get("v", "") if isinstance(told, dict) else ""
        unknown = f"server does not recognize this encoded version {version}"
        raise bad_request(f"invalid continue token: continue key is not valid: {unknown}")
    return int(told["rv"]), str(told["start"]).removeprefix("/")


def whole_number(text: str) -> int:
    """An integer option.

    Raises:
        Refused: 400, in Go's words.
    """
    try:
        return int(text)
    except ValueError:
        raise bad_request(f'strconv.ParseInt: parsing "{text}": invalid syntax') from None


def list_answer(kind: Kind, page: Page, form: Form) -> Answer:
    """The body of a LIST, as itself or as PartialObjectMetadataList.

    Raises:
        Refused: 406, a form that is only for one object.
    """
    if form.target == PARTIAL:
        raise not_acceptable(
            f"you requested {PARTIAL}, but the requested object is a list (*{_go_name(kind, kind.list_kind)})"
        )
    if form.target == PARTIAL_LIST:
        partial = (partial_object(one, form) for one in page.entries)
        head = (
            _head(PARTIAL_LIST, f"meta.k8s.io/{form.version}") + b',"metadata":' + msgspec.json.encode(page.metadata())
        )
        return Answer(200, [head + b',"items":[', b",".join(partial), b"]}\n"])
    entries = as_asked(kind, page.entries)
    if kind.custom:
        # The real server writes these as maps, in the order of the keys: the metadata come after the items.
        item = b'{"apiVersion":"%b","kind":"%b",' % (kind.api_version.encode(), kind.kind.encode())
        head = b'{"apiVersion":"%b","items":[' % kind.api_version.encode()
        tail = b'],"kind":"%b","metadata":%b}\n' % (
            kind.list_kind.encode(),
            msgspec.json.encode(page.metadata(custom=True)),
        )
    else:
        item = b"{"
        head = (
            _head(kind.list_kind, kind.api_version)
            + b',"metadata":'
            + msgspec.json.encode(page.metadata())
            + b',"items":['
        )
        tail = b"]}\n"
    return Answer(200, [head, *parts_of(entries, item), tail])


def object_answer(kind: Kind, entry: Entry, form: Form) -> Answer:
    """The body of a GET of one object, as itself or as PartialObjectMetadata.

    Raises:
        Refused: 406, a form that is only for lists.
    """
    if form.target == PARTIAL_LIST:
        name = _go_name(kind, kind.kind)
        raise not_acceptable(f"you requested {PARTIAL_LIST}, but the requested object is not a list (*{name})")
    if form.target == PARTIAL:
        return Answer(200, [partial_object(entry, form), b"\n"])
    return Answer(200, [whole_object(kind, entry), b"\n"])


def whole_object(kind: Kind, entry: Entry) -> bytes:
    """The JSON of one object with apiVersion and kind."""
    (found,) = as_asked(kind, [entry])
    return _head(kind.kind, kind.api_version) + b"," + found.rest


def partial_object(entry: Entry, form: Form) -> bytes:
    """The JSON of one PartialObjectMetadata."""
    return _head(PARTIAL, f"meta.k8s.io/{form.version}") + b',"metadata":' + entry.metadata + b"}"


def find_object(store: Store, kind: Kind, asked: Asked) -> Entry:
    """The one object that a request names.

    Raises:
        Refused: 404.
    """
    found = store.find(kind, asked.namespace if kind.namespaced else None, asked.name)
    if found is None:
        raise no_such_object(kind, asked.name)
    return found


def _head(kind: str, api_version: str) -> bytes:
    return b'{"kind":"%b","apiVersion":"%b"' % (kind.encode(), api_version.encode())


def _go_name(kind: Kind, name: str) -> str:
    return "unstructured.Unstructured" if kind.custom else f"{kind.group.partition('.')[0] or 'core'}.{name}"
