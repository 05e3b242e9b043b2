"""Read anew which options of OpenStack's services are secret, with oslo.config's generator, and write them as data.

python3 -m venv FOLDER && FOLDER/bin/pip install -r tools/secret_options.txt
FOLDER/bin/python tools/renew_secret_options.py src/omg/masking/data/openstack.json

Runs in an environment of its own that holds the services (tools/secret_options.txt names them); imports nothing of omg.
"""

import argparse
import json
import subprocess
import sys
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any

GROUP = "oslo.config.opts"
"""Entry points by which a package tells its options."""

SKIPPED = (".tests.",)
BESIDE = ("--namespace", "oslo.concurrency")


def main() -> int:
    """Write the file; 1 where a namespace could not be read."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", type=Path)
    target: Path = parser.parse_args().target
    found: dict[str, set[str]] = {}
    versions: dict[str, str] = {}
    unread: list[str] = []
    for package, namespace in _namespaces():
        options = _options(namespace)
        if options is None:
            unread.append(f"{package.name} {namespace}")
            continue
        versions[package.name] = package.version
        for name in _secret(options):
            found.setdefault(name, set()).add(package.name)
    data = {
        "source": "oslo-config-generator over these packages of PyPI, by tools/renew_secret_options.py",
        "packages": dict(sorted(versions.items())),
        "options": {name: sorted(packages) for name, packages in sorted(found.items())},
    }
    target.write_text(json.dumps(data, indent=1) + "\n")
    sys.stderr.write(f"{len(found)} names from {len(versions)} packages; not read: {unread or 'none'}\n")
    return 1 if unread else 0


def _namespaces() -> list[tuple[Distribution, str]]:
    named = {
        entry.name: package
        for package in distributions()
        for entry in package.entry_points
        if entry.group == GROUP and not any(part in entry.name for part in SKIPPED)
    }
    return [(package, name) for name, package in sorted(named.items())]


def _options(namespace: str) -> list[dict[str, Any]] | None:
    """Every option of a namespace as the generator tells it; None where it can't load the namespace."""
    generator = Path(sys.executable).with_name("oslo-config-generator")
    command = [str(generator), "--format", "json", "--namespace", namespace]
    for more in ((), BESIDE):  # some set the default of an option that another package declares
        done = subprocess.run([*command, *more], capture_output=True, text=True, check=False, timeout=300)  # noqa: S603
        if not done.returncode:
            groups = json.loads(done.stdout)["options"].values()
            return [option for group in groups for option in (*group["opts"], *_of_drivers(group))]
    sys.stderr.write(f"{namespace}: {done.stderr.strip().splitlines()[-1:]}\n")
    return None


def _of_drivers(group: dict[str, Any]) -> list[dict[str, Any]]:
    return [option for options in (group.get("driver_opts") or {}).values() for option in options]


def _secret(options: list[dict[str, Any]]) -> set[str]:
    """Names of what is secret, old names too."""
    names: set[str] = set()
    for option in options:
        if option.get("secret"):
            names.add(option["name"])
            names.update(old["name"] for old in option.get("deprecated_opts") or () if old.get("name"))
    return {name.replace("-", "_").lower() for name in names}


if __name__ == "__main__":
    sys.exit(main())
