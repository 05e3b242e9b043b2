"""What the logs tell of the story, each at its place among the ordinary lines.

Their minute is that of the place where they are put, so that they fit what is around them.
"""

from __future__ import annotations

from omg.embedded.corpus.log_lines import APACHE, PLAIN
from omg.embedded.corpus.objects import OPENSTACK
from omg.embedded.corpus.story import BACKEND, FILER, PROJECT, REQUESTS, SERVER, USER, VOLUME
from omg.embedded.corpus.world import LogKey

Parts = dict[LogKey, list[tuple[float, bytes]]]
PACKAGES = "/usr/lib/python3.9/site-packages"


def _lines(*lines: str) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def _oslo(level: str, module: str, request: str, *texts: str, second: int = 21) -> list[str]:
    head = f"{PLAIN}:{second:02d}.417 7 {level} {module} [None {request} {USER} {PROJECT} - - default default]"
    return [f"{head} {text}" for text in texts]


def _driver_trace() -> list[str]:
    return [
        "Failed to initialize driver.",
        "Traceback (most recent call last):",
        f'  File "{PACKAGES}/urllib3/connection.py", line 169, in _new_conn',
        "    conn = connection.create_connection(",
        f'  File "{PACKAGES}/urllib3/util/connection.py", line 86, in create_connection',
        "    raise err",
        "OSError: [Errno 113] No route to host",
        "During handling of the above exception, another exception occurred:",
        f'  File "{PACKAGES}/cinder/volume/manager.py", line 498, in init_host',
        "    self.driver.do_setup(ctxt)",
        f'  File "{PACKAGES}/cinder/volume/drivers/netapp/dataontap/block_base.py", line 118, in do_setup',
        "    self.zapi_client.check_api_permissions()",
        f"requests.exceptions.ConnectionError: HTTPSConnectionPool(host='{FILER}', port=443): Max retries exceeded",
    ]


def story_lines() -> Parts:
    """The lines of each log that takes part in the story, by share of the log after which they come."""
    found: Parts = {}

    def tell(pod: str, container: str, share: float, *lines: str, previous: bool = False) -> None:
        found.setdefault((OPENSTACK, pod, container, previous), []).append((share, _lines(*lines)))

    volume = _volume_lines()
    for previous in (False, True):
        tell(f"{BACKEND}-0", "cinder-volume", 0.97, *volume, previous=previous)
    for at, request in enumerate(REQUESTS):
        share = 0.55 + at * 0.15
        tell("nova-api-0", "nova-api-log", share, *_access_lines(request))
        tell("nova-api-0", "nova-api-api", share, *_api_lines(request))
        tell("nova-cell1-conductor-0", "nova-cell1-conductor-conductor", share, *_conductor_lines(request))
        compute = "nova-cell1-compute-ironic-compute"
        tell(f"{compute}-0", f"{compute}-compute", share, *_compute_lines(request))
        tell("cinder-api-0", "cinder-api", share, *_cinder_api_lines(request))
        tell("cinder-scheduler-0", "cinder-scheduler", share, *_scheduler_lines(request))
    return found


def _volume_lines() -> list[str]:
    nobody = "req-00a1f2c3-5d6e-4f70-8192-a3b4c5d6e7f8"
    return [
        *_oslo("INFO", "cinder.volume.manager", nobody, f"Starting volume driver NetAppDriver ({BACKEND})", second=2),
        *_oslo(
            "WARNING", "urllib3.connectionpool", nobody, f"Retrying: connection to {FILER}: No route to host", second=9
        ),
        *_oslo("ERROR", "cinder.volume.manager", nobody, *_driver_trace(), second=12),
        *_oslo(
            "CRITICAL",
            "cinder",
            nobody,
            "Unhandled error: cinder.exception.DriverNotInitialized: Volume driver not ready.",
            second=13,
        ),
    ]


def _access_lines(request: str) -> list[str]:
    asked = f"POST /v2.1/servers/{SERVER}/os-volume_attachments HTTP/1.1"
    return [f'10.128.2.17 - - [{APACHE}:20 +0000] "{asked}" 500 242 "-" "python-novaclient" {request}']


def _api_lines(request: str) -> list[str]:
    return [
        *_oslo(
            "INFO", "nova.api.openstack.requestlog", request, f"attach volume {VOLUME} to server {SERVER}", second=20
        ),
        *_oslo(
            "ERROR",
            "nova.api.openstack.wsgi",
            request,
            "Unexpected exception in API method: cinderclient.exceptions.ClientException: Volume attach failed",
            "Traceback (most recent call last):",
            f'  File "{PACKAGES}/nova/api/openstack/compute/volume_attachments.py", line 265, in create',
            "    device = self.compute_api.attach_volume(",
            f'  File "{PACKAGES}/nova/volume/cinder.py", line 396, in wrapper',
            "    res = method(self, ctx, *args, **kwargs)",
            f"cinderclient.exceptions.ClientException: Gateway Timeout (HTTP 504) (Request-ID: {request})",
        ),
    ]


def _conductor_lines(request: str) -> list[str]:
    text = (
        f"Failed to compute_task_build_instances: No valid host was found. Volume {VOLUME} is in state error_attaching"
    )
    return _oslo("WARNING", "nova.scheduler.utils", request, text, second=24)


def _compute_lines(request: str) -> list[str]:
    return _oslo(
        "ERROR",
        "nova.virt.block_device",
        request,
        f"[instance: {SERVER}] Driver failed to attach volume {VOLUME} at /dev/vdb: cinderclient.exceptions.BadRequest",
        f"[instance: {SERVER}] Invalid volume: Volume {VOLUME} status must be available or in-use",
        second=26,
    )


def _cinder_api_lines(request: str) -> list[str]:
    return [
        *_oslo("INFO", "cinder.api.openstack.wsgi", request, f"POST /v3/{PROJECT}/attachments for {VOLUME}", second=22),
        *_oslo(
            "ERROR",
            "cinder.api.middleware.fault",
            request,
            f"Caught error: oslo_messaging.exceptions.MessagingTimeout: no reply from {BACKEND}@netapp on topic "
            "cinder-volume.hostgroup@netapp within 60 seconds",
            second=59,
        ),
    ]


def _scheduler_lines(request: str) -> list[str]:
    text = f"volume service is down. (host: hostgroup@netapp#svm_openstack), last heartbeat 3 h ago: {BACKEND}"
    failed = (
        f"Failed to run task cinder.scheduler.flows.create_volume.ScheduleCreateVolumeTask: No valid backend: {VOLUME}"
    )
    return [
        *_oslo("WARNING", "cinder.scheduler.host_manager", request, text, second=23),
        *_oslo("ERROR", "cinder.scheduler.flows.create_volume", request, failed, second=23),
    ]
