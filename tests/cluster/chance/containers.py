"""Containers: ports, commands, amounts, probes, variables, mounts."""

from collections.abc import Sequence

from tests.cluster.chance.draws import Draw, Object

_MEASURED = ("cpu", "memory", "ephemeral-storage")


def container(draw: Draw, name: str, volumes: Sequence[Object], *, kind: str, own: bool = True) -> Object:
    """One container.

    Args:
        draw: chance.
        name: of the container.
        volumes: of its pod, from which it mounts.
        kind: `init`, `main` or `ephemeral`.
        own: whether it may ask for resources and have probes.
    """
    stays = kind == "init" and draw.flag(0.4)
    made: Object = {
        "name": name,
        "image": draw.choice(("quay.io/example/a:1", "a", f"registry.example.com/{'x' * 60}@sha256:{'0' * 64}")),
        **draw.fields(
            0.4,
            command=lambda: [draw.text() for _ in range(draw.randint(1, 3))],
            args=lambda: [draw.text() for _ in range(draw.randint(1, 3))],
            env=lambda: _environment(draw, name, volumes),
            envFrom=lambda: [_source(draw) for _ in range(draw.randint(1, 4))],
            securityContext=lambda: {"seccompProfile": seccomp(draw)},
            terminationMessagePolicy=lambda: "FallbackToLogsOnError",
            tty=draw.flag,
            workingDir=draw.line,
        ),
    }
    if stays:
        made["restartPolicy"] = "Always"
    elif draw.flag(0.2) and kind != "ephemeral":
        made["restartPolicy"] = draw.choice(("Never", "OnFailure"))
        made["restartPolicyRules"] = [
            {"action": "Restart", "exitCodes": {"operator": draw.choice(("In", "NotIn")), "values": [1, 42]}}
        ]
    if kind != "ephemeral" and own:
        made |= draw.fields(0.6, ports=lambda: _ports(draw, name), resources=lambda: resources(draw))
    if kind == "main" or stays:
        probes = {f"{one}Probe": _probe(draw, one) for one in ("liveness", "readiness", "startup") if draw.flag(0.5)}
        made |= probes | draw.fields(0.2, lifecycle=lambda: {"preStop": {"exec": {"command": ["a"]}}})
    made["volumeMounts"] = _mounts(draw, volumes, kind)
    return made


def seccomp(draw: Draw) -> Object:
    if draw.flag(0.4):
        return {"type": "Localhost", "localhostProfile": draw.choice(("a.json", "profiles/b c.json"))}
    return {"type": draw.choice(("RuntimeDefault", "Unconfined"))}


def resources(draw: Draw, *, whole_pod: bool = False) -> Object:
    """Requests that are no more than the limits; a whole pod's are more than any container's."""
    limits, requests = {}, {}
    for name in draw.some(_MEASURED[: 2 if whole_pod else 3]):
        amount = draw.choice(("100E", "100000P", "90e18")) if whole_pod else draw.quantity(zero=0.15)
        shape = draw.randrange(3)
        if shape != 0:
            limits[name] = amount
        if shape != 1:
            requests[name] = amount
    for name in draw.some(("example.com/gpu", "example.org/nic", "intel.com/sgx_epc")) if not whole_pod else ():
        limits[name] = requests[name] = draw.quantity(whole=True)
    for name, size in draw.some((("hugepages-2Mi", "64Mi"), ("hugepages-1Gi", "2Gi"))) if not whole_pod else ():
        limits[name] = requests[name] = size
        limits.setdefault("memory", requests.get("memory", "1Gi"))
    return {**({"limits": limits} if limits else {}), **({"requests": requests} if requests else {})}


def _ports(draw: Draw, name: str) -> list[Object]:
    found = []
    for at in range(draw.randint(1, 4)):
        port = draw.randrange(1, 65536)
        shared = draw.fields(0.4, protocol=lambda: draw.choice(("TCP", "UDP", "SCTP")))
        named = {"name": f"p{at}-{name}"[:15].rstrip("-")} if draw.flag(0.4) else {}
        found.append({"containerPort": port, **shared, **named, **({"hostPort": port} if draw.flag(0.2) else {})})
    return found


def _probe(draw: Draw, which: str) -> Object:
    figures = draw.fields(
        0.5,
        initialDelaySeconds=lambda: draw.randint(0, 900),
        timeoutSeconds=lambda: draw.randint(1, 90),
        periodSeconds=lambda: draw.randint(1, 90),
        failureThreshold=lambda: draw.randint(1, 30),
    )
    if which == "readiness":
        figures |= draw.fields(0.5, successThreshold=lambda: draw.randint(1, 5))
    else:
        figures |= draw.fields(0.5, terminationGracePeriodSeconds=lambda: draw.randint(1, 90))
    port = draw.choice((80, 65535, "http", "8080-tcp"))
    acts: tuple[Object, ...] = (
        {"exec": {"command": [draw.text() for _ in range(draw.randint(1, 4))]}},
        {
            "httpGet": {
                "port": port,
                **draw.fields(
                    0.5,
                    path=lambda: draw.choice(_PATHS),
                    host=lambda: draw.choice(
                        ("", "::1", "10.0.0.1", "example.com", "b\u00fccher.example", "a b", "[::1]")
                    ),
                    scheme=lambda: draw.choice(("HTTP", "HTTPS")),
                    httpHeaders=lambda: [{"name": "X-A", "value": "b"}],
                ),
            }
        },
        {"tcpSocket": {"port": port, **draw.fields(0.5, host=lambda: draw.choice(("", "10.0.0.1", "a b", "::1")))}},
        {
            "grpc": {
                "port": draw.randrange(1, 65536),
                **draw.fields(0.5, service=lambda: draw.choice(("", "svc", "a b"))),
            }
        },
    )
    return {**figures, **draw.choice(acts)}


_PATHS = (
    "", "/", "healthz", "/a b?x=y&z=%41#frag", "/\u65e5\u672c", "//double", "/*", "/a;b,c:d@e!$&'()+=", "/[x]", "/%zz",
    "/a|b\\c^`{}\"<>", "/~user/", "*", "a:b", "/tab\t", "/../x", "/;", "?", "/\x00",
)  # fmt: skip


def _environment(draw: Draw, name: str, volumes: Sequence[Object]) -> list[Object]:
    files = [one["name"] for one in volumes if "emptyDir" in one and not one["emptyDir"].get("medium")]
    return [_variable(draw, f"V{at}", name, files) for at in range(draw.randint(1, 8))]


def _variable(draw: Draw, variable: str, name: str, files: Sequence[str]) -> Object:
    variable = draw.choice((variable, variable, f"{variable}.with-dots", f"{variable} blank", f"{variable}_{'L' * 60}"))
    shape = draw.randrange(7)
    if shape < 2:
        return {"name": variable, **draw.fields(0.9, value=draw.text)}
    if shape == 2:
        return {
            "name": variable,
            "valueFrom": {"fieldRef": {"fieldPath": draw.choice(_FIELDS), **draw.fields(0.3, apiVersion=lambda: "v1")}},
        }
    if shape == 3:
        divisors = {"cpu": ("1", "1m"), "pages": ("1", "1k", "1Ki", "1M", "1Mi", "1G", "1Gi"), "0": ("0",)}
        resource = draw.choice(
            [f"{which}.{of}" for which in ("limits", "requests") for of in (*_MEASURED, "hugepages-2Mi")]
        )
        divisor = draw.choice(divisors["cpu" if resource.endswith("cpu") else "pages"] + divisors["0"])
        of = {"resource": resource, **draw.fields(0.5, divisor=lambda: divisor, containerName=lambda: name)}
        return {"name": variable, "valueFrom": {"resourceFieldRef": of}}
    if shape == 4 and files:
        of = {"volumeName": draw.choice(files), "path": "a/b", "key": "K", **draw.fields(0.5, optional=draw.flag)}
        return {"name": variable, "valueFrom": {"fileKeyRef": of}}
    kind = draw.choice(("secretKeyRef", "configMapKeyRef"))
    of = {"name": draw.label(), "key": draw.choice(("a", "a.b-c_d")), **draw.fields(0.5, optional=draw.flag)}
    return {"name": variable, "valueFrom": {kind: of}}


_FIELDS = (
    "metadata.name", "metadata.namespace", "metadata.uid", "metadata.labels['app']",
    "metadata.labels['example.com/app']", "metadata.annotations['app']", "metadata.annotations['example.com/app']",
    "spec.nodeName", "spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs",
)  # fmt: skip


def _source(draw: Draw) -> Object:
    kind = draw.choice(("configMapRef", "secretRef"))
    prefix = draw.fields(0.5, prefix=lambda: draw.choice(("", "P_", "with blank ", "%v")))
    return {kind: {"name": draw.label(), **draw.fields(0.5, optional=draw.flag)}, **prefix}


def _mounts(draw: Draw, volumes: Sequence[Object], kind: str) -> list[Object]:
    found = []
    for at, volume in enumerate(draw.some(volumes)):
        more = draw.fields(
            0.3,
            readOnly=draw.flag,
            subPath=lambda: draw.choice(
                (
                    "a",
                    "a b",
                    'quo"te',
                    "back\\slash",
                    "\u65e5\u672c",
                    "tab\t",
                    "\x7f\u200b\u00ad",
                    "\U000e0001",
                    "a\u0301",
                )
            ),
        )
        if "image" in volume or kind == "ephemeral":
            more.pop("subPath", None)
        elif "subPath" not in more:
            more |= draw.fields(0.1, mountPropagation=lambda: "HostToContainer")
        found.append(
            {
                "name": volume["name"],
                "mountPath": f"/{draw.choice('zyxMNa')}{at}{draw.choice(('', ' b', '/c'))}",
                **more,
            }
        )
    return found
