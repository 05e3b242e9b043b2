"""The keys and certificates of one cluster, made by openssl in a fraction of a second."""

import subprocess
from pathlib import Path

_NAMES = "subjectAltName=DNS:localhost,DNS:kubernetes,DNS:kubernetes.default.svc,IP:127.0.0.1,IP:10.96.0.1"

_SIGNED = {
    "apiserver": ("/CN=kube-apiserver", _NAMES),
    "kubelet": ("/CN=kubelet", _NAMES),
    "admin": ("/O=system:masters/CN=admin", "extendedKeyUsage=clientAuth"),
}


def make_certificates(folder: Path) -> None:
    """Write ca, apiserver, kubelet and admin as NAME.crt and NAME.key, and sa.key with sa.pub for service accounts."""
    folder.mkdir(parents=True)
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    _openssl(folder, "req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.crt", "-days", "30", "-subj", "/CN=testbed")
    _openssl(folder, "genrsa", "-out", "sa.key", "2048")
    _openssl(folder, "rsa", "-in", "sa.key", "-pubout", "-out", "sa.pub")
    for name, (subject, extension) in _SIGNED.items():
        _openssl(folder, "req", *key, "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", subject)
        (folder / f"{name}.ext").write_text(extension)
        files = ["-in", f"{name}.csr", "-out", f"{name}.crt", "-extfile", f"{name}.ext"]
        _openssl(folder, "x509", "-req", *files, "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-days", "30")


def _openssl(folder: Path, *arguments: str) -> None:
    ended = subprocess.run(
        ["openssl", *arguments], cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False
    )
    if ended.returncode:
        raise RuntimeError(f"openssl {arguments[0]} failed: {ended.stderr.decode()}")
