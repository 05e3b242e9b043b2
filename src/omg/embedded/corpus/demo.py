"""The demo's corpus: a control plane of Red Hat OpenStack Services on OpenShift, told in objects, logs and answers."""

from __future__ import annotations

from omg.embedded.corpus.backups import add_backups
from omg.embedded.corpus.cluster_kinds import add_cluster_kinds
from omg.embedded.corpus.config_maps import add_config_maps
from omg.embedded.corpus.control_plane import add_control_plane
from omg.embedded.corpus.crds import add_crds
from omg.embedded.corpus.data_plane import add_data_plane
from omg.embedded.corpus.events import add_events
from omg.embedded.corpus.execs import add_execs
from omg.embedded.corpus.exposure import add_exposure
from omg.embedded.corpus.jobs import add_jobs
from omg.embedded.corpus.leaking_logs import leaking_lines, merged
from omg.embedded.corpus.log_sources import add_logs
from omg.embedded.corpus.model import Corpus
from omg.embedded.corpus.namespaces import add_namespaces, add_projects
from omg.embedded.corpus.networks import add_networks
from omg.embedded.corpus.nodes import add_nodes
from omg.embedded.corpus.operators import add_builds, add_operators
from omg.embedded.corpus.platform_secrets import add_platform_secrets
from omg.embedded.corpus.service_resources import add_service_resources
from omg.embedded.corpus.service_secrets import add_service_secrets
from omg.embedded.corpus.story_logs import story_lines
from omg.embedded.corpus.telemetry import add_telemetry
from omg.embedded.corpus.volumes import add_volumes
from omg.embedded.corpus.workloads import add_workloads
from omg.embedded.corpus.world import World


def demo_corpus(*, scale: int = 1, seed: int = 0, log_bytes: int | None = None) -> Corpus:
    """The corpus; two of the same scale, seed and log_bytes are equal.

    Args:
        scale: how much of everything but kinds, namespaces and nodes; 1 makes about 1,000 objects and 100 pods.
        seed: what every secret value is drawn from.
        log_bytes: of all logs together; by default 20 MB times the scale.
    """
    world = World(scale, seed)
    add_namespaces(world)
    add_crds(world)
    add_nodes(world)
    add_projects(world)
    add_service_secrets(world)
    add_platform_secrets(world)
    add_config_maps(world)
    add_workloads(world)
    add_jobs(world)
    add_volumes(world)
    add_exposure(world)
    add_control_plane(world)
    add_service_resources(world)
    add_data_plane(world)
    add_networks(world)
    add_telemetry(world)
    add_backups(world)
    add_builds(world)
    add_operators(world)
    add_cluster_kinds(world)
    add_events(world)
    add_execs(world)
    add_logs(world, log_bytes, merged(story_lines(), leaking_lines(world, world.of_kind("Pod"))))
    return Corpus(world.objects, world.logs, world.execs, world.plants.found())
