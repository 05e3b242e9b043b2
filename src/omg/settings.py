"""The environment and the flags as one frozen, validated value; the only place that reads the environment.

An empty value is not an unset one: empty switches something off, unset takes the default; where there is nothing to
switch off (an image, a path), empty is the default, too. The names, defaults and meanings are those that
openstack-must-gather's users know, and omg's own.
"""

import os
import re
from datetime import UTC, datetime
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from socket import gethostname
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, ByteSize, Field, PositiveInt, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from omg.errors import ConfigError

_DURATION = re.compile(r"(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|\u00b5s|\u03bcs|ms|s|m|h)")
_UNITS = {"ns": 1e-9, "us": 1e-6, "\u00b5s": 1e-6, "\u03bcs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
"""Of time.ParseDuration, which reads the micro sign and the Greek letter."""

LONGEST = 100 * 365 * 86400.0
"""Seconds of a duration that is meant; longer ones overflow clocks."""


def seconds_of(duration: str) -> float:
    """A Go duration (`2h30m`, `1.5s`) in seconds.

    Raises:
        ValueError: it isn't one. The grammar is that of Go's time.ParseDuration without a sign.
    """
    parts = _DURATION.findall(duration)
    if duration == "0":
        return 0.0
    if not parts or "".join(parts) != duration:
        raise ValueError("expected a duration such as 90s, 5m or 2h30m")
    units = [re.sub(r"[\d.]", "", part) for part in parts]
    return sum(float(part.removesuffix(unit)) * _UNITS[unit] for part, unit in zip(parts, units, strict=True))


def _duration(value: Any) -> Any:
    if value == "":
        return None
    if not isinstance(value, str):
        return value
    seconds = seconds_of(value)
    if not 0 < seconds < LONGEST:
        raise ValueError("expected a duration longer than zero and shorter than a century, such as 90s")
    return seconds


def _limit(value: Any) -> Any:
    if value == "":
        raise ValueError("expected a duration longer than zero, such as 90s")
    return _duration(value)


def _names(value: Any) -> Any:
    if isinstance(value, str):
        return tuple(dict.fromkeys(name for part in value.split(",") if (name := part.strip())))
    return value


def _switch(value: Any) -> Any:
    return False if value == "" else value


def _nothing(value: Any) -> Any:
    return None if value == "" else value


def _or(default: str) -> BeforeValidator:
    """An empty value is the default: nothing is switched off by it."""
    return BeforeValidator(lambda value: default if value == "" else value)


def _size(value: Any) -> Any:
    return None if value == "" or value is None else value


def _room(size: ByteSize | None) -> ByteSize | None:
    if size is not None and size <= 0:
        raise ValueError("expected a size such as 500MiB; an empty value means no limit")
    return size


def _time(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if value == "":
        return None
    try:
        time = datetime.fromisoformat(value)
    except ValueError:
        time = None
    if time is None or time.tzinfo is None or "T" not in value.upper():
        raise ValueError("expected an RFC 3339 time such as 2026-01-31T08:00:00Z")
    try:
        return time.astimezone(UTC)
    except OverflowError:  # of the year 1, ahead of UTC
        return time.replace(tzinfo=UTC)


def _archive(value: Any) -> Any:
    return (value.strip().lower() or ArchiveFormat.NONE) if isinstance(value, str) else value


def _disk_limit(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    text = value.strip()
    if text == "":
        return "off"
    if (percent := re.fullmatch(r"(\d{1,3})\s*%", text)) and 1 <= int(percent[1]) <= 100:
        return f"{int(percent[1])}%"
    if re.fullmatch(r"\d+(\.\d+)?\s*([kMGTP]i?)?B?", text, re.IGNORECASE):
        return text
    raise ValueError("expected a share that may be used, such as 60%, or a size to leave free, such as 1GiB")


Seconds = Annotated[float, BeforeValidator(_limit)]
OptionalSeconds = Annotated[float | None, BeforeValidator(_duration)]
Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_names)]
OptionalNames = Annotated[tuple[str, ...] | None, NoDecode, BeforeValidator(_names)]
Switch = Annotated[bool, BeforeValidator(_switch)]
OptionalCount = Annotated[PositiveInt | None, BeforeValidator(_nothing)]
OptionalSize = Annotated[ByteSize | None, BeforeValidator(_size), AfterValidator(_room)]
OptionalTime = Annotated[datetime | None, BeforeValidator(_time)]
OptionalText = Annotated[str | None, BeforeValidator(_nothing)]
DiskLimitText = Annotated[str | None, BeforeValidator(_disk_limit)]


class ArchiveFormat(StrEnum):
    """How the tree is packed at the end."""

    GZ = "gz"
    XZ = "xz"
    ZST = "zst"
    NONE = "none"


_VOLUME = "/must-gather"
_TOOLS = "registry.redhat.io/rhel9/support-tools"
_UNKNOWN = "0.0.0-unknown"
_SOS_PLUGINS = (
    "block,cifs,crio,devicemapper,devices,firewall_tables,firewalld,iscsi,lvm2,memory,multipath,nfs,nis,nvme,podman,"
    "process,processor,selinux,scsi,udev,logs,crypto"
)


class Settings(BaseSettings):
    """What a run does; each field is an environment variable of that name in capitals, and a flag."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=False, validate_default=True)

    concurrency: PositiveInt = Field(5, description="How many items are collected at a time.")
    base_collection_path: Annotated[Path, _or(_VOLUME)] = Field(
        Path(_VOLUME),
        description="Output directory; where it doesn't exist, a fresh temporary directory is used and named.",
    )
    kubeconfig: OptionalText = Field(None, description="The kubeconfig files, as kubectl takes them.")
    osp_ns: str = Field("openstack", min_length=1, description="Namespace of the control plane.")
    osp_operators_ns: str = Field("openstack-operators", min_length=1, description="Namespace of its operators.")
    metallb_namespace: str = Field("metallb-system", description="Namespace of MetalLB.")
    oadp_ns: str = Field("openshift-adp", description="Namespace of OADP, which makes backups.")
    additional_namespaces: Names = Field((), description="Keys; every namespace whose name contains one is added.")
    sos_services: OptionalNames = Field(
        None, description="Services whose nodes get a SOS report; unset: all, empty: none."
    )
    sos_only_plugins: Names = Field(
        tuple(_SOS_PLUGINS.split(",")), description="Plugins of sos on cluster nodes; empty: all."
    )
    sos_edpm: OptionalNames = Field(None, description="EDPM nodes that get a SOS report, or all; unset: none.")
    sos_edpm_profiles: Names = Field(
        ("container", "openstack_edpm", "system", "storage", "virt"),
        description="Profiles of sos on EDPM nodes; empty: all.",
    )
    sos_edpm_plugins: Names = Field((), description="Plugins of sos on EDPM nodes.")
    sos_edpm_journal_size: OptionalCount = Field(None, description="MiB of journal at most in an EDPM node's report.")
    sos_decompress: Switch = Field(False, description="Unpack the SOS reports into the tree.")
    support_tools: Annotated[str, _or(_TOOLS)] = Field(
        _TOOLS, description="Image of the node debug pod and of toolbox."
    )
    run_namespace: OptionalText = Field(
        None, description="Namespace for node debug pods, such as the one that omg runs in; unset: a temporary one."
    )
    pod_name: OptionalText = Field(None, description="The pod that omg runs in.")
    openstack_databases: Names = Field((), description="Databases to dump, or ALL; unset or empty: none.")
    filter_db_cells: Switch = Field(False, description="Leave the cells' databases out.")
    do_not_mask: Switch = Field(False, description="CI only: write everything as it is, secrets included.")
    omc: Switch = Field(False, description="The layout of oc adm inspect; not available yet.")
    compressed_path: OptionalText = Field(None, description="Where the archive goes; unset: the output directory.")
    delete_after_compression: Switch = Field(False, description="Leave only the archive.")
    must_gather_since: OptionalSeconds = Field(None, description="Only logs newer than this duration.")
    must_gather_since_time: OptionalTime = Field(None, description="Only logs newer than this RFC 3339 time.")
    deadline: OptionalSeconds = Field(None, description="Collection ends after this duration, with what there is.")
    item_timeout: Seconds = Field(60.0, description="Limit of one request.")
    stall_timeout: Seconds = Field(30.0, description="Limit of a stream without a byte.")
    max_bytes: OptionalSize = Field(None, description="Limit of the whole tree.")
    log_max_bytes: OptionalSize = Field(None, description="Limit of one log; its newest lines are kept.")
    disk_limit: DiskLimitText = Field(
        None, description="Stop at this share used (60%), or with this much left (1GiB); empty: no limit."
    )
    sos_concurrency: PositiveInt = Field(4, description="Nodes that make a SOS report at a time.")
    archive: Annotated[ArchiveFormat | None, BeforeValidator(_archive)] = Field(
        None, description="Format of the archive; unset: none in a pod, gz elsewhere."
    )
    audit: Switch = Field(True, description="Look for what masking missed, at the end.")
    read_only: Switch = Field(False, description="Change nothing at the cluster: no reports, no debug pods.")
    os_git_version: Annotated[str, _or(_UNKNOWN)] = Field(_UNKNOWN, description="Second line of the file version.")
    kubernetes_service_host: OptionalText = Field(None, description="Set by Kubernetes in every pod.")

    @property
    def in_a_pod(self) -> bool:
        """Whether omg itself runs in a pod."""
        return self.kubernetes_service_host is not None

    @property
    def own_pod(self) -> str | None:
        """The name of the pod that omg runs in, which is its host's name unless somebody says otherwise."""
        return self.pod_name or (gethostname() if self.in_a_pod else None)

    @property
    def disk_limit_text(self) -> str:
        """The disk limit with its default: in a pod what oc leaves room for, elsewhere 1 GiB or 5 % left."""
        return self.disk_limit or ("pod" if self.in_a_pod else "default")

    def logs_since(self, now: datetime) -> datetime | None:
        """The time from which on logs are wanted; of the two settings, the later time."""
        times = [self.must_gather_since_time] if self.must_gather_since_time else []
        if self.must_gather_since is not None:
            times.append(datetime.fromtimestamp(max(now.timestamp() - self.must_gather_since, 0.0), UTC))
        return max(*times, _EPOCH) if times else None


_EPOCH = datetime.fromtimestamp(0, UTC)
"""Nothing was logged before it, and API servers don't take the years before 1000."""

_EXPECTED = {
    "int_parsing": "a positive integer",
    "int_type": "a positive integer",
    "greater_than": "a positive integer",
    "bool_parsing": "0 or 1",
    "bool_type": "0 or 1",
    "enum": "gz, xz, zst or none",
    "byte_size": "a size such as 500MiB",
    "byte_size_unit": "a size such as 500MiB",
    "string_too_short": "a name",
}

SWITCHES = frozenset(name for name, info in Settings.model_fields.items() if info.annotation is bool)
"""Settings that are on or off."""

WORDS_OF_SWITCHES = frozenset({"", "0", "1", "true", "false", "yes", "no", "on", "off", "t", "f", "y", "n"})
"""What a switch may be given, in small letters; empty is off."""

NOT_FLAGS = frozenset({"kubernetes_service_host", "pod_name"})


def load_settings(flags: dict[str, str] | None = None) -> Settings:
    """The settings from the environment, with those given as flags on top.

    Args:
        flags: field → value as it would stand in the environment.

    Raises:
        ConfigError: lists every wrong setting, what was given and what is expected.
    """
    try:
        settings = Settings(**(flags or {}))  # type: ignore[arg-type]
    except ValidationError as error:
        raise ConfigError(_all_mistakes(error)) from None
    if settings.omc:
        raise ConfigError("OMC: the layout of `oc adm inspect` is not available yet; unset OMC to use the classic one.")
    return settings


def _all_mistakes(error: ValidationError) -> str:
    lines = []
    for mistake in error.errors():
        name = str(mistake["loc"][0]).upper() if mistake["loc"] else "settings"
        expected = _EXPECTED.get(mistake["type"]) or mistake["msg"].removeprefix("Value error, expected ")
        lines.append(f"{name}: given {mistake['input']!r}, expected {expected}")
    return "These settings are wrong: " + "; ".join(dict.fromkeys(lines)) + "."


ALMOST = 0.9
"""How alike a variable of the environment and a setting are when one is taken for a slip of the other."""


def slips() -> list[str]:
    """What stands in the environment and is almost, but not quite, the name of a setting, in sentences."""
    known = {name.upper() for name in Settings.model_fields}
    names = sorted(known - {name.upper() for name in NOT_FLAGS})
    found = ((given, get_close_matches(given.upper(), names, n=1, cutoff=ALMOST)) for given in sorted(os.environ))
    return [f"{given} is no setting: did you mean {near[0]}?" for given, near in found if near and given not in known]


def environment() -> dict[str, str]:
    """The parts of the environment that others may look at: the terminal's, and where the home directory is."""
    return {name: os.environ[name] for name in ("HOME", "NO_COLOR", "TERM", "COLUMNS") if name in os.environ}


def have_a_home() -> None:
    """Give a process a home directory that has none: a container may run as a user that no file knows, without HOME.

    The root is what container runtimes name in such a case. Libraries ask for the home while they are imported.
    """
    try:
        Path.home()
    except RuntimeError:
        os.environ["HOME"] = "/"
