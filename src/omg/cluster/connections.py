"""Why there is no connection, in words. The one place that knows aiohttp's errors."""

import errno
import os
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import aiohttp

NETWORK_ERRORS = (aiohttp.ClientError, TimeoutError, OSError, ssl.SSLError)
"""What a request or the reading of its answer may raise."""

_CUT_TLS = (ssl.SSLEOFError, ssl.SSLZeroReturnError)
"""TLS that ended in the middle, as where a load balancer loses its server."""

_EXPIRED = frozenset({10})
_NOT_YET_VALID = frozenset({9})
_UNKNOWN_AUTHORITY = frozenset({2, 18, 19, 20, 21})
_OTHER_NAME = frozenset({62, 63, 64})
"""X509_V_ERR_ codes of OpenSSL's x509_vfy.h."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A reason, which follows a colon in a sentence; `may_pass`: trying again may help."""

    reason: str
    may_pass: bool = True


def failure_of(error: BaseException, server: str) -> Failure:
    """What went wrong between here and the server."""
    known = next((tell for kind, tell in _TOLD if isinstance(error, kind)), None)
    if known is None:
        return Failure(f"the answer can't be understood ({type(error).__name__})", may_pass=False)
    return known(error, server)


def _about_certificate(error: BaseException) -> str:
    code = getattr(error, "verify_code", None)
    if code in _EXPIRED:
        return "the server's certificate has expired"
    if code in _NOT_YET_VALID:
        return "the server's certificate is not valid yet: compare the clocks"
    if code in _UNKNOWN_AUTHORITY:
        return "the server's certificate is signed by an authority that is not trusted here"
    if code in _OTHER_NAME:
        return "the server's certificate is for another name"
    detail = getattr(error, "verify_message", "") or type(error).__name__
    return f"the server's certificate can't be trusted: {detail}"


def _about_tls(error: BaseException) -> str:
    if isinstance(getattr(error, "os_error", error), _CUT_TLS):
        return "the server closed the connection"
    reason = str(getattr(getattr(error, "os_error", error), "reason", "") or "")
    if "WRONG_VERSION_NUMBER" in reason or "RECORD_LAYER_FAILURE" in reason or "HTTP_REQUEST" in reason:
        return "the server does not speak TLS"
    if "CERTIFICATE_REQUIRED" in reason or "BAD_CERTIFICATE" in reason or "UNKNOWN_CA" in reason:
        return "the server refuses the client certificate"
    return f"TLS failed: {reason.replace('_', ' ').lower() or 'no reason given'}"


def _about_os(error: OSError) -> str:
    if isinstance(error, socket.gaierror):
        return "its name can't be resolved"
    if error.errno in {errno.ECONNREFUSED, errno.ECONNRESET, errno.EHOSTUNREACH, errno.ENETUNREACH, errno.ETIMEDOUT}:
        return os.strerror(error.errno).lower()
    return (error.strerror or type(error).__name__).lower()


_TOLD: tuple[tuple[type[BaseException], Callable[[Any, str], Failure]], ...] = (
    (aiohttp.ClientConnectorCertificateError, lambda e, _: Failure(_about_certificate(e.certificate_error), False)),
    (aiohttp.ClientConnectorSSLError, lambda e, _: Failure(_about_tls(e), isinstance(e.os_error, _CUT_TLS))),
    (aiohttp.ClientHttpProxyError, lambda e, _: Failure(f"the proxy answers {e.status}", e.status >= 500)),
    (aiohttp.ClientProxyConnectionError, lambda e, _: Failure(f"no connection to the proxy: {_about_os(e.os_error)}")),
    (aiohttp.ClientConnectorDNSError, lambda e, _: Failure(f"the name of the server, {e.host}, can't be resolved")),
    (aiohttp.ClientConnectorError, lambda e, server: Failure(f"no connection to {server}: {_about_os(e.os_error)}")),
    (aiohttp.InvalidURL, lambda _, server: Failure(f"{server} is not a URL", False)),
    (aiohttp.ClientPayloadError, lambda _, __: Failure("the answer was cut")),
    (aiohttp.ServerDisconnectedError, lambda _, __: Failure("the server closed the connection")),
    (TimeoutError, lambda _, __: Failure("the server does not answer in time")),
    (ssl.SSLError, lambda e, _: Failure(_about_tls(e), isinstance(e, _CUT_TLS))),
    (aiohttp.ClientResponseError, lambda _, __: Failure("what answers is not HTTP")),
    (OSError, lambda e, _: Failure(f"the connection broke: {_about_os(e)}")),
)
"""From the particular to the general: aiohttp's errors are also OSErrors and ssl.SSLErrors."""
