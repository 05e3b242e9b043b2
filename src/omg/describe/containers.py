"""The containers of a pod: image, ports, command, state, resources, probes, environment, mounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil
from typing import Any
from urllib.parse import quote

from omg.describe.needs import HUGE_PAGES
from omg.describe.quantities import quantities, quantity
from omg.describe.sheet import NONE, Sheet, moment, words, yes

Part = Mapping[str, Any]


def describe_containers(sheet: Sheet, label: str, pod: Part, which: str) -> None:
    """Write the containers of one group.

    Args:
        sheet: where they are written.
        label: of the group.
        pod: that they belong to.
        which: the group's field in the pod's spec.
    """
    containers = pod["spec"].get(which) or ()
    field = "containerStatuses" if which == "containers" else which.removesuffix("s") + "Statuses"
    statuses = {one["name"]: one for one in (pod.get("status") or {}).get(field) or ()}
    sheet.put(0, f"{label}:{'' if containers else f' {NONE}'}\n")
    for container in containers:
        status = statuses.get(container["name"])
        _describe_basics(sheet, container, status)
        _describe_command(sheet, "Command", container.get("command"))
        _describe_command(sheet, "Args", container.get("args"))
        if status is not None:
            _describe_states(sheet, status)
        describe_resources(sheet, container.get("resources") or {}, 2)
        for name in ("liveness", "readiness", "startup"):
            if container.get(f"{name}Probe") is not None:
                sheet.line(2, name.capitalize(), probe_text(container[f"{name}Probe"]))
        _describe_environment_sources(sheet, container.get("envFrom") or ())
        _describe_environment(sheet, container, pod)
        _describe_mounts(sheet, container)


def describe_seccomp(sheet: Sheet, level: int, context: Part | None, *, local_level: int) -> None:
    """Write the seccomp profile of a security context, if it has one."""
    profile = (context or {}).get("seccompProfile")
    if profile is not None:
        sheet.line(level, "SeccompProfile", profile.get("type", ""))
        if profile.get("type") == "Localhost":
            sheet.line(local_level, "LocalhostProfile", profile.get("localhostProfile", ""))


def describe_resources(sheet: Sheet, resources: Part, level: int) -> None:
    """Write limits and requests."""
    for which in ("limits", "requests"):
        amounts = quantities(resources.get(which))
        if amounts:
            sheet.put(level, f"{which.capitalize()}:\n")
        for name, amount in sorted(amounts.items()):
            sheet.line(level + 1, name, amount)


def _describe_basics(sheet: Sheet, container: Part, status: Part | None) -> None:
    sheet.put(1, f"{container['name']}:\n")
    if status is not None:
        sheet.line(2, "Container ID", status.get("containerID") or "")
    sheet.line(2, "Image", container.get("image") or "")
    if status is not None:
        sheet.line(2, "Image ID", status.get("imageID") or "")
    for title, key in (("Port", "containerPort"), ("Host Port", "hostPort")):
        ports = [_port_text(port, key) for port in container.get("ports") or ()]
        sheet.line(2, f"{title}s" if len(ports) > 1 else title, ", ".join(ports) or NONE)
    describe_seccomp(sheet, 2, container.get("securityContext"), local_level=3)


def _port_text(port: Part, key: str) -> str:
    text = f"{port.get(key) or 0}/{port.get('protocol', '')}"
    return f"{text} ({port['name']})" if port.get("name") else text


def _describe_command(sheet: Sheet, title: str, parts: Sequence[str] | None) -> None:
    if parts:
        sheet.put(2, f"{title}:\n")
        for part in parts:
            for line in part.split("\n"):
                sheet.put(3, f"{line}\n")


def _describe_states(sheet: Sheet, status: Part) -> None:
    _describe_state(sheet, "State", status.get("state") or {})
    last = status.get("lastState") or {}
    if last.get("terminated") is not None:
        _describe_state(sheet, "Last State", last)
    sheet.line(2, "Ready", "True" if status.get("ready") else "False")
    sheet.line(2, "Restart Count", status.get("restartCount") or 0)


def _describe_state(sheet: Sheet, title: str, state: Part) -> None:
    running, waiting, ended = (state.get(name) for name in ("running", "waiting", "terminated"))
    if running is not None:
        sheet.line(2, title, "Running")
        sheet.line(3, "Started", moment(running.get("startedAt")))
    elif waiting is not None or ended is None:
        sheet.line(2, title, "Waiting")
        if waiting and waiting.get("reason"):
            sheet.line(3, "Reason", waiting["reason"])
    else:
        sheet.line(2, title, "Terminated")
        for name in ("reason", "message"):
            if ended.get(name):
                sheet.line(3, name.capitalize(), ended[name])
        sheet.line(3, "Exit Code", ended.get("exitCode") or 0)
        if (ended.get("signal") or 0) > 0:
            sheet.line(3, "Signal", ended["signal"])
        sheet.line(3, "Started", moment(ended.get("startedAt")))
        sheet.line(3, "Finished", moment(ended.get("finishedAt")))


def probe_text(probe: Part) -> str:
    """What a probe does and how often, in one line."""
    seconds = ("initialDelaySeconds", "delay"), ("timeoutSeconds", "timeout"), ("periodSeconds", "period")
    figures = [f"{name}={probe.get(key) or 0}s" for key, name in seconds]
    figures.append(f"#success={probe.get('successThreshold') or 0}")
    figures.append(f"#failure={probe.get('failureThreshold') or 0}")
    return f"{_probe_act(probe)} {' '.join(figures)}"


def _probe_act(probe: Part) -> str:
    if probe.get("exec") is not None:
        return f"exec {words(probe['exec'].get('command'))}"
    if probe.get("httpGet") is not None:
        return f"http-get {_probe_url(probe['httpGet'])}"
    if probe.get("tcpSocket") is not None:
        return f"tcp-socket {probe['tcpSocket'].get('host') or ''}:{probe['tcpSocket'].get('port', '')}"
    if probe.get("grpc") is not None:
        return f"grpc <pod>:{probe['grpc'].get('port', 0)} {probe['grpc'].get('service') or ''}"
    return "unknown"


def _probe_url(get: Part) -> str:
    """The URL as Go writes it: what may not be in a host or path is percent-encoded, in a path a question mark, too."""
    scheme, host, path = (get.get("scheme") or "").lower(), get.get("host") or "", get.get("path") or ""
    where = f"[{host}]:{get.get('port', '')}" if ":" in host else f"{host}:{get.get('port', '')}"
    slash = "/" if path and not path.startswith("/") else ""
    encoded = path if path == "*" else quote(path, safe="$&+,/:;=@-_.~")
    return f"{scheme}{':' if scheme else ''}//{quote(where, safe=_IN_HOSTS)}{slash}{encoded}"


_IN_HOSTS = "!$&'()*+,;=:[]<>\"-_.~"


def _describe_environment_sources(sheet: Sheet, sources: Sequence[Part]) -> None:
    if sources:
        sheet.put(2, "Environment Variables from:\n")
    for source in sources:
        kind = next((kind for kind in ("ConfigMap", "Secret") if source.get(_FROM[kind]) is not None), "")
        ref = source.get(_FROM[kind]) or {} if kind else {}
        prefix = f" with prefix '{source['prefix']}'" if source.get("prefix") else ""
        sheet.put(3, f"{ref.get('name', '')}\t{kind}{prefix}\tOptional: {yes(ref.get('optional'))}\n")


_FROM = {"ConfigMap": "configMapRef", "Secret": "secretRef"}


def _describe_environment(sheet: Sheet, container: Part, pod: Part) -> None:
    variables = container.get("env") or ()
    sheet.put(2, "Environment:\n" if variables else f"Environment:\t{NONE}\n")
    for variable in variables:
        name, source = variable["name"], variable.get("valueFrom")
        if source is None:
            first, *rest = (variable.get("value") or "").split("\n")
            sheet.line(3, name, first)
            for line in rest:
                sheet.put(3, f"\t{line}\n")
        else:
            text = _source_text(source, container, pod)
            if text is not None:
                sheet.line(3, name, text)


def _source_text(source: Part, container: Part, pod: Part) -> str | None:
    """Where the value of a variable comes from, and the value where it follows from the pod."""
    if source.get("fieldRef") is not None:
        field = source["fieldRef"]
        return f"{_field_value(field, pod)} ({field.get('apiVersion', '')}:{field.get('fieldPath', '')})"
    if source.get("resourceFieldRef") is not None:
        resource = source["resourceFieldRef"].get("resource", "")
        return f"{_resource_value(source['resourceFieldRef'], container)} ({resource})"
    if source.get("secretKeyRef") is not None:
        ref = source["secretKeyRef"]
        where = f"<set to the key '{ref.get('key', '')}' in secret '{ref.get('name', '')}'>"
        return f"{where}\tOptional: {yes(ref.get('optional'))}"
    if source.get("configMapKeyRef") is not None:
        ref = source["configMapKeyRef"]
        where = f"<set to the key '{ref.get('key', '')}' of config map '{ref.get('name', '')}'>"
        return f"{where}\tOptional: {yes(ref.get('optional'))}"
    return None


def _field_value(field: Part, pod: Part) -> str:
    """Kubectl knows the values of two fields."""
    path = field.get("fieldPath", "")
    return str(pod["metadata"].get(path.partition(".")[2], "")) if path in _KNOWN_FIELDS else ""


_KNOWN_FIELDS = frozenset({"metadata.name", "metadata.namespace"})


def _resource_value(field: Part, container: Part) -> str:
    """How much of a resource the container has, in units of the divisor, rounded up."""
    resource = field.get("resource", "")
    which, _, name = resource.partition(".")
    if which not in ("limits", "requests") or not (name in _KNOWN_RESOURCES or name.startswith(HUGE_PAGES)):
        return ""
    amount = quantity(((container.get("resources") or {}).get(which) or {}).get(name, "0"))
    divisor = quantity(field.get("divisor", "0"))
    divisor = divisor if divisor.amount else quantity("1")
    part, unit = (amount.milli, divisor.milli) if name == "cpu" else (amount.value, divisor.value)
    value = ceil(float(part) / float(unit))
    return "node allocatable" if value == 0 and resource in ("limits.cpu", "limits.memory") else str(value)


_KNOWN_RESOURCES = frozenset({"cpu", "memory", "ephemeral-storage"})


def _describe_mounts(sheet: Sheet, container: Part) -> None:
    mounts = container.get("volumeMounts") or ()
    none = "" if mounts else f"\t{NONE}"
    sheet.put(2, f"Mounts:{none}\n")
    for mount in sorted(mounts, key=lambda one: one["mountPath"]):
        flags = "ro" if mount.get("readOnly") else "rw"
        if mount.get("subPath"):
            flags += f",path={_quoted(mount['subPath'])}"
        sheet.put(3, f"{mount['mountPath']} from {mount['name']} ({flags})\n")
    devices = container.get("volumeDevices") or ()
    if devices:
        sheet.put(2, f"Devices:{none}\n")
    for device in sorted(devices, key=lambda one: one["devicePath"]):
        sheet.put(3, f"{device['devicePath']} from {device['name']}\n")


def _quoted(text: str) -> str:
    """The text as Go quotes it."""
    return '"' + "".join(_ESCAPED.get(char) or (char if char.isprintable() else _code(char)) for char in text) + '"'


_ESCAPED = {
    '"': '\\"',
    "\\": "\\\\",
    "\a": "\\a",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\v": "\\v",
}


def _code(char: str) -> str:
    number = ord(char)
    if number < 0x80:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
