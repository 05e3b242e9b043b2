"""docs/settings.md, made from the settings themselves: `python -m tests.docs_settings` writes it."""

from pathlib import Path

from omg.settings import NOT_FLAGS, Settings

PAGE = Path(__file__).parents[1] / "docs" / "settings.md"

HEAD = """# Settings

Each is an environment variable, and a flag of `omg gather`, `omg plan` and `omg rbac` (`--osp-ns` for `OSP_NS`); flags
go before variables. An empty value is not an unset one: empty switches something off, unset takes the default; where
there is nothing to switch off (BASE_COLLECTION_PATH, SUPPORT_TOOLS, OS_GIT_VERSION), empty is the default, too. A wrong
value stops the run before anything is touched; one sentence lists every wrong one.

A duration is one of Go (`90s`, `2h30m`), a size has a unit (`500MiB`, `2GB`), names are separated by commas, a switch
is 0 or 1; as a flag, a switch without a value is on (`--read-only`).

Some flags are there under the names of kubectl and `oc adm must-gather`, too: `-n` and `--namespace` (OSP_NS),
`--since` (MUST_GATHER_SINCE), `--since-time` (MUST_GATHER_SINCE_TIME), `--timeout` (DEADLINE), and `--dest-dir` for the
directory.

| variable | default | meaning |
|---|---|---|
"""

OWN_WORDS = {
    "disk_limit": "in a pod 60 % used, on a fuller disk halfway to 70 %; elsewhere 1 GiB or 5 % left",
    "archive": "none in a pod, gz elsewhere",
}
"""Defaults that depend on where omg runs."""


def page() -> str:
    """The whole page."""
    rows = (_row(name) for name in Settings.model_fields if name not in NOT_FLAGS)
    return HEAD + "".join(f"{row}\n" for row in rows)


def _row(name: str) -> str:
    field = Settings.model_fields[name]
    return f"| {name.upper()} | {OWN_WORDS.get(name) or _default(field.default)} | {field.description} |"


def _default(value: object) -> str:
    if value is None or value == ():
        return "unset"
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return f"{value:g}s"
    if isinstance(value, tuple):
        return f"`{','.join(value)}`"
    return f"`{value}`"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
