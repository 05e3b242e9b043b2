"""Which proxy leads to the server: the kubeconfig's, or the environment's, as Go's http.ProxyFromEnvironment has it.

https://pkg.go.dev/golang.org/x/net/http/httpproxy#Config
"""

import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit
from urllib.request import getproxies_environment

from omg.cluster.urls import is_usable
from omg.errors import ConfigError


def proxy_of(proxy_url: str, *, named: str = "The kubeconfig's proxy-url") -> str:
    """A proxy's URL, checked; `named` is where it stands, and begins a sentence.

    Raises:
        ConfigError: it is of a kind that omg can't use, or no URL. Its password isn't quoted.
    """
    if not is_usable(proxy_url):
        scheme = proxy_url.partition(":")[0].lower()
        reason = f"it is a {scheme} proxy" if scheme.startswith("socks") else "it is not an http or https URL"
        raise ConfigError(f"{named} can't be used: {reason}.")
    return proxy_url


def proxy_from_environment(server: str, environment: Mapping[str, str] | None = None) -> str | None:
    """The proxy that HTTPS_PROXY, HTTP_PROXY and NO_PROXY give for a server, or None.

    The environment is scheme → URL, and `no` → what goes without; this process's where it is None.

    Raises:
        ConfigError: the proxy is of a kind that omg can't use, or no URL.
    """
    proxies = getproxies_environment() if environment is None else environment
    parts = urlsplit(server)
    proxy = proxies.get(parts.scheme)
    if not proxy or goes_without(parts.hostname or "", parts.port, proxies.get("no", "")):
        return None
    return proxy_of(proxy if "://" in proxy else f"http://{proxy}", named=f"{parts.scheme.upper()}_PROXY")


def goes_without(host: str, port: int | None, no_proxy: str) -> bool:
    """Whether NO_PROXY names a host: by name, domain, address, network, any of them with a port, or `*`."""
    address = _address(host)
    if host == "localhost" or (address is not None and address.is_loopback):
        return True
    return any(_names(one.strip().lower(), host.lower(), address, port) for one in no_proxy.split(",") if one.strip())


def _names(
    pattern: str, host: str, address: "ipaddress.IPv4Address | ipaddress.IPv6Address | None", port: object
) -> bool:
    if pattern == "*":
        return True
    if address is not None and "/" in pattern:
        try:
            return address in ipaddress.ip_network(pattern, strict=False)
        except ValueError:
            return False
    name, colon, wanted_port = pattern.rpartition(":")
    if colon and wanted_port.isdigit() and _address(pattern) is None:
        if str(port) != wanted_port:
            return False
        pattern = name.strip("[]")
    if address is not None:
        return _address(pattern) == address
    domain = pattern.removeprefix("*").removeprefix(".")
    return host.endswith(f".{domain}") or (host == domain and not pattern.startswith((".", "*")))


def _address(text: str) -> "ipaddress.IPv4Address | ipaddress.IPv6Address | None":
    try:
        return ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        return None
