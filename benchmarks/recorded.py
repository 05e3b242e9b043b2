"""omg, with a note of how it asks: the API server's audit log has no headers, and they decide what is answered.

    python -m benchmarks.recorded FILE gather [ARGUMENT]...

FILE gets a line of JSON for each request: its path and query, and the headers that say what is wanted.
"""

import json
import sys
from pathlib import Path
from typing import Any

import aiohttp
from yarl import URL

from omg.__main__ import main

WANTED = ("Accept", "Accept-Encoding")


def record(to: Path) -> None:
    """Note each request that is made through aiohttp from now on."""
    request = aiohttp.ClientSession.request

    def noted(self: aiohttp.ClientSession, method: str, url: URL, **options: Any) -> Any:
        headers = {name: options["headers"][name] for name in WANTED if name in options["headers"]}
        with to.open("a") as file:
            file.write(json.dumps({"uri": url.raw_path_qs, "headers": headers}) + "\n")
        return request(self, method, url, **options)

    aiohttp.ClientSession.request = noted  # type: ignore[method-assign, assignment]


if __name__ == "__main__":
    record(Path(sys.argv.pop(1)))
    main()
