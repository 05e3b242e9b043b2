"""Where requests go: what a kubeconfig's cluster says about the way there."""

from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from omg.cluster.kubeconfig import Chosen, Section
from omg.cluster.proxies import proxy_from_environment, proxy_of
from omg.cluster.urls import is_usable
from omg.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Target:
    """Where requests go; nothing in it is secret, but for a password in the proxy's URL, which repr leaves out.

    Args:
        server: URL without a closing slash; may have a path.
        context, user: names in the kubeconfig; None in a pod.
        server_name: what the server's certificate is checked against, where it isn't the host of the URL.
        compresses: whether answers should be asked for compressed: not where the network is fast.
    """

    server: str
    context: str | None = None
    user: str | None = None
    server_name: str | None = None
    proxy: str | None = field(default=None, repr=False)
    compresses: bool = False


def target_of(chosen: Chosen, *, has_tls: bool) -> tuple[Target, str]:
    """The target of a context, and `NAME:PASSWORD` where its server's URL holds one.

    Raises:
        ConfigError: it can't be reached as it is described.
    """
    cluster = chosen.cluster
    server, basic = _server(cluster, has_tls=has_tls)
    proxy = cluster.text("proxy-url")
    target = Target(
        server=server,
        context=chosen.context,
        user=chosen.user.name or None,
        server_name=_server_name(cluster),
        proxy=proxy_of(proxy) if proxy else proxy_from_environment(server),
        compresses=not cluster.values.get("disable-compression") and not _is_near(server),
    )
    return target, basic


def _server(cluster: Section, *, has_tls: bool) -> tuple[str, str]:
    """The server's URL, and `NAME:PASSWORD` where it holds one, which nobody should see in a sentence."""
    server = cluster.text("server").rstrip("/")
    if not server:
        raise ConfigError(f'The kubeconfig\'s cluster "{cluster.name}" names no server.')
    if "://" not in server:  # as client-go
        server = f"{'https' if has_tls else 'http'}://{server}"
    before, at, place = server.partition("://")[2].partition("/")[0].rpartition("@")
    shown = server.replace(f"{before}{at}{place}", place, 1)
    if not is_usable(shown):
        reason = f"has a server that is not a URL: {shown.encode('unicode_escape').decode()}"
        raise ConfigError(f'The kubeconfig\'s cluster "{cluster.name}" {reason}.')
    return shown, unquote(before)


def _server_name(cluster: Section) -> str | None:
    name = cluster.text("tls-server-name")
    try:
        name.encode("idna")
    except UnicodeError:
        raise cluster.malformed("tls-server-name", "the name of a host") from None
    return name or None


def _is_near(server: str) -> bool:
    host = urlsplit(server).hostname or ""
    return host == "localhost" or host.startswith("127.") or host == "::1"
