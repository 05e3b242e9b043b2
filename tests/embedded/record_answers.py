"""Records a real kube-apiserver's (1.36) answers over the objects of sample.py. Run by hand.

    PYTHONPATH=. python tests/embedded/record_answers.py https://127.0.0.1:PORT CERT KEY ETCD_PORT

The server must be empty and alone: no controller manager, no kubelet, and without its feature ListFromCacheSnapshot,
which hides compactions. It writes recorded_answers.json beside itself: the objects as the server keeps them, and for
every question its status, type, time and body. Tokens of continued lists are replayed by their place: ``follow: n`` is
the page after n others.
"""

import json
import ssl
import sys
import urllib.error
import urllib.request
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.embedded.sample import objects

TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"
PARTIAL = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io"
ONE_PARTIAL = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io"
JSON = "application/json"
DISCOVERY = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
NS = "/api/v1/namespaces/openstack"
GALERA = "/apis/mariadb.openstack.org/v1beta1"

TABLES = [
    *("/api/v1/" + one for one in ("nodes", "namespaces", "replicationcontrollers")),
    *(
        f"{NS}/{one}"
        for one in ("pods", "services", "events", "persistentvolumeclaims", "configmaps", "secrets", "serviceaccounts")
    ),
    *("/apis/apps/v1/" + one for one in ("deployments", "replicasets", "daemonsets", "statefulsets")),
    *("/apis/batch/v1/" + one for one in ("jobs", "cronjobs")),
    "/apis/events.k8s.io/v1/namespaces/openstack/events",
    "/apis/policy/v1/poddisruptionbudgets",
    "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
    f"{GALERA}/galeras",
    "/apis/nmstate.io/v1beta1/nodenetworkstates",
]
SELECTED = [
    f"/api/v1/{resource}?{kind}Selector={quote(text)}"
    for resource, kind, texts in (
        (
            "configmaps",
            "label",
            (
                "service=nova",
                "service==nova,tier",
                "service!=nova",
                "!service",
                "service in (nova, glance)",
                "service notin (nova)",
                "service notin (nova),service",
                "tier",
                "service=",
                "a b c",
                "service in nova",
                "service>3",
                "=x",
                "x=%",
                "a/b/c=1",
            ),
        ),
        (
            "configmaps",
            "field",
            (
                "metadata.name=nova",
                "metadata.name!=nova-config,metadata.namespace=openstack",
                "metadata.namespace==openstack-operators",
                "data.a=1",
                "nonsense",
            ),
        ),
        (
            "pods",
            "field",
            (
                "status.phase=Failed",
                "spec.nodeName=",
                "spec.nodeName=worker-0,status.phase!=Running",
                "spec.restartPolicy=Always",
                "status.podIP=10.0.0.7",
                "spec.image=x",
            ),
        ),
        ("secrets", "field", ("type=Opaque", "type!=Opaque", "data=x")),
        (
            "events",
            "field",
            (
                "involvedObject.name=nova-api-1,type=Warning",
                "reason=Odd",
                "involvedObject.kind!=Pod",
                "source=kubelet",
                "message=x",
            ),
        ),
        ("nodes", "field", ("spec.unschedulable=true", "metadata.name=master-0", "status.phase=x")),
    )
    for text in texts
] + [
    f"{GALERA}/galeras?fieldSelector=metadata.name%3Dcell1",
    f"{GALERA}/galeras?fieldSelector=spec.replicas%3D3",
    "/api/v1/configmaps?limit=1&labelSelector=service",
    "/api/v1/configmaps?limit=-1",
    "/api/v1/configmaps?limit=x",
    "/api/v1/configmaps?limit=0",
    "/apis/batch/v1/jobs?fieldSelector=status.successful%3D1",
    "/apis/apps/v1/replicasets?fieldSelector=status.replicas%3D3",
    "/api/v1/namespaces?fieldSelector=status.phase%3DActive",
]
SINGLE = [
    f"{NS}/pods/nova-api-0",
    f"{NS}/secrets/osp-secret",
    f"{NS}/configmaps/nova-config",
    "/api/v1/nodes/master-0",
    "/api/v1/namespaces/openstack",
    f"{GALERA}/namespaces/openstack/galeras/openstack",
    "/apis/mariadb.openstack.org/v1alpha1/namespaces/openstack/galeras/openstack",
    f"{NS}/pods/absent",
    "/api/v1/namespaces/absent/pods/absent",
    "/api/v1/nodes/absent",
    f"{GALERA}/namespaces/openstack/galeras/absent",
    "/apis/apps/v1/namespaces/openstack/deployments/absent",
    "/api/v1/namespaces/absent/pods",
    "/api/v1/namespaces/absent",
    "/api/v1/absents",
    f"{NS}/absents",
    "/apis/absent.io/v1/things",
    "/apis/absent.io",
    "/apis/apps/v9",
    "/apis/apps/v9/deployments",
    "/absent",
    "/api/v1/pods/nova-api-0",
    f"{NS}/nodes",
    f"{NS}/nodes/master-0",
    "/apis/apps/v1/absents",
    f"{GALERA}/absents",
    f"{NS}/pods/nova-api-0/absent",
    f"{NS}/pods/nova-api-0/status",
    f"{GALERA}/namespaces/openstack/galeras/openstack/status",
    "/apis/authentication.k8s.io/v1/tokenreviews",
    f"{NS}/pods/absent/log",
    f"{NS}/pods/nova-api-0/log",
    f"{NS}/pods/nova-api-0/log?container=absent",
    f"{NS}/pods/init-running-0/log?container=absent",
    f"{NS}/pods/sidecar-0/log",
    f"{NS}/pods/glance-pending-0/log",
    f"{NS}/pods/glance-pending-0/log?tailLines=x",
    f"{NS}/pods/glance-pending-0/log?tailLines=-1",
    f"{NS}/pods/glance-pending-0/log?sinceSeconds=0",
    f"{NS}/pods/glance-pending-0/log?limitBytes=0",
    f"{NS}/pods/glance-pending-0/log?sinceTime=x",
    f"{NS}/pods/glance-pending-0/log?sinceTime=2026-01-01T00:00:00Z&sinceSeconds=1",
    f"{NS}/pods/glance-pending-0/log?previous=x",
    f"{NS}/pods/absent/exec?command=ls",
    f"{NS}/pods/nova-api-0/exec?command=ls",
    f"{NS}/pods/nova-api-0/exec?command=ls&container=absent",
    f"{NS}/pods/nova-api-0/exec?container=api&stdout=true",
    f"{NS}/pods/nova-api-0/exec?container=api&command=ls&stdout=true",
    f"{NS}/pods/nova-api-0/exec?container=api&command=ls",
    f"{NS}/pods/glance-pending-0/exec?command=ls&stdout=true",
]
DENIED = [
    "/api/v1/pods",
    f"{NS}/pods",
    f"{NS}/pods/nova-api-0",
    f"{NS}/pods/nova-api-0/log",
    f"{NS}/pods/nova-api-0/exec?command=ls",
    "/api/v1/nodes/master-0",
    f"{GALERA}/galeras",
    "/apis/apps/v1/namespaces/openstack/deployments",
    "/api/v1/namespaces/openstack",
    "/absent",
    "/apis/absent.io/v1/things",
    "/api/v1/pods?watch=true",
    "/api",
    "/version",
    "/healthz",
    "/apis/apps/v1",
]
FIRST_PAGES = [
    "/api/v1/configmaps?limit=2",
    f"{NS}/configmaps?limit=1",
    f"{GALERA}/galeras?limit=1",
    "/api/v1/pods?limit=9&fieldSelector=spec.nodeName%3Dworker-0",
]


def main(server: str, cert: str, key: str, etcd: str) -> None:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    bare = ssl.create_default_context()
    bare.check_hostname = False
    bare.verify_mode = ssl.CERT_NONE
    context.load_cert_chain(cert, key)

    def send(
        path: str, accept: str = JSON, *, method: str = "GET", body: Any = None, token: str | None = None
    ) -> dict[str, Any]:
        headers = {"Accept": accept, "Content-Type": JSON, "User-Agent": "recorder"}
        headers |= {"Authorization": f"Bearer {token}"} if token else {}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(server + path, data=data, method=method, headers=headers)
        try:
            answer = urllib.request.urlopen(request, context=bare if token is not None else context, timeout=30)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            text = answer.read().decode()
            kind = answer.headers["Content-Type"] or ""
            told = parsedate_to_datetime(answer.headers["Date"]).strftime("%Y-%m-%dT%H:%M:%SZ")
            return {
                "path": path,
                "accept": accept,
                "status": answer.status,
                "type": kind,
                "now": told,
                "body": clean(json.loads(text)) if "json" in kind else text,
            }

    def load(one: dict[str, Any]) -> None:
        place = collection(one)
        for _ in range(100):  # a new CRD is served a moment later
            if send(place, method="POST", body={**one, "status": None})["status"] != 404:
                break
        if "status" in one:
            found = send(f"{place}/{one['metadata']['name']}")
            send(
                f"{place}/{one['metadata']['name']}/status",
                method="PUT",
                body=found["body"] | {"status": one["status"]},
            )

    for one in objects():
        load(one)
    send(f"{NS}/pods/deleted-0", method="DELETE")

    answers = [send(path, accept) for path in TABLES for accept in (TABLE,)]
    answers += [send(f"{NS}/configmaps?includeObject={how}", TABLE) for how in ("None", "Metadata", "Object", "Odd")]
    answers += [
        send(path, TABLE)
        for path in (
            f"{NS}/configmaps/nova",
            f"{GALERA}/namespaces/openstack/galeras/openstack?includeObject=Object",
            f"{NS}/configmaps?limit=1",
            f"{NS}/configmaps/absent",
        )
    ]
    answers += [send(path, PARTIAL) for path in (f"{NS}/configmaps", f"{GALERA}/galeras", f"{NS}/configmaps/nova")]
    answers += [
        send(path, ONE_PARTIAL)
        for path in (f"{NS}/configmaps", f"{NS}/configmaps/nova", f"{GALERA}/namespaces/openstack/galeras/openstack")
    ]
    answers += [
        send(f"{NS}/configmaps", accept)
        for accept in (
            "text/html",
            "*/*",
            "application/*",
            "application/json;as=Odd;v=v1;g=meta.k8s.io",
            "application/json;as=Table;v=v1beta1;g=meta.k8s.io",
            "application/json;as=Table;v=v9;g=meta.k8s.io,application/json;q=0.5",
            "text/html, application/json;q=0.3",
        )
    ]
    answers += [
        send(path)
        for path in (
            f"{NS}/configmaps",
            "/api/v1/secrets",
            f"{GALERA}/galeras",
            "/api/v1/nodes",
            "/apis/events.k8s.io/v1/namespaces/openstack/events",
            "/apis/events.k8s.io/v1/namespaces/openstack/events/nova-api-1.19",
            "/apis/apps/v1/deployments",
        )
    ]
    answers += [send(path) for path in (*SELECTED, *SINGLE)]
    answers += [send("/version"), send("/healthz"), send("/readyz"), send("/livez")]
    answers += [send(path, DISCOVERY) for path in ("/api", "/apis")]
    answers += [
        send(path)
        for path in (
            "/api",
            "/apis",
            "/api/v1",
            "/apis/apps",
            "/apis/apps/v1",
            "/apis/mariadb.openstack.org",
            GALERA,
            "/apis/mariadb.openstack.org/v1alpha1",
            "/apis/nmstate.io/v1beta1",
            "/apis/events.k8s.io/v1",
        )
    ]
    answers += [send(path, token=token) | {"token": token} for path in DENIED for token in ("limitedtoken",)]
    answers += [
        send(path, token=token) | {"token": token}
        for path in ("/api/v1/pods", "/version", "/absent")
        for token in ("", "wrong")
    ]
    for first in FIRST_PAGES:
        page = send(first)
        answers.append(page | {"follow": 0})
        for follow in range(1, 20):
            token = raw_token(page)
            if not token:
                break
            page = send(f"{first}&continue={quote(token)}")
            answers.append(page | {"path": first, "follow": follow})
    answers += [send("/api/v1/configmaps?limit=1&continue=" + token) for token in ("nonsense", "e30")]
    kept = [
        one
        for place in dict.fromkeys(collection(one, everywhere=True) for one in objects())
        for one in whole(send(place)["body"])
    ]
    # A compaction in the middle: the token of the first page is too old, and the server offers another.
    page = send("/api/v1/configmaps?limit=2")
    for number in range(3):
        send(
            f"{NS}/configmaps/nova",
            method="PUT",
            body=send(f"{NS}/configmaps/nova")["body"] | {"data": {"a": str(number)}},
        )
    revision = json.loads(
        urllib.request.urlopen(f"http://127.0.0.1:{etcd}/v3/kv/range", data=b'{"key":"AA=="}', timeout=10).read()
    )["header"]["revision"]
    urllib.request.urlopen(
        f"http://127.0.0.1:{etcd}/v3/kv/compaction", data=json.dumps({"revision": revision}).encode(), timeout=10
    ).read()
    expired = send(f"/api/v1/configmaps?limit=2&continue={quote(raw_token(page))}")
    answers.append(expired | {"expired": 1})
    answers.append(send(f"/api/v1/configmaps?limit=2&continue={quote(raw_token(expired))}") | {"expired": 2})

    Path(__file__).with_name("recorded_answers.json").write_text(
        '{"objects": [\n'
        + ",\n".join(map(dumped, kept))
        + '\n], "answers": [\n'
        + ",\n".join(map(dumped, answers))
        + "\n]}\n"
    )


def raw_token(page: dict[str, Any]) -> str:
    return str(page["body"].get("metadata", {}).get("continue", ""))


def clean(value: Any) -> Any:
    """The value without what only a server that stores through field managers has."""
    if isinstance(value, dict):
        return {key: clean(one) for key, one in value.items() if key != "managedFields"}
    return [clean(one) for one in value] if isinstance(value, list) else value


def whole(listed: dict[str, Any]) -> list[dict[str, Any]]:
    head = {"apiVersion": listed["apiVersion"], "kind": listed["kind"].removesuffix("List")}
    return [head | one for one in listed["items"]]


def collection(one: dict[str, Any], *, everywhere: bool = False) -> str:
    root = "/api/v1" if one["apiVersion"] == "v1" else "/apis/" + one["apiVersion"]
    namespace = None if everywhere else one["metadata"].get("namespace")
    return root + (f"/namespaces/{namespace}" if namespace else "") + f"/{one['kind'].lower()}s"


def dumped(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
