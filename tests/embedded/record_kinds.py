"""Records what a real kube-apiserver (1.36) serves: its kinds and the columns of its Tables. Run by hand.

    python tests/embedded/record_kinds.py https://127.0.0.1:PORT CERT KEY

It writes ``kinds.json`` and ``columns.json`` (of the kinds whose cells are computed) into src/omg/embedded/data. The
server should hold no CRD: every kind it serves is taken for a built-in one.
"""

import json
import ssl
import sys
import urllib.request
from pathlib import Path
from typing import Any

from omg.embedded.tables import CELLS

DATA = Path(__file__).parents[2] / "src/omg/embedded/data"
DISCOVERY = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io"


def main(server: str, cert: str, key: str) -> None:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.load_cert_chain(cert, key)

    def ask(path: str, accept: str = "application/json") -> Any:
        request = urllib.request.Request(server + path, headers={"Accept": accept})
        with urllib.request.urlopen(request, context=context, timeout=30) as answer:
            return json.load(answer)

    groups = [group for root in ("/api", "/apis") for group in ask(root, DISCOVERY)["items"]]
    kinds: list[Any] = []
    columns: dict[str, Any] = {}
    for group in groups:
        name = group["metadata"].get("name", "")
        for version in group["versions"]:
            root = f"/apis/{name}/{version['version']}" if name else "/api/v1"
            hashes = {one["name"]: one.get("storageVersionHash", "") for one in ask(root)["resources"]}
            for resource in version["resources"]:
                kinds.append([name, version["version"], compact(resource, hashes[resource["resource"]])])
                if (name, resource["resource"]) in CELLS:
                    table = ask(f"{root}/{resource['resource']}", TABLE)
                    columns[f"{root}/{resource['resource']}"] = table["columnDefinitions"]
    DATA.mkdir(exist_ok=True)
    DATA.joinpath("kinds.json").write_text("[\n" + ",\n".join(map(dumped, kinds)) + "\n]\n")
    lines = (f"{json.dumps(path)}: {dumped(shared)}" for path, shared in columns.items())
    DATA.joinpath("columns.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")


def compact(resource: dict[str, Any], storage_hash: str) -> dict[str, Any]:
    """One resource of an aggregated discovery document without what can be told from the rest."""
    kept = {
        "resource": resource["resource"],
        "kind": resource["responseKind"]["kind"],
        "singular": resource["singularResource"],
        "namespaced": resource["scope"] == "Namespaced",
        "verbs": " ".join(resource["verbs"]),
        "short": resource.get("shortNames", []),
        "categories": resource.get("categories", []),
        "hash": storage_hash,
        "sub": [
            [
                one["subresource"],
                one["responseKind"]["group"],
                one["responseKind"]["version"],
                one["responseKind"]["kind"],
                " ".join(one["verbs"]),
            ]
            for one in resource.get("subresources", [])
        ],
    }
    return {key: value for key, value in kept.items() if value not in ([], "")}


def dumped(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
