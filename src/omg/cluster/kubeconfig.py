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
from kubernetes_asyncio.config.kube_config import ConfigNode, KubeConfigMerger

from omg.errors import ConfigError

NEAR, MOST_NAMES = 0.75, 12
"""How alike a context and a slip of it are, and how many contexts are named where none is."""


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
        """A value as text; empty when it is missing."""
        value = self.values.get(key)
        return "" if value is None else str(value)

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
        except OSError as error:
            raise ConfigError(f"The kubeconfig's {key} can't be read: {path}: {error.strerror}.") from error


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
        files = [Path(path).expanduser() for path in paths.split(os.pathsep) if path]
        contents = {str(path): _contents(path) for path in files if path.exists()}
        if not contents:
            raise ConfigError(f"The kubeconfig {paths} does not exist.")
        read = [path for path, content in contents.items() if content]
        self._merged = KubeConfigMerger(os.pathsep.join(read)).config if read else None
        # The merger takes the last file's; kubectl the first's.
        self._current = next((str(one) for path in read if (one := contents[path].get("current-context"))), None)

    @property
    def is_empty(self) -> bool:
        """Whether no context is defined."""
        return not list(self._names("contexts"))

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
        names = sorted(self._names("contexts"))
        near = get_close_matches(name, names, n=1, cutoff=NEAR)
        if near:
            return f": did you mean {near[0]}?"
        more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
        return f"; it has: {', '.join(names[:MOST_NAMES]) or 'none'}{more}."

    def _names(self, kind: str) -> Iterator[str]:
        for one in (self._merged.safe_get(kind) if self._merged else None) or ():
            yield str(one["name"])

    def _section(self, kind: str, name: str) -> Section | None:
        if self._merged is None:
            return None
        node = self._merged[kind].get_with_name(name, safe=True)
        if node is None:
            return None
        values = node.value.get(kind.removesuffix("s")) if isinstance(node.value, dict) else None
        if not isinstance(values, Mapping):
            raise ConfigError(f'The kubeconfig {self.paths} is malformed: "{name}" in its {kind} is empty.')
        return Section(name, Path(node.path or ".").absolute().parent, values)


def _contents(path: Path) -> dict[str, Any]:
    """One file, checked as far as the merger needs it.

    Raises:
        ConfigError: it can't be read, is not YAML, or is not a kubeconfig.
    """
    try:
        content = yaml.safe_load(path.read_bytes())
    except OSError as error:
        raise ConfigError(f"The kubeconfig {path} can't be read: {error.strerror}.") from error
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        where = "" if line is None else f" (line {line + 1})"
        raise ConfigError(f"The kubeconfig {path} is malformed: it is not YAML{where}.") from error
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise ConfigError(f"The kubeconfig {path} is malformed: it is not a kubeconfig.")
    for kind in ("clusters", "users", "contexts"):
        found = content.get(kind) or []
        if not isinstance(found, list) or not all(isinstance(one, dict) and one.get("name") for one in found):
            raise ConfigError(f"The kubeconfig {path} is malformed: its {kind} are not a list of things with names.")
    return content


def exec_node(user: Section) -> ConfigNode:
    """The exec part of a user as kubernetes_asyncio takes it."""
    return ConfigNode("exec", user.values["exec"])
