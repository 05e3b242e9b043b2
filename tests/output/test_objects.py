import asyncio
import base64
import os
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from omg.errors import Denied, LimitReached, OmgError
from omg.output import Journal, Sink
from omg.output.yaml import EMPTY_LIST
from omg.settings import Settings
from tests.output.desk import (
    CONFIG_MAPS,
    HIDDEN,
    SECRET,
    SECRETS,
    Desk,
    Kind,
    Meter,
    Pages,
    ReplacingMasker,
    chunks,
    config_map,
    desk,
    pages,
    tree,
)


async def test_each_object_becomes_a_masked_file_without_managed_fields(tmp_path: Path) -> None:
    objects = [config_map(f"nova-{number}", conf=f"password = {SECRET.decode()}\n") for number in range(150)]
    with desk(tmp_path) as here:
        written = await here.output("config_maps").objects(CONFIG_MAPS, pages(objects[:100], objects[100:]))
        assert written == here.meter.count == 150
        files = here.files()
    assert set(files) == {f"namespaces/openstack/configmaps/nova-{number}.yaml" for number in range(150)}
    assert here.meter.files == {path: len(data) for path, data in files.items()}
    one = yaml.safe_load(files["namespaces/openstack/configmaps/nova-7.yaml"])
    assert one["metadata"] == {"name": "nova-7", "namespace": "openstack"}
    assert one["data"] == {"conf": f"password = {HIDDEN.decode()}\n"}
    assert SECRET not in b"".join(tree(tmp_path).values())


async def test_the_journal_knows_which_object_a_file_holds(tmp_path: Path) -> None:
    with desk(tmp_path) as here:
        await here.output("config_maps").objects(CONFIG_MAPS, pages([config_map("a/b")]))
        assert here.listed() == {
            "namespaces/openstack/configmaps/a%2Fb.yaml": {
                "apiVersion": "v1",
                "kind": "ConfigMap",
                "namespace": "openstack",
                "name": "a/b",
            }
        }


async def test_only_what_the_collector_keeps_is_written(tmp_path: Path) -> None:
    objects = [config_map(name) for name in ("nova", "kube-root-ca.crt")]
    with desk(tmp_path) as here:
        kept = await here.output("config_maps").objects(
            CONFIG_MAPS, pages(objects), keep=lambda one: one["metadata"]["name"] == "nova"
        )
        assert kept == 1
        assert list(here.files()) == ["namespaces/openstack/configmaps/nova.yaml"]


async def test_a_secret_is_written_under_each_service_with_its_configuration_beside_it(tmp_path: Path) -> None:
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "rabbitmq-cinder", "namespace": "openstack"},
        "data": {
            "cinder.conf": base64.b64encode(b"[DEFAULT]\n").decode(),
            "broken.conf": "%%%",
            "key": base64.b64encode(b"x").decode(),
        },
    }
    with desk(tmp_path) as here:
        await here.output("secrets").objects(SECRETS, pages([secret]), under=lambda _: ("rabbitmq", "cinder"))
        files = here.files()
    assert set(files) == {
        f"namespaces/openstack/secrets/{service}/rabbitmq-cinder.yaml{ending}"
        for service in ("rabbitmq", "cinder")
        for ending in ("", "-cinder.conf")
    }
    assert files["namespaces/openstack/secrets/cinder/rabbitmq-cinder.yaml-cinder.conf"] == b"[DEFAULT]\n"


async def test_an_object_that_cannot_be_read_or_written_does_not_keep_the_others(tmp_path: Path) -> None:
    deep = b'{"metadata": {"name": "deep"}, "x": ' + b"[" * 5000 + b"]" * 5000 + b"}"
    bad = [b"{not json", b'"\xff"', b'{"kind": "ConfigMap"}', b'{"metadata": 7}', deep]
    with desk(tmp_path) as here:
        written = await here.output("config_maps").objects(
            CONFIG_MAPS, pages([config_map("first"), *bad, config_map("last")])
        )
        assert written == 2
        assert len(here.files()) == 2
    assert set(here.meter.losses) == {f"number {place}" for place in range(2, 7)}
    assert "nested too deeply" in here.meter.losses["number 6"]
    assert "can't be read" in here.meter.losses["number 2"]
    assert "without a name" in here.meter.losses["number 4"]


async def test_what_a_collector_does_wrong_with_one_object_is_recorded_by_its_name(tmp_path: Path) -> None:
    def broken(one: dict[str, Any]) -> bool:
        return bool(one["data"]["missing"])

    with desk(tmp_path) as here:
        assert await here.output("config_maps").objects(CONFIG_MAPS, pages([config_map("a")]), keep=broken) == 0
    assert here.meter.losses == {"openstack/a": "'missing'"}


async def test_two_objects_that_want_one_name_both_get_a_file(tmp_path: Path) -> None:
    with desk(tmp_path) as here:
        for text in ("one", "two", "three"):
            await here.output("config_maps").objects(CONFIG_MAPS, pages([config_map("nova", k=text)]))
        files = here.files()
    assert [yaml.safe_load(files[f"namespaces/openstack/configmaps/{name}"])["data"]["k"] for name in
            ("nova.yaml", "nova~2.yaml", "nova~3.yaml")] == ["one", "two", "three"]  # fmt: skip
    assert set(here.meter.files) == set(files)


async def test_hostile_names_stay_inside_the_tree(tmp_path: Path) -> None:
    names = [
        "..",
        "../../x",
        "/etc/passwd",
        "a\x00b",
        "x" * 253,
        "é" * 200,
        "a\nb",
        "a.partial",
        "Nova",
        "nova",
        "\ud800",
    ]
    objects = [config_map(name, namespace=namespace) for name in names for namespace in ("..", "n/s", None)]
    root = tmp_path / "a" / "b" / "out"
    with desk(root) as here:
        assert await here.output("config_maps").objects(CONFIG_MAPS, pages(objects)) == len(objects)
        assert not here.meter.losses
        assert len(here.files()) == len(objects)
        mapped = {(held.get("namespace"), held["name"]) for held in here.listed().values()}
    assert mapped == {(namespace, name) for name in names for namespace in ("..", "n/s", None)}
    assert set(tree(tmp_path)) == {f"a/b/out/{path}" for path in tree(root)}


async def test_a_planted_symbolic_link_leads_nowhere(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    root = tmp_path / "out"
    with desk(root) as here:
        (root / "namespaces").symlink_to(outside)
        (root / "configmaps").mkdir()
        (root / "configmaps" / "nova.yaml").symlink_to(outside / "planted")
        await here.output("config_maps").objects(
            CONFIG_MAPS, pages([config_map("nova"), config_map("nova", namespace=None)])
        )
    assert "symbolic link" in here.meter.losses["openstack/nova"]
    assert list(here.meter.files) == ["configmaps/nova~2.yaml"]
    assert list(outside.iterdir()) == []


async def test_a_list_that_breaks_off_keeps_what_was_written_and_tells_why(tmp_path: Path) -> None:
    async def breaking() -> AsyncIterator[Pages]:
        async for page in pages([config_map("a")]):
            yield page
        raise Denied("no more")

    with desk(tmp_path) as here:
        with pytest.raises(Denied, match="no more"):
            await here.output("config_maps").objects(CONFIG_MAPS, breaking())
        assert list(here.files()) == ["namespaces/openstack/configmaps/a.yaml"]
        assert here.meter.count == 1


NADS = Kind("k8s.cni.cncf.io", "network-attachment-definitions", "NetworkAttachmentDefinition")


async def test_a_list_in_one_file_is_a_yaml_list(tmp_path: Path) -> None:
    objects = [config_map(f"net-{number}", k=SECRET.decode()) for number in range(70)]
    with desk(tmp_path) as here:
        written = await here.output("overviews").objects(NADS, pages(objects, []), namespace="openstack")
        assert written == 70
        files = here.files()
    assert list(files) == list(here.meter.files) == ["namespaces/openstack/nad.log"]
    listed = yaml.safe_load(files["namespaces/openstack/nad.log"])
    assert [one["metadata"]["name"] for one in listed["items"]] == [f"net-{number}" for number in range(70)]
    assert listed["items"][0]["data"]["k"] == HIDDEN.decode()
    assert "managedFields" not in listed["items"][0]["metadata"]


async def test_an_empty_list_in_one_file_is_written(tmp_path: Path) -> None:
    with desk(tmp_path) as here:
        assert await here.output("overviews").objects(NADS, pages(), namespace="openstack") == 0
        assert here.files() == {"namespaces/openstack/nad.log": EMPTY_LIST}


async def test_a_list_in_one_file_that_breaks_off_keeps_the_name_that_says_so_and_is_yaml(tmp_path: Path) -> None:
    async def breaking() -> AsyncIterator[Pages]:
        async for page in pages([config_map("a")]):
            yield page
        raise Denied("no more")

    with desk(tmp_path) as here:
        with pytest.raises(Denied):
            await here.output("overviews").objects(NADS, breaking(), namespace="openstack")
        files = here.files()
    assert list(files) == list(here.meter.files) == ["namespaces/openstack/nad.log.partial"]
    assert len(yaml.safe_load(files["namespaces/openstack/nad.log.partial"])["items"]) == 1


async def test_a_list_in_one_file_that_breaks_at_once_leaves_none(tmp_path: Path) -> None:
    async def breaking() -> AsyncIterator[Pages]:
        if tmp_path.exists():
            raise Denied("nothing")
        yield Pages([])

    with desk(tmp_path) as here:
        with pytest.raises(Denied):
            await here.output("overviews").objects(NADS, breaking(), namespace="openstack")
        assert here.files() == {}


async def test_a_cancelled_list_ends_after_the_object_in_hand_and_everything_written_is_told(tmp_path: Path) -> None:
    reached, go_on = threading.Event(), threading.Event()

    def step(name: str) -> None:
        if name.startswith("after write") and "nova-3" in name:
            reached.set()
            go_on.wait(5)

    objects = [config_map(f"nova-{number}") for number in range(60)]
    with desk(tmp_path, step=step) as here:
        running = asyncio.create_task(here.output("config_maps").objects(CONFIG_MAPS, pages(objects)))
        await asyncio.to_thread(reached.wait, 5)
        running.cancel("Ctrl-C")
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        go_on.set()
        with pytest.raises(asyncio.CancelledError, match="Ctrl-C"):
            await running
        assert set(here.files()) == set(here.meter.files)
        assert here.meter.count == 4


async def test_max_bytes_ends_the_list_and_every_write_after_it(tmp_path: Path) -> None:
    objects = [config_map(f"nova-{number}", k="x" * 1000) for number in range(50)]
    with desk(tmp_path, max_bytes=10_000) as here:
        with pytest.raises(LimitReached, match="MAX_BYTES is 10,000"):
            await here.output("config_maps").objects(CONFIG_MAPS, pages(objects))
        with pytest.raises(LimitReached, match="MAX_BYTES"):
            await here.output("version").text("small", data=b"x")
        files = here.files()
    assert 8_000 < sum(map(len, files.values())) <= 10_000
    assert here.meter.count == len(files)
    assert not any(path.endswith(".partial") for path in files)


async def test_a_text_is_masked_and_written_as_a_whole(tmp_path: Path) -> None:
    with desk(tmp_path) as here:
        await here.output("version").text("version", data=b"omg\n" + SECRET)
        await here.output("new_task").text("a", "b/c", data=b"")
        assert here.files() == {"version": b"omg\n" + HIDDEN, "new_task/a/b%2Fc": b""}
        assert here.meter.files == {"version": 4 + len(HIDDEN), "new_task/a/b%2Fc": 0}


async def test_omgs_own_names_are_not_given_to_collectors(tmp_path: Path) -> None:
    with desk(tmp_path) as here:
        await here.output("version").text("omg-manifest.json", data=b"mine")
        assert set(here.meter.files) == {"omg-manifest~2.json"}


async def test_an_unmasked_tree_is_closed_to_others(tmp_path: Path) -> None:
    with desk(tmp_path) as here:
        await here.output("version").text("open", data=b"")
        here.journal.tree.private = True
        await here.output("secret").text("closed", data=b"")
    assert (tmp_path / "open").stat().st_mode & 0o077
    assert not (tmp_path / "secret").stat().st_mode & 0o077
    assert not (tmp_path / "secret" / "closed").stat().st_mode & 0o077


async def test_a_name_that_is_being_written_is_not_given_twice(tmp_path: Path) -> None:
    (tmp_path / "t").mkdir()
    with desk(tmp_path) as here:
        (tmp_path / "t" / "a.partial").write_bytes(b"somebody's")
        await here.output("t").text("a", data=b"mine")
        assert here.files() == {"t/a.partial": b"somebody's", "t/a~2": b"mine"}


@pytest.mark.parametrize("awaits", range(8))
async def test_a_list_in_one_file_cancelled_at_any_await_leaves_a_consistent_tree(tmp_path: Path, awaits: int) -> None:
    objects = [config_map(f"net-{number}") for number in range(70)]
    with desk(tmp_path) as here:
        listing = here.output("overviews").objects(NADS, pages(objects[:1], objects[1:]), namespace="n")
        running = asyncio.create_task(listing)
        for _ in range(awaits):
            await asyncio.sleep(0)
        running.cancel("enough")
        await asyncio.wait([running])
        files = here.files()
        assert set(files) == set(here.meter.files) <= {"namespaces/n/nad.log", "namespaces/n/nad.log.partial"}
        for data in files.values():
            assert len(yaml.safe_load(data)["items"]) == here.meter.count


async def test_where_the_journal_cannot_be_written_no_file_gets_its_final_name(tmp_path: Path) -> None:
    def step(name: str) -> None:
        if name == "before journal":
            os.close(here.journal._fd)

    here: Desk
    with desk(tmp_path, step=step) as here:
        with pytest.raises(OmgError, match=r"Bad file descriptor: omg-manifest\.jsonl"):
            await here.output("t").text("a", data=b"x")
        assert here.files() == {}
        here.journal._fd = os.open(tmp_path / "omg-manifest.jsonl", os.O_WRONLY | os.O_APPEND)


async def test_the_settings_decide_the_limits(tmp_path: Path) -> None:
    settings = Settings(max_bytes="1kB", log_max_bytes="100", disk_limit="", do_not_mask=True)
    masker = ReplacingMasker()
    with Journal.open(tmp_path, masker, {}) as journal, Sink.from_settings(tmp_path, masker, journal, settings) as sink:
        meter = Meter()
        await sink.for_item("pod_logs", meter).log("n", "p", "c", chunks(b"a line\n" * 50))
        (path,) = meter.files
        assert (tmp_path / path).read_bytes().startswith(b"-- omg: ")
        assert (tmp_path / path).stat().st_mode & 0o077 == 0
        with pytest.raises(LimitReached, match="MAX_BYTES is 1,000"):
            await sink.for_item("t", meter).text("t", data=b"x" * 1000)
