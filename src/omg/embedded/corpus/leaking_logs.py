"""Log lines that give a secret away, as services do when they are told to be talkative, in many forms."""

from __future__ import annotations

from collections.abc import Iterator

from omg.embedded.corpus.log_lines import ISO, PLAIN
from omg.embedded.corpus.objects import OPENSTACK, Object
from omg.embedded.corpus.services import SERVICES
from omg.embedded.corpus.story_logs import Parts
from omg.embedded.corpus.world import World

# net, line; ``{known}`` is a value of some Secret, ``{drawn}`` a password, ``{fernet}`` and ``{jwt}`` tokens.
HEAD = f"{PLAIN}:31.102 7 DEBUG "
LINES = (
    ("key", f"{HEAD}oslo_service.service [-] keystone_authtoken.password = {{drawn}} log_opt_values cfg.py:2609"),
    ("key", f"{HEAD}oslo_service.service [-] ssl.client_key_password={{drawn}} log_opt_values cfg.py:2609"),
    ("shape", f"{HEAD}oslo_db.sqlalchemy.engines [-] mysql+pymysql://svc:{{drawn}}@openstack.openstack.svc/svc failed"),
    ("shape", f"{HEAD}oslo_messaging [-] rabbit://u:{{drawn}}@rabbit-0:5671,u:{{drawn}}@rabbit-1:5671/ is unreachable"),
    ("shape", f'{HEAD}keystoneauth.session [-] REQ: curl -g -i -X GET https://x/v3 -H "X-Auth-Token: {{fernet}}"'),
    ("shape", f"{HEAD}keystoneauth.session [-] RESP: [201] X-Subject-Token: {{fernet}} Content-Type: application/json"),
    ("shape", f"{HEAD}requests [-] send: b'GET /metrics' Authorization: Bearer {{jwt}} Accept: */*"),
    ("key", f'{HEAD}keystoneauth.session [-] body: {{"auth": {{"user": "x", "password": "{{drawn}}"}}}}'),
    ("key", f"{HEAD}oslo_concurrency.processutils [-] Running cmd: ipmitool -H 10.0.0.9 -U root --password={{drawn}}"),
    ("key", f"{HEAD}oslo_concurrency.processutils [-] Running cmd: OS_PASSWORD={{drawn}} openstack token issue"),
    ("value", f"{HEAD}oslo_service.backend [-] opening session for svc with {{known}} at 172.18.0.60"),
    ("value", f"{HEAD}oslo_service.backend [-] challenge answered: <{{known}}> (attempt 2)"),
    ("value", f"{HEAD}oslo_service.backend [-] raw header b'{{known64}}' from backend"),
    ("key", f"{ISO}:31Z INFO loaded settings apiToken: {{drawn}} replicas: 3"),
    ("key", f"{HEAD}nova.api [-] {{{{'username': 'svc', 'adminPass': '{{drawn}}', 'region': 'one'}}}}"),
)


def leaking_lines(world: World, pods: list[Object]) -> Parts:
    """One such line after another into the logs of the control plane's pods, a few in each."""
    found: Parts = {}
    running = list(_containers(pods))
    for at in range(len(LINES) * 10 * world.scale):
        net, text = LINES[at % len(LINES)]
        key = running[at * 5 % len(running)]
        where = "log " + "/".join(key[:3])
        service = SERVICES[at // len(LINES) % len(SERVICES)]
        draw = world.draw("leaking log", at)
        known = world.password(service.key)
        values = {
            "{known}": known,
            "{drawn}": draw.password(),
            "{fernet}": draw.fernet_token(),
            "{jwt}": draw.web_token("x"),
        }
        text = text.replace("{{", "{").replace("}}", "}")
        for mark, value in values.items():
            if mark in text:
                text = text.replace(mark, world.plants.plant(value, net, where))
        if "{known64}" in text:
            text = text.replace("{known64}", world.plants.encoded(known, net, where))
        share = (at % 9 + 1) / 10
        found.setdefault(key, []).append((share, text.encode() + b"\n"))
    return found


def _containers(pods: list[Object]) -> Iterator[tuple[str, str, str, bool]]:
    for pod in pods:
        metadata = pod["metadata"]
        if metadata["namespace"] == OPENSTACK:
            for status in pod["status"].get("containerStatuses", ()):
                if "running" in status["state"]:
                    yield metadata["namespace"], metadata["name"], status["name"], False


def merged(*stories: Parts) -> Parts:
    """Several stories in one, in the order of the log."""
    found: Parts = {}
    for story in stories:
        for key, parts in story.items():
            found.setdefault(key, []).extend(parts)
    return {key: sorted(parts, key=lambda part: part[0]) for key, parts in found.items()}
