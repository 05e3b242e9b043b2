import asyncio
import json
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from tests.embedded.sample import named, objects
from tests.embedded.serving import NS, Text, serving
from yarl import URL

from omg.embedded import EmbeddedCluster, in_thread
from omg.embedded.corpus.model import Corpus

DISCOVERY = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"


def corpus() -> Corpus:
    return Corpus(objects=objects(), logs={}, execs=[], planted=[])


async def test_the_kubeconfig_names_this_server(tmp_path: Path) -> None:
    async with serving() as (cluster, _):
        written = json.loads(cluster.write_kubeconfig(tmp_path / "kubeconfig").read_text())
        assert written["clusters"][0]["cluster"]["server"] == cluster.url
        assert written["users"][0]["user"]["token"]


async def test_requests_are_recorded_with_their_times_and_how_many_overlapped() -> None:
    async with serving() as (cluster, client):
        await client.get(f"{NS}/pods?limit=5", **{"X-Mark": "1"})
        await asyncio.gather(*(client.get("/api/v1/pods") for _ in range(4)))
        first = cluster.requests[0]
        assert (first.method, first.path, first.query["limit"], first.status) == ("GET", f"{NS}/pods", "5", 200)
        assert first.headers["X-Mark"] == "1"
        assert first.ended is not None
        assert first.started <= first.ended
        cluster.faults.stall(count=3, after=0)
        hanging = [asyncio.create_task(client.get("/api/v1/pods")) for _ in range(3)]
        async with asyncio.timeout(2):
            while cluster.peak < 3:
                await asyncio.sleep(0.01)
        for one in hanging:
            one.cancel()
        assert cluster.peak in (3, 4)


async def test_one_after_the_other_never_overlaps() -> None:
    async with serving() as (cluster, client):
        for _ in range(50):
            await client.get("/api/v1/pods")
        assert cluster.peak == 1


async def test_it_stops_within_a_second_though_clients_hang() -> None:
    endless = {("openstack", "nova-old-0", "api", False): Text(b"line\n" * 10_000_000, chunk=65536)}
    async with serving(logs=endless) as (cluster, client):
        cluster.faults.stall(path="configmaps")
        cluster.faults.stall(path="secrets", after=10)
        waiting = [asyncio.create_task(client.get(f"{NS}/{one}")) for one in ("configmaps", "secrets")]
        # A client that doesn't read: the server has to wait for it.
        answer = await client.session.get(f"{client.url}{NS}/pods/nova-old-0/log")
        async with asyncio.timeout(2):
            while len(cluster.requests) < 3:
                await asyncio.sleep(0.01)
        begun = time.monotonic()
        await cluster.__aexit__(None, None, None)
        assert time.monotonic() - begun < 1
        answer.close()
        await asyncio.gather(*waiting, return_exceptions=True)


async def test_a_cluster_that_was_never_started_can_be_stopped() -> None:
    await EmbeddedCluster(corpus()).__aexit__(None, None, None)


async def test_a_server_may_know_nothing_of_aggregated_discovery() -> None:
    async with serving(aggregated=False) as (_, client):
        assert (await client.get("/apis", DISCOVERY)).json["kind"] == "APIGroupList"
    async with serving() as (_, client):
        assert (await client.get("/apis", DISCOVERY)).json["kind"] == "APIGroupDiscoveryList"


async def test_names_are_read_from_the_path_as_they_were_quoted() -> None:
    async with serving([named("ConfigMap", "a/b %", "openstack")]) as (_, client):
        quoted = URL(f"{client.url}{NS}/configmaps/a%2Fb%20%25", encoded=True)
        answer = await client.session.get(quoted)
        assert (await answer.json())["metadata"]["name"] == "a/b %"


async def test_a_late_secret_is_served_at_once() -> None:
    async with serving() as (cluster, client):
        before = (await client.get(f"{NS}/secrets")).json["metadata"]["resourceVersion"]
        cluster.store.put(named("Secret", "late", "openstack", type="Opaque", data={"a": "YQ=="}))
        after = await client.get(f"{NS}/secrets")
        assert "late" in after.names
        assert int(after.json["metadata"]["resourceVersion"]) > int(before)


def test_it_runs_in_a_thread_for_who_has_no_loop() -> None:
    with in_thread(EmbeddedCluster(corpus())) as cluster:
        with urllib.request.urlopen(cluster.url + "/version", timeout=5) as answer:
            assert json.load(answer)["major"] == "1"
        port = int(cluster.url.rpartition(":")[2])
        with pytest.raises(OSError, match="in use"), in_thread(EmbeddedCluster(corpus(), port=port)):
            pass


def test_the_command_serves_the_demo_until_it_is_interrupted(tmp_path: Path) -> None:
    where = tmp_path / "kubeconfig"
    command = [sys.executable, "-m", "omg.embedded", "--log-bytes", "100000", "--kubeconfig", str(where)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        server = json.loads(where.read_text())["clusters"][0]["cluster"]["server"]
        assert f"objects at {server}, kubeconfig {where}" in line
        with urllib.request.urlopen(server + "/readyz", timeout=5) as answer:
            assert answer.read() == b"ok"
        process.send_signal(signal.SIGINT)
        assert process.wait(5) == 0
