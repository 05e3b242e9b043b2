"""kubernetes_asyncio is loaded without its models, and as a whole where that can't be done."""

import subprocess
import sys

ASK = """
import sys
{before}
import omg.cluster.credentials
loaded = [name for name in sys.modules if name.startswith("kubernetes_asyncio.client.models.")]
from kubernetes_asyncio.client import Configuration
from kubernetes_asyncio.config.kube_config import KubeConfigMerger
print(len(loaded), Configuration.__name__, KubeConfigMerger.__name__)
"""

USABLE = "Configuration KubeConfigMerger"


def _said(before: str = "") -> tuple[int, str]:
    done = subprocess.run(  # imports are a process's, so it takes one of its own
        [sys.executable, "-c", ASK.format(before=before)], check=True, capture_output=True, text=True, timeout=60
    )
    count, _, rest = done.stdout.strip().partition(" ")
    return int(count), rest


def test_no_model_is_loaded_and_configuration_and_credentials_are_there() -> None:
    assert _said() == (0, USABLE)


def test_what_somebody_has_imported_already_stays() -> None:
    count, rest = _said("import kubernetes_asyncio.client")
    assert count > 500
    assert rest == USABLE


NO_AUTHORITIES = """
import ssl
read = []
ssl.SSLContext.load_default_certs = lambda *_: read.append("the system's")
import omg.cluster
print(read)
from aiohttp import connector
believed = connector._SSL_CONTEXT_VERIFIED
print(believed.cert_store_stats(), believed.verify_mode.name)
print(connector._SSL_CONTEXT_UNVERIFIED.cert_store_stats())
ssl.create_default_context()  # reads what it always did
print(read, ssl.SSLContext.set_default_verify_paths.__objclass__.__name__)
"""


def test_aiohttp_reads_no_authorities_and_believes_nobody() -> None:
    done = subprocess.run(
        [sys.executable, "-c", NO_AUTHORITIES], check=True, capture_output=True, text=True, timeout=60
    )
    nothing = "{'x509': 0, 'crl': 0, 'x509_ca': 0}"
    assert done.stdout.splitlines() == ["[]", f"{nothing} CERT_REQUIRED", nothing, '["the system\'s"] _SSLContext']


def test_a_version_without_the_modules_that_are_named_is_imported_as_a_whole() -> None:
    count, rest = _said(
        "sys.modules['kubernetes_asyncio.client.configuration'] = None  # as if there were none\n"
        "import omg.cluster\n"
        "sys.modules.pop('kubernetes_asyncio.client.configuration', None)"
    )
    assert count > 500
    assert rest == USABLE
