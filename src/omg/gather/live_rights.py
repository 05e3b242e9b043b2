"""What a cluster serves and which namespaces are in scope: asked for `omg rbac --live`."""

from omg.cluster.credentials import load_credentials
from omg.cluster.door import Cluster
from omg.cluster.session import Session
from omg.cluster.ticket import Unlimited
from omg.errors import ConfigError, OmgError
from omg.gather import limits_of
from omg.gather.rbac import Served
from omg.settings import Settings
from omg.tasks.kinds import NAMESPACES
from omg.tasks.namespaces import in_scope, wanted_namespaces


async def served_by_the_cluster(settings: Settings, *, context: str | None = None) -> Served:
    """Ask the cluster of the kubeconfig.

    Raises:
        ConfigError: it doesn't answer, or doesn't say everything: rights would be missing.
    """
    credentials = await load_credentials(
        kubeconfig=settings.kubeconfig, context=context, impersonate=None, impersonate_groups=()
    )
    async with Session(credentials, limits_of(settings)) as session:
        await session.check()
        cluster = Cluster(session, Unlimited())
        try:
            discovery = await cluster.discover()
            pages = cluster.list(NAMESPACES, metadata_only=True)
            names = [one["metadata"]["name"] async for page in pages for one in page.objects()]
        except OmgError as error:
            raise ConfigError(f"{error} omg rbac --live needs it; without --live it asks nothing.") from None
    if discovery.gaps:
        gaps = ", ".join(discovery.gaps)
        raise ConfigError(f"These API groups don't answer, so that their rights are unknown: {gaps}. Try again later.")
    return Served(discovery.resources, in_scope(names, wanted_namespaces(settings), settings.additional_namespaces))
