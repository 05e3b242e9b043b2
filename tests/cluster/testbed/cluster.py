"""One real cluster: its processes, its users and what a test may do to it."""

import http.client
import json
import os
import subprocess
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.cluster.testbed.api import Api, Refused
from tests.cluster.testbed.audit import Request, read_requests
from tests.cluster.testbed.build import programs
from tests.cluster.testbed.certificates import make_certificates
from tests.cluster.testbed.kubelet import Kubelet
from tests.cluster.testbed.process import Program, free_port

USERS = [f"gatherer-{number}" for number in range(60)]
"""Identities with all rights; each gather takes one of its own, so that the audit log tells gathers apart."""

_POLICY = {
    "apiVersion": "audit.k8s.io/v1",
    "kind": "Policy",
    "rules": [{"level": "Metadata", "userGroups": ["gatherers", "system:serviceaccounts"]}, {"level": "None"}],
    "omitStages": ["ResponseStarted"],
}

_ALL_RIGHTS = {
    "apiVersion": "rbac.authorization.k8s.io/v1",
    "kind": "ClusterRoleBinding",
    "metadata": {"name": "gatherers"},
    "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"},
    "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": "gatherers"}],
}


class Cluster:
    """etcd, kube-apiserver, kube-controller-manager and kwok on free ports, with everything in one directory.

    Attributes:
        kubeconfig: contexts `admin`, `limited` (no rights), `refused` (a wrong token), and one for each of USERS.
        node_port: where kwok listens as every node's kubelet.
    """

    def __init__(self, directory: Path, *, apiserver: tuple[str, ...] = ()) -> None:
        self.directory = directory
        self.kubeconfig = directory / "kubeconfig"
        self.node_port = free_port()
        self._port, self._etcd_port = free_port(), free_port()
        self._pki, self._logs = directory / "pki", directory / "log"
        self._extra = apiserver
        self._running: list[Program] = []
        self._apiserver: Program | None = None
        self._users = iter(USERS)
        self.api: Api

    def __enter__(self) -> Self:
        make_certificates(self._pki)
        self._logs.mkdir()
        self._write_configuration()
        self.api = Api(self._port, self._pki / "ca.crt", self._pki / "admin.crt", self._pki / "admin.key")
        self.kubelet = Kubelet(self.directory, self.kubeconfig, self.node_port, self._pki)
        try:
            self._start_etcd()
            self._start_apiserver()
            self._start_controllers()
            with suppress(Refused):  # it is there already where a directory is used again
                self.api.send("POST", "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", _ALL_RIGHTS)
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """End every process; etcd last."""
        self.kubelet.stop()
        for program in reversed(self._running):
            program.stop()
        self._running.clear()
        self.api.close()

    # what a test asks

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self._port}"

    def new_user(self) -> str:
        """A context of the kubeconfig, which is also a user's name, that nobody has used."""
        return next(self._users)

    def requests_of(self, user: str) -> list[Request]:
        """What a user asked so far, from the audit log."""
        return read_requests(self._logs / "audit", user)

    def kubectl(self, *arguments: str) -> bytes:
        """What kubectl prints, as administrator."""
        command = [str(programs("kubernetes") / "kubectl"), f"--kubeconfig={self.kubeconfig}", "--request-timeout=60s"]
        return subprocess.run(
            [*command, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=120, check=True
        ).stdout

    # what a test does

    def restart_apiserver(self, *arguments: str) -> None:
        """Stop the API server and start it with other arguments."""
        assert self._apiserver is not None
        self._running.remove(self._apiserver)
        self._apiserver.stop()
        self.api.close()
        self._extra = arguments
        self._start_apiserver()

    def compact(self) -> None:
        """Make etcd forget every revision but the newest: tokens of lists begun before are too old then."""
        revision = self._etcd("/v3/maintenance/status", {})["header"]["revision"]
        self._etcd("/v3/kv/compaction", {"revision": revision, "physical": True})

    def _etcd(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self._etcd_port, timeout=60)
        try:
            connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
            answer: dict[str, Any] = json.loads(connection.getresponse().read())
        finally:
            connection.close()
        return answer

    # the processes

    def _run(self, name: str, command: list[str]) -> Program:
        program = Program(self._logs / name, command)
        self._running.append(program)
        return program

    def _start_etcd(self) -> None:
        client, peer = f"http://127.0.0.1:{self._etcd_port}", f"http://127.0.0.1:{free_port()}"
        urls = [f"--listen-client-urls={client}", f"--advertise-client-urls={client}"]
        peers = [
            f"--listen-peer-urls={peer}",
            f"--initial-advertise-peer-urls={peer}",
            f"--initial-cluster=default={peer}",
        ]
        limits = ["--unsafe-no-fsync", "--quota-backend-bytes=8589934592", "--log-level=error"]
        command = [str(programs("etcd") / "etcd"), f"--data-dir={self.directory / 'etcd'}", *urls, *peers, *limits]
        self._run("etcd", command).wait_until(self._etcd_answers)

    def _etcd_answers(self) -> bool:
        with suppress(OSError, ValueError):
            return "header" in self._etcd("/v3/maintenance/status", {})
        return False

    def _start_apiserver(self) -> None:
        pki = self._pki
        command = [
            str(programs("kubernetes") / "kube-apiserver"),
            f"--etcd-servers=http://127.0.0.1:{self._etcd_port}",
            "--bind-address=127.0.0.1",
            f"--secure-port={self._port}",
            f"--tls-cert-file={pki / 'apiserver.crt'}",
            f"--tls-private-key-file={pki / 'apiserver.key'}",
            f"--client-ca-file={pki / 'ca.crt'}",
            f"--token-auth-file={self.directory / 'tokens.csv'}",
            "--authorization-mode=RBAC",
            f"--service-account-key-file={pki / 'sa.pub'}",
            f"--service-account-signing-key-file={pki / 'sa.key'}",
            "--service-account-issuer=https://kubernetes.default.svc",
            "--service-cluster-ip-range=10.96.0.0/16",
            "--allow-privileged=true",
            # What the corpus says is what is stored: nobody adds accounts, taints or tolerations to it.
            "--disable-admission-plugins=ServiceAccount,DefaultTolerationSeconds,TaintNodesByCondition",
            f"--kubelet-client-certificate={pki / 'admin.crt'}",
            f"--kubelet-client-key={pki / 'admin.key'}",
            # The address that the loader adds to each node, so that the corpus's own addresses can stay.
            "--kubelet-preferred-address-types=ExternalIP",
            "--event-ttl=48h",
            f"--audit-policy-file={self.directory / 'audit.json'}",
            f"--audit-log-path={self._logs / 'audit'}",
            *self._extra,
        ]
        self._apiserver = self._run("apiserver", command)
        self._apiserver.wait_until(self._apiserver_answers)

    def _apiserver_answers(self) -> bool:
        with suppress(OSError, Refused):
            return self.api.send("GET", "/readyz") == b"ok"
        return False

    def _start_controllers(self) -> None:
        """Only what cleans up: nothing creates pods or accounts, or sets a status that the corpus has set."""
        command = [
            str(programs("kubernetes") / "kube-controller-manager"),
            *(f"--{what}kubeconfig={self.kubeconfig}" for what in ("", "authentication-", "authorization-")),
            f"--secure-port={free_port()}",
            "--bind-address=127.0.0.1",
            "--leader-elect=false",
            "--controllers=namespace-controller,garbage-collector-controller",
        ]
        self._run("controller-manager", command)

    def _write_configuration(self) -> None:
        (self.directory / "audit.json").write_text(json.dumps(_POLICY))
        tokens = [("limited", "", "limited"), *((name, "gatherers", name) for name in USERS)]
        lines = (f"{_token(name)},{name},{uid},{group}" for name, group, uid in tokens)
        (self.directory / "tokens.csv").write_text("\n".join(lines) + "\n")
        admin = {"client-certificate": str(self._pki / "admin.crt"), "client-key": str(self._pki / "admin.key")}
        identities = {"admin": admin, **{name: {"token": _token(name)} for name in ("limited", "refused", *USERS)}}
        server = {"server": self.url, "certificate-authority": str(self._pki / "ca.crt")}
        kubeconfig = {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "testbed", "cluster": server}],
            "users": [{"name": name, "user": user} for name, user in identities.items()],
            "contexts": [{"name": name, "context": {"cluster": "testbed", "user": name}} for name in identities],
            "current-context": "admin",
        }
        descriptor = os.open(self.kubeconfig, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(kubeconfig, file)


def _token(name: str) -> str:
    return f"token-of-{name}"
