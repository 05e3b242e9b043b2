"""Certificates and private keys as text: the certificate is real, the keys only look so."""

from __future__ import annotations

import base64
import textwrap

from omg.embedded.corpus.draws import Draw

# Self-signed, made once for this corpus (openssl req -x509, CN=openstack.openstack.svc); its key was thrown away.
CERTIFICATE = """\
-----BEGIN CERTIFICATE-----
MIIBmDCCAT+gAwIBAgIUZ1G81mrIz6qYTHF+wmzvK4BrpjswCgYIKoZIzj0EAwIw
IjEgMB4GA1UEAwwXb3BlbnN0YWNrLm9wZW5zdGFjay5zdmMwHhcNMjYxMTIzMDYz
ODQzWhcNMzYxMTIwMDYzODQzWjAiMSAwHgYDVQQDDBdvcGVuc3RhY2sub3BlbnN0
YWNrLnN2YzBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABFP3Hwn7K67gPpIU6/wO
+dGdAVICuBfaQFEBAxdwiIVZ+Y5ShmSqQaK08aNJdM3BPixmrHrBJhlAe1eE+yKN
gvmjUzBRMB0GA1UdDgQWBBQZUw9Y6K3IcfJMkdSrjvG1CrxODDAfBgNVHSMEGDAW
gBQZUw9Y6K3IcfJMkdSrjvG1CrxODDAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49
BAMCA0cAMEQCIAwFqNnm53NVH0aBbQ9j9VMqapnUz/gU/mFPrrBPNaHjAiBStvQj
8lm5bZot20LBnEXWR2ZCY8SolFgvqk9j7jIjRg==
-----END CERTIFICATE-----
"""

RSA_HEAD = bytes.fromhex("308204a40201000282010100")
SSH_HEAD = b"openssh-key-v1\x00\x00\x00\x00\x04none\x00\x00\x00\x04none\x00\x00\x00\x00\x00\x00\x00\x01"


def rsa_key(draw: Draw) -> str:
    """A private key of 2,048 bits by its shape: the beginning of one in DER, and chance."""
    return _armoured("RSA PRIVATE KEY", RSA_HEAD + draw.raw(1180), 64)


def ssh_key(draw: Draw) -> str:
    """An OpenSSH private key by its shape."""
    return _armoured("OPENSSH PRIVATE KEY", SSH_HEAD + draw.raw(360), 70)


def secret_lines(key: str) -> list[str]:
    """The lines of a private key that tell nothing of its kind: all but its beginning, its end and the short last."""
    return key.splitlines()[2:-2]


def _armoured(label: str, data: bytes, width: int) -> str:
    body = "\n".join(textwrap.wrap(base64.b64encode(data).decode(), width))
    return f"-----BEGIN {label}-----\n{body}\n-----END {label}-----\n"
