import errno
import ssl

import aiohttp
import pytest

from omg.cluster.connections import Failure, failure_of


def untrusted(code: int, message: str = "") -> Exception:
    error = ssl.SSLCertVerificationError()
    error.verify_code, error.verify_message = code, message
    return aiohttp.ClientConnectorCertificateError(None, error)  # type: ignore[arg-type]


def tls(reason: str) -> ssl.SSLError:
    error = ssl.SSLError()
    error.reason = reason
    return error


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (untrusted(9), "the server's certificate is not valid yet: compare the clocks"),
        (untrusted(79, "invalid CA certificate"), "the server's certificate can't be trusted: invalid CA certificate"),
        (tls("TLSV1_ALERT_UNKNOWN_CA"), "the server refuses the client certificate"),
        (tls("TLSV1_ALERT_PROTOCOL_VERSION"), "TLS failed: tlsv1 alert protocol version"),
        (tls(""), "TLS failed: no reason given"),
        (aiohttp.InvalidURL("x"), "https://s is not a URL"),
    ],
)
def test_what_does_not_pass_is_told_in_words(error: Exception, reason: str) -> None:
    assert failure_of(error, "https://s") == Failure(reason, may_pass=False)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (OSError(errno.EHOSTUNREACH, ""), "the connection broke: no route to host"),
        (OSError(errno.EPIPE, "Broken pipe"), "the connection broke: broken pipe"),
        (OSError(), "the connection broke: oserror"),
        (aiohttp.ServerTimeoutError(), "the server does not answer in time"),
        (aiohttp.ClientPayloadError(), "the answer was cut"),
        (aiohttp.ClientResponseError(None, ()), "what answers is not HTTP"),  # type: ignore[arg-type]
        (ssl.SSLEOFError(), "the server closed the connection"),
        (aiohttp.ClientConnectorSSLError(None, ssl.SSLEOFError()), "the server closed the connection"),
    ],
)
def test_what_may_pass_is_told_in_words(error: Exception, reason: str) -> None:
    assert failure_of(error, "https://s") == Failure(reason)
