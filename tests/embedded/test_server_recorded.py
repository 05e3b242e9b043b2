"""Every answer recorded from a real API server (record_answers.py) is given by the embedded one over its objects."""

import json
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import aiohttp
import pytest

from omg.embedded import EmbeddedCluster, Rbac
from omg.embedded.corpus.model import Corpus

RECORDED = json.loads(Path(__file__).with_name("recorded_answers.json").read_text())
# The real server had no kubelet to ask; and the words of Go's JSON parser are its own.
BEYOND = ("no preferred addresses found", "looking for beginning of value")
ANSWERS = [one for one in RECORDED["answers"] if not any(text in json.dumps(one["body"]) for text in BEYOND)]


def sentence(one: dict[str, Any]) -> str:
    marks = [f"{mark}={one[mark]}" for mark in ("token", "follow", "expired") if mark in one]
    return " ".join([one["path"].split("&continue=")[0], one["accept"].removeprefix("application/json"), *marks])


def like(value: Any) -> Any:
    """The value with what no two servers share (revisions, tokens, addresses) made equal."""
    if isinstance(value, dict):
        # The real server's Tables leave out this annotation; gitCommit and its like are of the build.
        mine = ("annotations",) if "deprecated.daemonset.template.generation" in value.get("annotations", {}) else ()
        kept = {key: one for key, one in value.items() if key not in ("gitCommit", "gitTreeState", *mine)}
        opaque = ("resourceVersion", "continue", "serverAddress")
        return {key: bool(one) if key in opaque else like(one) for key, one in kept.items()}
    return [like(one) for one in value] if isinstance(value, list) else value


@pytest.fixture
async def cluster() -> AsyncIterator[EmbeddedCluster]:
    rbac = Rbac({"admin": "admin", "limitedtoken": "limited"})
    for resource in ("*", "*/*"):
        rbac.deny(resource=resource, user="limited")
    corpus = Corpus(objects=RECORDED["objects"], logs={}, execs=[], planted=[])
    async with EmbeddedCluster(corpus, rbac=rbac) as running:
        yield running


async def ask(cluster: EmbeddedCluster, one: dict[str, Any], path: str) -> tuple[int, str, Any]:
    cluster._api._clock = lambda: datetime.fromisoformat(one["now"])
    headers = {"Accept": one["accept"]}
    token = one.get("token", "admin")
    headers |= {"Authorization": f"Bearer {token}"} if token else {}
    async with aiohttp.ClientSession() as session, session.get(cluster.url + path, headers=headers) as answer:
        text = await answer.text()
        kind = answer.headers.get("Content-Type", "")
        return answer.status, kind, json.loads(text) if "json" in kind else text


@pytest.mark.parametrize("one", ANSWERS, ids=sentence)
async def test_answers_as_the_real_server(cluster: EmbeddedCluster, one: dict[str, Any]) -> None:
    path = one["path"]
    for _ in range(one.get("follow", 0)):
        _, _, page = await ask(cluster, one, path)
        path = f"{one['path']}&continue={quote(page['metadata']['continue'])}"
    for step in range(one.get("expired", 0)):
        path = path.split("&continue=")[0]
        _, _, page = await ask(
            cluster, one, path if not step else f"{path}&continue={quote(page['metadata']['continue'])}"
        )
        cluster.store.put(RECORDED["objects"][0])
        cluster.store.compact()
        path = f"{path}&continue={quote(page['metadata']['continue'])}"
    status, kind, body = await ask(cluster, one, path)
    assert (status, kind, like(body)) == (one["status"], one["type"], like(one["body"]))
