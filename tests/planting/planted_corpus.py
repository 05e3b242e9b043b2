"""A corpus with thousands of secrets in it: the demo's control plane, and plants in every place that a gather reads."""

import base64
import hashlib
import json
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from omg.embedded.corpus import Corpus, ExecAnswer, LogSource, demo_corpus
from tests.planting import values as v
from tests.planting.drawing import Plant, Planter
from tests.planting.structures import DEFINITION, FIELD, NAMESPACE, Structures

BORDERS = (64 * 1024, 128 * 1024, 1024 * 1024, 16 * 1024 * 1024)
"""Where readers, the masker and the writer cut a stream: values are laid across multiples of these."""

LARGEST = 17 * 1024 * 1024
"""Bytes of the largest log."""

FILLER = b"2026-01-15 10:00:00.000 7 INFO nova.compute.manager [-] Took 0.42 seconds to deallocate network\n"


Object = dict[str, Any]
Logs = dict[tuple[str, str, str, bool], LogSource]


@dataclass(frozen=True)
class TextLog:
    """A log that is held whole."""

    text: bytes

    @property
    def size(self) -> int:
        return len(self.text)

    def chunks(self) -> Iterator[bytes]:
        at = 0
        while at < len(self.text):
            end = self.text.find(b"\n", min(at + 1_000_000, len(self.text) - 1)) + 1 or len(self.text)
            yield self.text[at:end]
            at = end


@dataclass
class Planted:
    """The corpus, and what was planted in it.

    Attributes:
        plants: everything that must be nowhere when a run has ended.
        late: Secrets that a test makes or changes while a run goes on: what they hold then stands in a log and a config
            map from the beginning.
        late_plants: what those hold.
        former_plants: what Secrets held before they were changed: a run that begins afterwards can't know it.
    """

    seed: int
    corpus: Corpus
    plants: list[Plant]
    late: list[Object]
    late_plants: list[Plant]
    former_plants: list[Plant]


def planted_corpus(
    seed: int, *, per_place: int, rounds: int, log_bytes: int, borders: Sequence[int] = BORDERS
) -> Planted:
    """Plant.

    Args:
        seed: of every value and of what goes where.
        per_place: texts for each of the places that take any text.
        rounds: how often each structure comes.
        log_bytes: of the demo's logs, into which nothing is planted.
        borders: which cuts values are laid across.
    """
    demo = demo_corpus(log_bytes=log_bytes)
    planter = Planter(seed)
    places = _Places(planter, per_place, borders)
    pods = [places.pod(at) for at in range(4)]
    objects = [DEFINITION, *places.config_maps(), *places.annotated(), *Structures(planter).all(rounds), *pods]
    objects += places.events(pods[0])
    logs = places.logs(pods[:-1]) | places.at_borders(pods[-1])
    execs = list(places.commands(demo.execs))
    objects += _secrets_of([one for one in planter.plants if one.net == 3], "nova-planted-known")
    began = len(planter.plants)
    former = places.former(logs)
    early = len(planter.plants)
    late = places.late(logs, objects)
    changed = [one["metadata"]["name"] for one in late[::2]]
    objects += [
        {**one, "metadata": {**one["metadata"], "name": name}} for one, name in zip(former, changed, strict=False)
    ]
    corpus = Corpus([*demo.objects, *objects], {**demo.logs, **logs}, execs, list(demo.planted))
    return Planted(seed, corpus, planter.plants, late, planter.plants[early:], planter.plants[began:early])


class _Places:
    def __init__(self, planter: Planter, per_place: int, borders: Sequence[int]) -> None:
        self._planter = planter
        self._count = per_place
        self._borders = borders

    def config_maps(self) -> Iterator[Object]:
        plants = self._planter.several(self._count * 2, "config map")
        for at in range(0, len(plants), 40):
            some = plants[at : at + 40]
            data = {f"{number}-{_file_name(plant)}": plant.text for number, plant in enumerate(some)}
            yield _object("ConfigMap", f"nova-planted-texts-{at}", data=data)

    def annotated(self) -> Iterator[Object]:
        """Any text in an annotation, in a field of a custom resource, in the message of a condition."""
        plants = self._planter.several(self._count, "annotation")
        for at in range(0, len(plants), 30):
            texts = {f"example.com/note-{number}": one.text for number, one in enumerate(plants[at : at + 30])}
            annotated = _object("ConfigMap", f"nova-planted-annotated-{at}", data={"a": "b"})
            annotated["metadata"]["annotations"] = texts
            yield annotated
        fields = self._planter.several(self._count, "field of a custom resource")
        told = self._planter.several(self._count, "message of a condition")
        for at in range(0, self._count, 30):
            spec = {"customServiceConfig": fields[at].text, "texts": [one.text for one in fields[at + 1 : at + 30]]}
            status = {
                "conditions": [{"type": f"T{n}", "message": one.text} for n, one in enumerate(told[at : at + 30])]
            }
            custom = _object("Planting", f"planted-texts-{at}", spec=spec, status=status)
            yield custom | {"apiVersion": "test.openstack.org/v1"}

    def pod(self, at: int) -> Object:
        """A pod whose variables and arguments hold texts; it has containers with logs."""
        variables = [
            {"name": f"SETTINGS_{n}", "value": one.text}
            for n, one in enumerate(self._planter.several(self._count // 8, "variable"))
        ]
        arguments = [one.text for one in self._planter.several(self._count // 8, "argument")]
        container: Object = {
            "name": "main", "image": "quay.io/example/x:1", "env": variables, "args": arguments,
            "command": ["/bin/sh", "-c"], "resources": {}, "imagePullPolicy": "IfNotPresent",
            "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File",
        }  # fmt: skip
        spec = {
            "nodeName": "worker-0", "containers": [container, {**container, "name": "side", "env": [], "args": []}],
            "restartPolicy": "Always", "dnsPolicy": "ClusterFirst", "securityContext": {},
            "schedulerName": "default-scheduler",
        }  # fmt: skip
        last = {"exitCode": 1, "reason": "Error", "message": self._planter.next("termination message").text}
        running = {"running": {"startedAt": "2026-01-15T09:00:00Z"}}
        common = {"image": "x", "imageID": "x", "ready": True, "started": True, "state": running, "restartCount": 1}
        statuses = [
            {**common, "name": name, "lastState": {"terminated": last}, "containerID": "cri-o://1"}
            for name in ("main", "side")
        ]
        status = {"phase": "Running", "containerStatuses": statuses, "podIP": "10.128.0.9", "hostIP": "192.168.111.20"}
        return _object("Pod", f"planted-{at}", spec=spec, status=status)

    def events(self, about: Object) -> Iterator[Object]:
        """Messages of one line: an event's is at most 1,024 bytes long."""
        involved = {"apiVersion": "v1", "kind": "Pod", "name": about["metadata"]["name"], "namespace": NAMESPACE}
        for at, one in enumerate(self._planter.several(self._count, "event", one_line=True)):
            times = {"firstTimestamp": "2026-01-15T09:00:00Z", "lastTimestamp": "2026-01-15T09:05:00Z", "count": 1}
            told = {
                "message": one.text.strip()[:1000],
                "reason": "Failed",
                "type": "Warning",
                "source": {"component": "kubelet"},
            }
            yield _object("Event", f"planted.{at:016x}", involvedObject=involved, **times, **told)

    def logs(self, pods: list[Object]) -> Logs:
        """Texts between ordinary lines."""
        found: Logs = {}
        for pod in pods:
            for container in ("main", "side"):
                for previous in (False, True):
                    plants = self._planter.several(self._count // 2, "log")
                    text = b"".join(FILLER + one.text.encode().removesuffix(b"\n") + b"\n" for one in plants)
                    found[NAMESPACE, pod["metadata"]["name"], container, previous] = TextLog(text)
        return found

    def at_borders(self, pod: Object) -> Logs:
        """A log with values across the borders, and one of a single line with values across those within a line."""
        ends = sorted(
            {border * number for border in self._borders for number in (1, 2, 3) if border * number <= LARGEST}
        )
        lines = self._across("log, at a border", ends, FILLER, b"\n")
        windows = [64 * 1024 * number for number in range(1, 24)]
        line = self._across("one long line", windows, b"lorem ipsum ", b" ").replace(b"\n", b" ") + b"\n"
        name = pod["metadata"]["name"]
        return {(NAMESPACE, name, "main", False): TextLog(lines), (NAMESPACE, name, "side", False): TextLog(line)}

    def _across(self, where: str, borders: Sequence[int], filler: bytes, end: bytes) -> bytes:
        """A text in which the middle of a value is at each border."""
        text = bytearray()
        for border in borders:
            plant = self._planter.next(where, one_line=True)
            line = plant.text.removesuffix("\n").encode() + end
            spelled = plant.form.spelled(plant.value).encode()
            gap = border - len(text) - line.find(spelled) - len(spelled) // 2
            whole = gap // len(filler)
            text += filler * whole + b"." * (gap - whole * len(filler) - 1) + end + line
        return bytes(text)

    def commands(self, execs: list[ExecAnswer]) -> Iterator[ExecAnswer]:
        """The demo's answers, texts behind those that are written as they are."""
        for answer in execs:
            if not answer.stdout or "-f" in answer.command or answer.command[:3] == ("openstack", "service", "list"):
                yield answer
                continue
            words = " ".join(answer.command[-3:])
            if answer.stdout.startswith(b"OVSDB"):
                yield replace(answer, stdout=answer.stdout + self._ovsdb_record(words))
                continue
            texts = "".join(
                one.text.removesuffix("\n") + "\n" for one in self._planter.several(3, f"output of {words}")
            )
            yield replace(answer, stdout=answer.stdout + texts.encode())

    def _ovsdb_record(self, words: str) -> bytes:
        """A transaction as ovsdb-server appends it to its file."""
        texts = [one.text for one in self._planter.several(6, f"output of {words}", one_line=True)]
        notes = ["map", [[f"note-{at}", text] for at, text in enumerate(texts)]]
        row = {"name": "planted", "external_ids": notes, "options": ["map", [["password", self._field(words)]]]}
        text = json.dumps({"Logical_Switch_Port": {str(uuid.UUID(int=at)): row for at in (1, 2)}}).encode() + b"\n"
        return f"OVSDB JSON {len(text)} {hashlib.sha1(text).hexdigest()}\n".encode() + text

    def _field(self, words: str) -> str:
        return self._planter.value(v.PLAIN, f"field in the output of {words}", FIELD)

    def former(self, logs: Logs) -> list[Object]:
        """Secrets as they are before they are changed; what they hold is in a log."""
        plants = self._planter.several(self._count, "in a Secret that is changed later", net=3)
        self._append(logs, "planted-1", plants)
        return _secrets_of(plants, "nova-planted-late", each=8)

    def late(self, logs: Logs, objects: list[Object]) -> list[Object]:
        """Secrets as they are to be later; what they hold is in a log and a config map already."""
        plants = self._planter.several(self._count * 2, "in a Secret of later", net=3)
        told, kept = plants[: self._count], plants[self._count :]
        self._append(logs, "planted-0", told)
        objects.append(
            _object("ConfigMap", "nova-planted-late", data={f"n{at}": one.text for at, one in enumerate(kept)})
        )
        return _secrets_of(plants, "nova-planted-late", each=8)

    @staticmethod
    def _append(logs: Logs, pod: str, plants: list[Plant]) -> None:
        key = (NAMESPACE, pod, "main", False)
        logs[key] = TextLog(b"".join([*logs[key].chunks(), *(FILLER + one.text.encode() + b"\n" for one in plants)]))


def _secrets_of(plants: list[Plant], name: str, *, each: int = 20) -> list[Object]:
    """Secrets that hold values under keys that say what they are."""
    keys = ("AdminPassword", "password", "token", "DatabasePassword", "api-key", "FernetKeys0", "shared_secret")
    found = []
    for at in range(0, len(plants), each):
        data = {
            f"{keys[number % len(keys)]}{'' if number < len(keys) else number}": base64.b64encode(
                one.value.encode()
            ).decode()
            for number, one in enumerate(plants[at : at + each])
        }
        found.append(_object("Secret", f"{name}-{at}", type="Opaque", data=data))
    return found


def _file_name(plant: Plant) -> str:
    return "".join(one if one.isalnum() else "-" for one in plant.form.name)[:60] + ".txt"


def _object(kind: str, name: str, **rest: Any) -> Object:
    return {"apiVersion": "v1", "kind": kind, "metadata": {"name": name, "namespace": NAMESPACE}, **rest}
