"""Read anew the words that this field's logs and configuration are written with, and write them as data.

python3 -m venv FOLDER && FOLDER/bin/pip install -r tools/secret_options.txt kubernetes_asyncio
FOLDER/bin/python tools/renew_words.py src/omg/masking/data/words.txt

Runs in an environment of its own that holds the services (tools/secret_options.txt names them); imports nothing of omg.
The words come from the names and the help of the services' options, as oslo.config's generator tells them, from the
names and descriptions of the Kubernetes API in kubernetes_asyncio, and from Python's own documentation.
"""

import argparse
import re
import subprocess
import sys
from importlib.metadata import distributions
from importlib.util import find_spec
from pathlib import Path
from pydoc_data.topics import topics

GROUP = "oslo.config.opts"
"""Entry points by which a package tells its options."""

LONGEST = 16
"""Letters of a word; what is longer is names grown together."""

_WORD = re.compile(r"[a-z]{3,}")
_HUMPS = re.compile(r"[A-Z]?[a-z]+")


def main() -> int:
    """Write the file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", type=Path)
    target: Path = parser.parse_args().target
    texts = [*_options(), *_kubernetes(), *topics.values()]
    found: set[str] = set()
    for text in texts:
        found.update(_WORD.findall(text.lower()))
        found.update(hump.lower() for hump in _HUMPS.findall(text) if len(hump) >= 3)
    words = sorted(word for word in found if len(word) <= LONGEST)
    target.write_text("\n".join(words) + "\n")
    sys.stderr.write(f"{len(words)} words\n")
    return 0


def _options() -> list[str]:
    """The sample configuration of each namespace of options, with its help."""
    names = sorted(
        entry.name
        for package in distributions()
        for entry in package.entry_points
        if entry.group == GROUP and ".tests." not in entry.name
    )
    generator = Path(sys.executable).with_name("oslo-config-generator")
    texts = []
    for name in names:
        command = [str(generator), "--namespace", name]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)  # noqa: S603
        texts.append(done.stdout)
    return texts


def _kubernetes() -> list[str]:
    """The models of the Kubernetes API, whose docstrings are its descriptions."""
    spec = find_spec("kubernetes_asyncio")
    if spec is None or spec.origin is None:
        raise SystemExit("kubernetes_asyncio is not installed here.")
    return [path.read_text() for path in (Path(spec.origin).parent / "client" / "models").glob("*.py")]


if __name__ == "__main__":
    sys.exit(main())
