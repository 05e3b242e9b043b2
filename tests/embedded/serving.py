"""An embedded cluster over the sample, and a plain HTTP client for it."""

import json
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
from tests.embedded.sample import objects

from omg.embedded import EmbeddedCluster
from omg.embedded.corpus.model import Corpus, ExecAnswer

NS = "/api/v1/namespaces/openstack"


@dataclass
class Text:
    """A log that is there already."""

    text: bytes
    chunk: int = 1000

    @property
    def size(self) -> int:
        return len(self.text)

    def chunks(self) -> Iterator[bytes]:
        for at in range(0, len(self.text), self.chunk):
            yield self.text[at : at + self.chunk]


@dataclass
class Given:
    """An answer as it came."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def names(self) -> list[str]:
        return [one["metadata"]["name"] for one in self.json["items"]]


class Client:
    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self.session = session
        self.url = url

    async def get(self, path: str, accept: str = "application/json", **headers: str) -> Given:
        async with self.session.get(self.url + path, headers={"Accept": accept, **headers}) as answer:
            return Given(answer.status, answer.headers, await answer.read())


@asynccontextmanager
async def serving(
    given: Sequence[Mapping[str, Any]] | None = None,
    logs: Mapping[tuple[str, str, str, bool], Any] | None = None,
    execs: Sequence[ExecAnswer] = (),
    **options: Any,
) -> AsyncIterator[tuple[EmbeddedCluster, Client]]:
    held = objects() if given is None else [dict(one) for one in given]
    corpus = Corpus(objects=held, logs=logs or {}, execs=list(execs), planted=[])
    async with EmbeddedCluster(corpus, **options) as cluster, aiohttp.ClientSession() as session:
        yield cluster, Client(session, cluster.url)
