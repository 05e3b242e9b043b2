"""Events about pods and nodes: of the old form and the new, alone and in series, at the same time, many."""

from tests.cluster.chance.draws import Draw, Object


def events(seed: int, about: Object) -> list[Object]:
    """What happened to an object of the server."""
    metadata = about["metadata"]
    draw = Draw(f"events {seed} {about['kind']}")
    many = draw.choice((0, 1, 5, 14, 40))
    times = [draw.time() for _ in range(draw.choice((1, 3, 40)))]
    return [_event(draw, f"{metadata['name']}.{at}", about, draw.choice(times)) for at in range(many)]


def _event(draw: Draw, name: str, about: Object, time: str) -> Object:
    metadata = about["metadata"]
    namespace = metadata.get("namespace", "default")
    uid = draw.choice((metadata["uid"], metadata["uid"], metadata["name"], "someone-else"))
    involved = {
        "kind": about["kind"],
        "name": metadata["name"],
        "apiVersion": "v1",
        "uid": uid,
        **({"namespace": namespace} if "namespace" in metadata else {}),
        **draw.fields(0.4, fieldPath=lambda: draw.choice(("spec.containers{c0}", "a b"))),
    }
    new = draw.flag(0.3)
    made: Object = {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"name": name, "namespace": namespace},
        "involvedObject": involved,
        "message": draw.text(),
        "type": draw.choice(("Normal", "Warning")),
        "reason": draw.choice(("Because", "BackOff", "FailedScheduling")),
    }
    if new:
        made |= {
            "eventTime": f"{time[:-1]}.123456Z",
            "reportingComponent": "example.com/controller",
            "reportingInstance": "controller-0",
            "action": "Act",
        }
        if draw.flag():
            made["series"] = {"count": draw.randint(2, 900), "lastObservedTime": draw.micro_time()}
        return made | draw.fields(
            0.3, lastTimestamp=lambda: time, count=lambda: draw.randint(0, 9), firstTimestamp=draw.time
        )
    return {
        **made,
        **draw.fields(
            0.8,
            source=lambda: draw.fields(0.7, component=draw.word, host=draw.word),
            firstTimestamp=draw.time,
            lastTimestamp=lambda: time,
            count=lambda: draw.choice((0, 1, 2, 17, 9999)),
        ),
        **draw.fields(0.2, reportingComponent=lambda: "example.com/other"),
    }
