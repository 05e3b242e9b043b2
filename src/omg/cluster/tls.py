"""TLS as client-go does it, with key material that never touches the disk."""

import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from omg.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Trust:
    """Whom to believe.

    Args:
        authorities: PEM, the only ones to believe; None: the system's.
        verifies: False believes everybody (insecure-skip-tls-verify).
    """

    authorities: bytes | None = None
    verifies: bool = True


def tls_context(trust: Trust, certificate: bytes | None = None, key: bytes | None = None) -> ssl.SSLContext:
    """What a connection is made with.

    Args:
        trust: whom to believe.
        certificate: PEM of the client; None: it has none.
        key: of that certificate, PEM.

    Raises:
        ConfigError: PEM that can't be used.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    # Go believes any certificate of the pool, a self-signed server's too, and doesn't ask for the extensions that
    # Python 3.13 began to ask for; many clusters' authorities lack them.
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    if not trust.verifies:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    elif trust.authorities is None:
        context.load_default_certs(ssl.Purpose.SERVER_AUTH)
    else:
        try:
            context.load_verify_locations(cadata=trust.authorities.decode("ascii"))
        except (ssl.SSLError, ValueError):
            raise ConfigError("The kubeconfig's certificate-authority is not a PEM certificate.") from None
    if certificate is not None and key is not None:
        _present(context, certificate, key)
    return context


def _present(context: ssl.SSLContext, certificate: bytes, key: bytes) -> None:
    def ask() -> str:  # OpenSSL would ask on the terminal
        raise ConfigError("The client key is encrypted, which kubectl doesn't take either.")

    try:
        with _readable(certificate) as certificate_path, _readable(key) as key_path:
            context.load_cert_chain(certificate_path, key_path, password=ask)
    except (ssl.SSLError, OSError):
        raise ConfigError("The client certificate and its key are malformed or don't belong together.") from None


@contextmanager
def _readable(data: bytes) -> Iterator[str]:
    """A path at which OpenSSL, which reads only files, can read bytes that are in memory alone.

    Linux has anonymous files for it. Elsewhere a pipe does: OpenSSL reads each path once, from begin to end.
    """
    if hasattr(os, "memfd_create"):
        reader = os.memfd_create("omg", os.MFD_CLOEXEC)
        os.write(reader, data)
        path = f"/proc/self/fd/{reader}"
    else:
        reader, writer = os.pipe()
        os.set_blocking(writer, False)  # more than the pipe holds, which no certificate is, must not hang
        try:
            os.write(writer, data)
        finally:
            os.close(writer)
        path = f"/dev/fd/{reader}"
    try:
        yield path
    finally:
        os.close(reader)
