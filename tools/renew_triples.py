"""Count anew which three letters follow one another in words, and write them as data for the audit.

.venv/bin/python tools/renew_triples.py src/omg/audit/data/triples.txt

The words are those of the sources of Python's standard library and of kubernetes_asyncio, whose descriptions of fields
are the Kubernetes API's. A line of the file is two letters and those that follow them; `^` is a word's begin, `$` its
end.
"""

import argparse
import re
import sys
import sysconfig
from collections import Counter, defaultdict
from importlib.util import find_spec
from pathlib import Path

_WORD = re.compile(r"[A-Z]?[a-z]{3,15}")
FILES = 3
"""Files that a word stands in at least: what stands in fewer may be a name, or drawn."""

WORDS = 2
"""Words that three letters stand in at least."""


def main() -> int:
    """Write the file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", type=Path)
    target: Path = parser.parse_args().target
    files = Counter[str]()
    for path in _sources():
        files.update({word.lower() for word in _WORD.findall(path.read_text(errors="replace"))})
    words = [word for word, count in files.items() if count >= FILES]
    triples = Counter(f"^{word}$"[at : at + 3] for word in words for at in range(len(word)))
    after: defaultdict[str, list[str]] = defaultdict(list)
    for triple in sorted(triple for triple, count in triples.items() if count >= WORDS):
        after[triple[:2]].append(triple[2])
    target.write_text("".join(f"{two} {''.join(ends)}\n" for two, ends in sorted(after.items())))
    sys.stderr.write(f"{len(words)} words, {sum(map(len, after.values()))} triples\n")
    return 0


def _sources() -> list[Path]:
    library = Path(sysconfig.get_path("stdlib"))
    found = [path for path in library.rglob("*.py") if not {"test", "tests", "site-packages"} & set(path.parts)]
    package = find_spec("kubernetes_asyncio")
    if package and package.origin:
        found += Path(package.origin).parent.rglob("*.py")
    return found


if __name__ == "__main__":
    sys.exit(main())
