"""What can be made to go wrong: on which paths, in which share of requests, decided the same in every run."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from omg.embedded.answers import Answer
from omg.embedded.statuses import status

SENTENCES = {
    429: ("TooManyRequests", "the server has received too many requests and has asked us to try again later"),
    500: ("InternalError", "Internal error occurred: etcdserver: request timed out"),
    502: ("", "bad gateway"),
    503: ("ServiceUnavailable", "the server is currently unable to handle the request"),
    504: ("Timeout", "Timeout: request did not complete within the allotted timeout"),
}


@dataclass(eq=False)
class Fault:
    """One thing that goes wrong, and how often it has.

    Attributes:
        kind: status, reset, stall, cut, slow, expire, ignore_limit or repeat_token.
        path: what it meets: a regular expression searched in ``/path?query``, decoded as sent.
        share: of the requests it meets that go wrong, 0 to 1.
        count: as many at most; None: no end.
        amount: bytes for cut, bytes per second for slow.
        hits: how often it struck.
    """

    kind: str
    path: str = ""
    share: float = 1.0
    count: int | None = None
    amount: int = 0
    with_headers: bool = False
    answer: Answer | None = None
    hits: int = field(default=0, init=False)


class Faults:
    """The faults that are switched on, in order: of those that answer or hang up, the first that strikes wins."""

    def __init__(self, seed: int = 0) -> None:
        self.seed = seed
        self._faults: list[Fault] = []
        self._attempts: Counter[str] = Counter()

    def status(
        self,
        code: int,
        *,
        path: str = "",
        share: float = 1.0,
        count: int | None = None,
        retry_after: int | str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Fault:
        """Answer with this status; retry_after is the header: seconds or an HTTP date."""
        told = dict(headers or {}) | ({} if retry_after is None else {"Retry-After": str(retry_after)})
        reason, message = SENTENCES.get(code, ("Unknown", f"the embedded cluster was told to answer {code}"))
        body = status(code, reason, message, {})
        return self._on(Fault("status", path, share, count, answer=Answer(code, body.parts, headers=told)))

    def reset(self, *, path: str = "", share: float = 1.0, count: int | None = None) -> Fault:
        """Hang up without an answer (RST)."""
        return self._on(Fault("reset", path, share, count))

    def stall(self, *, path: str = "", share: float = 1.0, count: int | None = None, after: int | None = None) -> Fault:
        """Never answer. after: send the headers and so many bytes of the body first."""
        return self._on(Fault("stall", path, share, count, amount=after or 0, with_headers=after is not None))

    def cut(self, after: int, *, path: str = "", share: float = 1.0, count: int | None = None) -> Fault:
        """Hang up after so many bytes of the body; a body that is shorter ends without its end mark."""
        return self._on(Fault("cut", path, share, count, amount=after))

    def slow(self, bytes_per_second: int, *, path: str = "", share: float = 1.0, count: int | None = None) -> Fault:
        """Send the body at this rate."""
        return self._on(Fault("slow", path, share, count, amount=bytes_per_second))

    def expire(self, *, path: str = "", share: float = 1.0, count: int | None = None) -> Fault:
        """Answer 410 Expired to a request with a continue token, offering the inconsistent one."""
        return self._on(Fault("expire", path, share, count))

    def ignore_limit(self, *, path: str = "", share: float = 1.0, count: int | None = None) -> Fault:
        """Answer a LIST whole, whatever its limit."""
        return self._on(Fault("ignore_limit", path, share, count))

    def repeat_token(self, *, path: str = "", share: float = 1.0, count: int | None = None) -> Fault:
        """Give as the next continue token the one that was asked with."""
        return self._on(Fault("repeat_token", path, share, count))

    def off(self, fault: Fault | None = None) -> None:
        """Switch one fault off, or all."""
        self._faults = [one for one in self._faults if fault is not None and one is not fault]

    def striking(self, target: str) -> dict[str, Fault]:
        """What goes wrong with this request, by kind; each call is one attempt more at this target."""
        attempt = self._attempts[target]
        self._attempts[target] += 1
        found: dict[str, Fault] = {}
        for fault in self._meeting(target, attempt):
            fault.hits += 1
            found[fault.kind] = fault
            if fault.kind in ("status", "reset"):
                break
        return found

    def _meeting(self, target: str, attempt: int) -> Iterator[Fault]:
        for number, one in enumerate(self._faults):
            spent = one.count is not None and one.hits >= one.count
            # Only a request with a token can be in the middle of a list.
            early = one.kind == "expire" and "continue=" not in target
            if (
                not spent
                and not early
                and re.search(one.path, target)
                and self._draw(number, target, attempt) < one.share
            ):
                yield one

    def _draw(self, number: int, target: str, attempt: int) -> float:
        """A number in [0, 1) that depends on the seed, the fault's place, the target and how often it was asked."""
        text = f"{self.seed}/{number}/{attempt}/{target}".encode()
        return int.from_bytes(hashlib.blake2b(text, digest_size=7).digest()) / 2**56

    def _on(self, fault: Fault) -> Fault:
        self._faults.append(fault)
        return fault
