"""What the cluster says of itself: its version, its operators, its configuration, its machines and its storage."""

from omg.engine import EVERYWHERE, Access, Run, task
from omg.tasks.api_resources import api_resources
from omg.tasks.served_kinds import Wanted, in_the_cluster

KINDS = (
    ("config.openshift.io", "clusterversions"),
    ("config.openshift.io", "clusteroperators"),
    ("config.openshift.io", "infrastructures"),
    ("config.openshift.io", "networks"),
    ("config.openshift.io", "proxies"),
    ("config.openshift.io", "dnses"),
    ("config.openshift.io", "ingresses"),
    ("config.openshift.io", "featuregates"),
    ("operator.openshift.io", "networks"),
    ("machineconfiguration.openshift.io", "machineconfigpools"),
    ("storage.k8s.io", "storageclasses"),
    ("storage.k8s.io", "csidrivers"),
    ("storage.k8s.io", "volumeattachments"),
    ("", "persistentvolumes"),
)


@task(needs=(api_resources,), reads=tuple(Access(group, plural, "list", EVERYWHERE) for group, plural in KINDS))
async def cluster_state(run: Run) -> None:
    """Save the cluster's version, operators, configuration, machine pools and storage."""
    await run.each(in_the_cluster(KINDS, run.result_of(api_resources)), save)


async def save(run: Run, wanted: Wanted) -> None:
    """List one kind and write each object."""
    await run.output.objects(wanted.resource, run.cluster.list(wanted.resource))
