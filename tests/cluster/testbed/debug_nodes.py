"""Nodes on which debug pods run for real, each in a file system of its own, and the kubelet that starts and ends them.

A node is a mount namespace of this machine in which /var/tmp and /var/log are the node's own and the root is at /host,
too. sos, tar, sh and chroot are real; toolbox and podman are scripts. Needs root.
"""

import os
import shlex
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.cluster.testbed.api import Api, Refused
from tests.cluster.testbed.process import POLL

SELECTOR = "app.kubernetes.io/managed-by=omg"
MARK = "OMG_TEST_POD"
"""In the environment of every process of a debug pod: what its cgroup is on a node."""

_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

_CHROOT = """#!/bin/sh
PATH={path}
token=$(printf '%s' "$*" | grep -o 'omg-sos[.-][0-9a-f]\\{{10\\}}' | head -n 1 | tail -c 11)
. {tokens}/"$token"
export PATH="$BIN:$PATH" {mark}="$token"
exec nsenter -t "$HOLDER" -m -- chroot "$@"
"""
"""What an exec into a debug pod runs: the node is found by the pod's token."""

_PODMAN = """#!/bin/sh
echo "$*" >>{state}/podman.asked
case "$1" in
pull) [ ! -f {state}/unauthorized ] || {{ echo 'Error: unauthorized: authentication required' >&2; exit 125; }} ;;
image) exit 1 ;;
kill) [ -f {state}/"$2".container ] && kill -s KILL -- "-$(cat {state}/"$2".container)" ;;
rm) rm -f {state}/"$3".container ;;
esac
"""

_TOOLBOX = """#!/bin/sh
. "$HOME/.toolboxrc"
echo "$TOOLBOX_NAME $REGISTRY/$IMAGE $*" >>{state}/toolbox.asked
case "$*" in *--tmp-dir*) [ ! -f {state}/before ] || before=$(cat {state}/before) ;; esac
setsid env -u {mark} sh -c "${{before:-:}}"' && exec "$@"' - "$@" &
echo $! >{state}/"$TOOLBOX_NAME".container
wait $!
"""
"""A container's processes are podman's, not those of the command that started it: ending one doesn't end the other."""


@dataclass
class DebugNode:
    """One node."""

    name: str
    folder: Path
    holder: "subprocess.Popen[bytes]" = field(init=False)

    def __post_init__(self) -> None:
        for one in ("tmp", "log/pods", "bin", "state"):
            (self.folder / one).mkdir(parents=True)
        for name, text in (("podman", _PODMAN), ("toolbox", _TOOLBOX)):
            path = self.folder / "bin" / name
            path.write_text(text.format(state=shlex.quote(str(self.state)), mark=MARK))
            path.chmod(0o755)
        mounts = (
            f"mount --make-rprivate / && mount --bind {self.folder}/tmp /var/tmp && "
            f"mount --bind {self.folder}/log /var/log && mount --rbind / /host && echo ready && exec sleep infinity"
        )
        self.holder = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", "unshare", "--mount", "sh", "-c", mounts], stdout=subprocess.PIPE
        )
        assert self.holder.stdout is not None
        assert self.holder.stdout.readline() == b"ready\n"

    @property
    def state(self) -> Path:
        """Where toolbox and podman keep and find what they know."""
        return self.folder / "state"

    def tell(self, name: str, text: str = "") -> None:
        (self.state / name).write_text(text)

    def asked(self, program: str) -> str:
        path = self.state / f"{program}.asked"
        return path.read_text() if path.exists() else ""

    def left(self) -> list[Path]:
        """Files and containers that are still there."""
        return [*(self.folder / "tmp").iterdir(), *self.state.glob("*.container")]

    def close(self) -> None:
        self.holder.kill()
        self.holder.wait()
        assert self.holder.stdout is not None
        self.holder.stdout.close()


@dataclass
class _Running:
    pod: dict[str, Any]
    process: "subprocess.Popen[bytes]"
    told_to_end: float | None = None
    patience: float = 30.0


class DebugKubelet:
    """The kubelet of all such nodes, in a thread.

    Attributes:
        passed: seconds by which its clock is ahead: a deadline comes when a test wants it.
        unable: nodes that can't pull the image, and what their kubelet says.
    """

    def __init__(self, api: Api, nodes: dict[str, DebugNode], tokens: Path) -> None:
        self.passed = 0.0
        self.unable: dict[str, str] = {}
        self._api = api
        self._nodes = nodes
        self._tokens = tokens
        self._running: dict[str, _Running] = {}
        self._told: set[str] = set()
        self._unsaid: dict[str, dict[str, Any]] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._work, name="debug-kubelet")
        self.trouble: list[str] = []

    @contextmanager
    def working(self) -> Iterator[None]:
        self._thread.start()
        try:
            yield
        finally:
            self._over.set()
            self._thread.join()
            for one in self._running.values():
                self._kill(one)
        assert self.trouble == []

    def is_idle(self) -> bool:
        """No process of a debug pod is left."""
        return not self._running and next(processes(), None) is None

    def _work(self) -> None:
        while not self._over.wait(POLL):
            try:
                self._look()
                self._report()
            except Refused as error:
                if error.status not in {404, 409}:
                    self.trouble.append(str(error))
            except Exception as error:  # noqa: BLE001 - a kubelet goes on, and the test fails in the end
                self.trouble.append(repr(error))

    def _report(self) -> None:
        """Tell the API server what it hasn't taken yet."""
        for path, told in list(self._unsaid.items()):
            try:
                self._api.send("PATCH", f"{path}/status", told, "application/merge-patch+json")
            except Refused as error:
                if error.status != 404:
                    continue
            del self._unsaid[path]

    def _look(self) -> None:
        pods = {one["metadata"]["uid"]: one for one in self._api.get("/api/v1/pods", labelSelector=SELECTOR)["items"]}
        for uid, pod in pods.items():
            if uid not in self._running and uid not in self._told:
                self._start(uid, pod)
            elif (one := self._running.get(uid)) is not None:
                self._mind(one, pod)
        for uid in set(self._running) - set(pods):
            one = self._running[uid]
            self._end(one, within=2.0)
            if self._has_ended(one):
                del self._running[uid]
        for uid, pod in pods.items():
            if "deletionTimestamp" in pod["metadata"] and uid not in self._running:
                self._api.send("DELETE", _path(pod), {"gracePeriodSeconds": 0})

    def _start(self, uid: str, pod: dict[str, Any]) -> None:
        self._told.add(uid)
        node = self._nodes.get(pod["spec"]["nodeName"])
        if node is None or "deletionTimestamp" in pod["metadata"]:
            return
        if said := self.unable.get(node.name):
            self._say(pod, "Pending", {"waiting": {"reason": "ErrImagePull", "message": said}})
            return
        token = pod["metadata"]["name"].rpartition("-")[2]
        (self._tokens / token).write_text(f"HOLDER={node.holder.pid} BIN={node.folder / 'bin'}\n")
        (container,) = pod["spec"]["containers"]
        process = subprocess.Popen(
            ["nsenter", "-t", str(node.holder.pid), "-m", "--", *container["command"]],
            env={"PATH": f"{node.folder / 'bin'}:{_PATH}", MARK: token, "HOST": "/host"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._running[uid] = _Running(pod, process)
        self._say(pod, "Running", {"running": {"startedAt": _stamp()}})

    def _mind(self, one: _Running, pod: dict[str, Any]) -> None:
        uid = pod["metadata"]["uid"]
        started = time.mktime(time.strptime(pod["metadata"]["creationTimestamp"], "%Y-%m-%dT%H:%M:%SZ")) - time.timezone
        is_late = time.time() + self.passed - started > pod["spec"]["activeDeadlineSeconds"]
        if "deletionTimestamp" in pod["metadata"]:
            self._end(one, within=pod["metadata"]["deletionGracePeriodSeconds"])
        elif is_late:
            self._end(one, within=pod["spec"]["terminationGracePeriodSeconds"])
        if self._has_ended(one):
            del self._running[uid]
            if "deletionTimestamp" not in pod["metadata"]:
                self._say(pod, "Failed", {"terminated": {"exitCode": 0, "reason": "DeadlineExceeded"}})

    def _end(self, one: _Running, *, within: float) -> None:
        if one.told_to_end is None:
            one.told_to_end, one.patience = time.monotonic(), within
            one.process.terminate()
        elif time.monotonic() - one.told_to_end > one.patience:
            one.process.kill()

    def _has_ended(self, one: _Running) -> bool:
        if one.process.poll() is None:
            return False
        self._kill(one)
        return True

    def _kill(self, one: _Running) -> None:
        """The main process's end is that of all the pod's."""
        one.process.kill()
        one.process.wait()
        for pid in processes(one.pod["metadata"]["name"].rpartition("-")[2]):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def _say(self, pod: dict[str, Any], phase: str, state: dict[str, Any]) -> None:
        (container,) = pod["spec"]["containers"]
        status = {"name": container["name"], "image": container["image"], "imageID": "", "ready": phase == "Running"}
        status |= {"restartCount": 0, "state": state}
        told = {"status": {"phase": phase, "startTime": _stamp(), "containerStatuses": [status]}}
        self._unsaid[_path(pod)] = told


def processes(token: str = "") -> Iterator[int]:
    """The processes of debug pods, or of one."""
    wanted = f"{MARK}={token}".encode()
    for path in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):
            if any(one.startswith(wanted) for one in path.read_bytes().split(b"\0")):
                yield int(path.parent.name)


def script_for_execs(tokens: Path) -> str:
    """The `chroot` of the debug pods."""
    return _CHROOT.format(path=_PATH, tokens=shlex.quote(str(tokens)), mark=MARK)


def _path(pod: dict[str, Any]) -> str:
    return f"/api/v1/namespaces/{pod['metadata']['namespace']}/pods/{pod['metadata']['name']}"


def _stamp() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
