"""The kubeconfig files as kubectl reads them: merged, then one context of them chosen.

https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/
"""

import base64
import binascii
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml
from kubernetes_asyncio.config.kube_config import ConfigNode

from omg.errors import ConfigError

KINDS = ("clusters", "users", "contexts")

NEAR, MOST_NAMES = 0.75, 12
"""How alike a context and a slip of it are, and how many contexts are named where none is."""


class _Loader(yaml.SafeLoader):
    """Leaves numbers and dates as the text that stands there: a password may look like one."""


_Loader.yaml_implicit_resolvers = {
    first: [one for one in resolvers if one[0] in {"tag:yaml.org,2002:null", "tag:yaml.org,2002:bool"}]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@dataclass(frozen=True, slots=True)
class Section:
    """A cluster or a user of a kubeconfig, with the file that it stands in. Its repr shows no values.

    Args:
        folder: what its relative paths start from.
    """

    name: str
    folder: Path
    values: Mapping[str, Any] = field(repr=False)

    def text(self, key: str) -> str:
        """A value as text; empty when it is missing.

        Raises:
            ConfigError: it is no text; as with all values, the sentence never quotes it.
        """
        value = self.values.get(key)
        if value is not None and not isinstance(value, str):
            raise self.malformed(key, "a text")
        return value or ""

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; empty when it is missing.

        Raises:
            ConfigError: it is something else.
        """
        return self._texts(key, self.values.get(key))

    def lists(self, key: str) -> dict[str, tuple[str, ...]]:
        """Lists of texts by their names; none when it is missing.

        Raises:
            ConfigError: it is something else.
        """
        return {str(name): self._texts(key, value) for name, value in self.mapping(key).items()}

    def mapping(self, key: str) -> Mapping[str, Any]:
        """Values by their names; none when it is missing.

        Raises:
            ConfigError: it is something else.
        """
        value = self.values.get(key)
        if value is not None and not isinstance(value, Mapping):
            raise self.malformed(key, "values by their names")
        return value or {}

    def path(self, key: str) -> Path | None:
        """A path, absolute; None when it is missing."""
        text = self.text(key)
        return self.folder / text if text else None

    def material(self, key: str) -> bytes | None:
        """Certificate or key: from `key-data` (base64), or else from the file named by `key`; None without both.

        Raises:
            ConfigError: it can't be read or decoded; the sentence never quotes it.
        """
        inline = self.text(f"{key}-data")
        if inline:
            try:
                return base64.b64decode("".join(inline.split()), validate=True)
            except (binascii.Error, ValueError):
                raise ConfigError(f'The kubeconfig\'s {key}-data of "{self.name}" is not base64.') from None
        path = self.path(key)
        if path is None:
            return None
        try:
            return path.read_bytes()
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "it is not a path"
            raise ConfigError(f"The kubeconfig's {key} can't be read: {path}: {reason}.") from error

    def malformed(self, key: str, expected: str) -> ConfigError:
        """The sentence about a value that can't be what it is."""
        return ConfigError(f'The kubeconfig is malformed: {key} of "{self.name}" should be {expected}.')

    def _texts(self, key: str, value: Any) -> tuple[str, ...]:
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self.malformed(key, "a list of texts")
        return tuple(value)


@dataclass(frozen=True, slots=True)
class Chosen:
    """One context's cluster and user."""

    context: str
    cluster: Section
    user: Section


class Kubeconfig:
    """Merged kubeconfig files; the first file that sets something wins.

    Args:
        paths: separated as in PATH; those that don't exist are passed over, as kubectl does.

    Raises:
        ConfigError: none of them exists, or one can't be read.
    """

    def __init__(self, paths: str) -> None:
        self.paths = paths
        # Each is read once: it may be a pipe.
        read = {path: content for path in _files(paths) if (content := _contents(path)) is not None}
        if not read:
            raise ConfigError(f"The kubeconfig {paths} does not exist.")
        currents = (str(one) for content in read.values() if (one := content.get("current-context")))
        self._current = next(currents, None)
        self._sections: dict[str, dict[str, tuple[Path, Any]]] = {kind: {} for kind in KINDS}
        for path, content in read.items():
            for kind, known in self._sections.items():
                for one in content.get(kind) or ():
                    known.setdefault(str(one["name"]), (path, one.get(kind.removesuffix("s"))))

    @property
    def is_empty(self) -> bool:
        """Whether no context is defined."""
        return not self._sections["contexts"]

    def choose(self, context: str | None) -> Chosen:
        """The cluster and user of a context; of the current one when None.

        Raises:
            ConfigError: there is no such thing.
        """
        name = context or self._current
        if not name:
            raise ConfigError(f"The kubeconfig {self.paths} has no current context; name one.")
        found = self._section("contexts", name)
        if found is None:
            raise ConfigError(f'The kubeconfig {self.paths} has no context "{name}"{self._instead(name)}')
        cluster = self._section("clusters", found.text("cluster"))
        if cluster is None:
            raise ConfigError(f'The kubeconfig {self.paths} has no cluster "{found.text("cluster")}" for "{name}".')
        user = self._section("users", found.text("user"))
        if user is None and found.text("user"):
            raise ConfigError(f'The kubeconfig {self.paths} has no user "{found.text("user")}" for "{name}".')
        return Chosen(name, cluster, user or Section("", cluster.folder, {}))

    def _instead(self, name: str) -> str:
        """What the person may have meant, else what there is."""
        names = sorted(self._sections["contexts"])
        near = get_close_matches(name, names, n=1, cutoff=NEAR)
        if near:
            return f": did you mean {near[0]}?"
        more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
        return f"; it has: {', '.join(names[:MOST_NAMES]) or 'none'}{more}."

    def _section(self, kind: str, name: str) -> Section | None:
        if name not in self._sections[kind]:
            return None
        path, values = self._sections[kind][name]
        if values is not None and not isinstance(values, Mapping):
            raise ConfigError(f'The kubeconfig {self.paths} is malformed: "{name}" in its {kind} has no values.')
        return Section(name, path.absolute().parent, values or {})


def _files(paths: str) -> Iterator[Path]:
    for one in paths.split(os.pathsep):
        if one:
            try:
                yield Path(one).expanduser()
            except RuntimeError as error:  # ~somebody without a home
                raise ConfigError(f"The kubeconfig {one} can't be read: there is no such home directory.") from error


def _contents(path: Path) -> dict[str, Any] | None:
    """One file, checked as far as the merging needs it; None where there is none.

    Raises:
        ConfigError: it can't be read, is not YAML, or is not a kubeconfig.
    """
    try:
        content = yaml.load(path.read_bytes(), _Loader)  # noqa: S506 - a SafeLoader
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ConfigError(f"The kubeconfig {path} can't be read: {error.strerror}.") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        where = "" if line is None else f" (line {line + 1})"
        raise ConfigError(f"The kubeconfig {path} is malformed: it is not YAML{where}.") from error
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise ConfigError(f"The kubeconfig {path} is malformed: it is not a kubeconfig.")
    for kind in KINDS:
        found = content.get(kind) or []
        if not isinstance(found, list) or not all(isinstance(one, dict) and one.get("name") for one in found):
            raise ConfigError(f"The kubeconfig {path} is malformed: its {kind} are not a list of things with names.")
    return content


def exec_node(user: Section) -> ConfigNode:
    """The exec part of a user as kubernetes_asyncio takes it."""
    return ConfigNode("exec", user.mapping("exec"))
