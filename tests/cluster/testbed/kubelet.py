"""kwok as every node's kubelet: logs from files, commands answered by a script; statuses are left to the corpus."""

import json
import shutil
import signal
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType
from typing import Any

from omg.embedded.corpus import Corpus, ExecAnswer, LogSource
from tests.cluster.testbed.build import programs
from tests.cluster.testbed.process import Program, listens

_API = "kwok.x-k8s.io/v1alpha1"

_ONLY_DELETE: dict[str, Any] = {
    "apiVersion": _API,
    "kind": "Stage",
    "metadata": {"name": "pod-delete"},
    "spec": {
        "resourceRef": {"apiGroup": "v1", "kind": "Pod"},
        "selector": {
            "matchExpressions": [
                {"key": ".metadata.deletionTimestamp", "operator": "Exists"},
                {"key": ".spec.volumes[].hostPath.path", "operator": "DoesNotExist"},
            ]
        },
        "next": {"delete": True},
    },
}
"""The only thing that kwok does to an object: a pod that is deleted goes away. Debug pods have their own kubelet."""

_ANYWHERE: dict[str, Any] = {
    "apiVersion": _API,
    "kind": "ClusterExec",
    "metadata": {"name": "anywhere"},
    "spec": {"execs": [{"local": {}}]},
}
"""Commands of pods that came after the corpus run, too."""

_STAMP = b"2026-01-01T00:00:00.000000000Z stdout "
_FRAGMENT = 16 * 1024
"""Bytes: container runtimes cut longer lines into pieces marked P, and end them with one marked F."""

_ANSWER = Path(__file__).with_name("answer.py")

NONE: Mapping[str, str] = MappingProxyType({})


class Kubelet:
    """One kwok process; it reads its configuration at its start, so `serve` starts it again."""

    def __init__(self, directory: Path, kubeconfig: Path, port: int, pki: Path) -> None:
        self._directory = directory
        self._bin = directory / "bin"
        self._kubeconfig = kubeconfig
        self._port = port
        self._pki = pki
        self._program: Program | None = None
        self._installed: dict[str, str] = {}

    def install(self, name: str, text: str) -> None:
        """A script that commands of pods which no corpus knows may run; before `serve`."""
        self._installed[name] = text

    def serve(self, corpus: Corpus, real: Mapping[str, str] = NONE) -> None:
        """Write the corpus's logs to disk and answer for its containers.

        Args:
            real: program → what a shell runs for it in every container, in place of the corpus's answers; $NAMESPACE,
                $POD and $CONTAINER say where it is.
        """
        shutil.rmtree(self._bin, ignore_errors=True)
        self._bin.mkdir()
        answers = [asdict(answer) for answer in corpus.execs]
        for answer in answers:
            answer |= {"stdout": answer["stdout"].decode("latin-1"), "stderr": answer["stderr"].decode("latin-1")}
        (self._directory / "answers.json").write_text(json.dumps(answers))
        recorded = f'exec {sys.executable} -S -E {_ANSWER} "$0" "$@"\n'
        for name, text in (dict.fromkeys(_programs_of(corpus.execs), recorded) | dict(real)).items():
            script = self._bin / name
            script.write_text(f"#!/bin/sh\n{text}")
            script.chmod(0o755)
        for name, text in self._installed.items():
            (self._bin / name).write_text(text)
            (self._bin / name).chmod(0o755)
        documents = [_ONLY_DELETE, *self._logs(corpus), *self._execs(corpus), *([_ANYWHERE] if self._installed else [])]
        (self._directory / "kwok.yaml").write_text("\n---\n".join(json.dumps(document) for document in documents))
        self.stop()
        self.start()

    def start(self) -> None:
        """Start it, and wait until it listens."""
        command = [
            str(programs("kwok") / "kwok"),
            f"--kubeconfig={self._kubeconfig}",
            "--manage-all-nodes=true",
            "--node-lease-duration-seconds=0",
            "--node-ip=127.0.0.1",
            f"--node-port={self._port}",
            f"--server-address=127.0.0.1:{self._port}",
            f"--tls-cert-file={self._pki / 'kubelet.crt'}",
            f"--tls-private-key-file={self._pki / 'kubelet.key'}",
            f"--config={self._directory / 'kwok.yaml'}",
        ]
        # Commands of containers are looked up here and nowhere else: none of this machine's runs by mistake.
        env = {"PATH": str(self._bin), "HOME": str(self._directory)}
        self._program = Program(self._directory / "log" / "kwok", command, env)
        self._program.wait_until(lambda: listens(self._port))

    def stop(self) -> None:
        """End it: a kubelet that refuses connections."""
        if self._program is not None:
            self._program.stop()
            self._program = None

    def freeze(self) -> None:
        """Stop its clock: a kubelet that takes connections and never answers."""
        assert self._program is not None
        self._program.signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        assert self._program is not None
        self._program.signal(signal.SIGCONT)

    def _logs(self, corpus: Corpus) -> Iterator[dict[str, Any]]:
        folder = self._directory / "container-logs"
        for (namespace, pod), containers in _containers(corpus.objects).items():
            entries = [
                {
                    "containers": [container],
                    "logsFile": self._log(folder, corpus, namespace, pod, container, previous=False),
                    "previousLogsFile": self._log(folder, corpus, namespace, pod, container, previous=True),
                }
                for container in containers
            ]
            yield {
                "apiVersion": _API,
                "kind": "Logs",
                "metadata": {"name": pod, "namespace": namespace},
                "spec": {"logs": entries},
            }

    def _log(self, folder: Path, corpus: Corpus, namespace: str, pod: str, container: str, *, previous: bool) -> str:
        """The file of one log. Of one that isn't there kwok tells the missing file's name: a kubelet's sentence."""
        source = corpus.logs.get((namespace, pod, container, previous))
        place = folder / namespace / pod
        if source is None:
            missing = "previous terminated container {!r} in pod {!r} not found" if previous else _WAITING
            return str(folder / missing.format(container, pod).replace("'", '"'))
        place.mkdir(parents=True, exist_ok=True)
        path = place / f"{container}{'-previous' if previous else ''}.log"
        write_runtime_log(path, source)
        return str(path)

    def _execs(self, corpus: Corpus) -> Iterator[dict[str, Any]]:
        table = str(self._directory / "answers.json")
        for (namespace, pod), containers in _containers(corpus.objects).items():
            targets = []
            for container in containers:
                known = {"ANSWERS": table, "NAMESPACE": namespace, "POD": pod, "CONTAINER": container}
                envs = [{"name": name, "value": value} for name, value in known.items()]
                targets.append({"containers": [container], "local": {"envs": envs}})
            yield {
                "apiVersion": _API,
                "kind": "Exec",
                "metadata": {"name": pod, "namespace": namespace},
                "spec": {"execs": targets},
            }


_WAITING = "container {!r} in pod {!r} is waiting to start: PodInitializing"


def write_runtime_log(path: Path, source: LogSource) -> None:
    """Write a log as container runtimes do (the CRI format); bytes of text in, chunk by chunk."""
    whole = _STAMP + b"F "
    with path.open("wb") as file:
        for chunk in filter(None, source.chunks()):
            lines = chunk.removesuffix(b"\n")
            if len(lines) <= _FRAGMENT or max(map(len, lines.split(b"\n"))) <= _FRAGMENT:
                file.write(whole + lines.replace(b"\n", b"\n" + whole) + b"\n")
            else:
                file.writelines(_fragments(lines))


def _fragments(lines: bytes) -> Iterator[bytes]:
    for line in lines.split(b"\n"):
        ends = range(_FRAGMENT, len(line), _FRAGMENT)
        yield from (_STAMP + b"P " + line[end - _FRAGMENT : end] + b"\n" for end in ends)
        yield _STAMP + b"F " + line[len(ends) * _FRAGMENT :] + b"\n"


def _containers(objects: list[dict[str, Any]]) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in objects:
        if one["kind"] == "Pod":
            meta, spec = one["metadata"], one["spec"]
            for group in ("initContainers", "containers", "ephemeralContainers"):
                found[meta["namespace"], meta["name"]] += [container["name"] for container in spec.get(group) or ()]
    return found


def _programs_of(execs: list[ExecAnswer]) -> set[str]:
    return {answer.command[0].rpartition("/")[2] for answer in execs if answer.command}
