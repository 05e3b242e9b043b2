import asyncio
import base64
import json
import os
import signal
import ssl
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from omg.cluster.credentials import Credentials, ServiceAccount, load_credentials
from omg.cluster.exec_plugin import RUN_PAUSE, ExecPlugin
from omg.cluster.impersonation import impersonation_headers
from omg.cluster.kubeconfig import Section
from omg.cluster.login import Login, TokenFile
from omg.cluster.plugin_process import OUTPUT_CAP, run_program
from omg.errors import ConfigError
from tests.cluster_door.serving import PKI, Time

SERVER = "https://api.example.org:6443"
NO_POD = ServiceAccount(environment={})


def encoded(name: str) -> str:
    return base64.b64encode((PKI / name).read_bytes()).decode()


def kubeconfig(folder: Path, user: dict[str, Any] | None = None, cluster: dict[str, Any] | None = None) -> str:
    content = {
        "clusters": [{"name": "c", "cluster": {"server": SERVER, **(cluster or {})}}],
        "users": [{"name": "u", "user": user or {}}],
        "contexts": [{"name": "k", "context": {"cluster": "c", "user": "u"}}],
        "current-context": "k",
    }
    path = folder / "config"
    path.write_text(yaml.safe_dump(content))
    return str(path)


async def load(folder: Path, user: dict[str, Any] | None = None, **cluster: Any) -> Credentials:
    return await load_credentials(kubeconfig=kubeconfig(folder, user, cluster))


async def headers(found: Credentials) -> dict[str, str]:
    return dict((await found.show()).headers)


# what a user section offers


async def test_a_token_is_a_bearer(tmp_path: Path) -> None:
    assert await headers(await load(tmp_path, {"token": " abc \n"})) == {"Authorization": "Bearer abc"}


async def test_a_name_and_password_are_basic(tmp_path: Path) -> None:
    found = await load(tmp_path, {"username": "jane", "password": "pässword"})
    assert await headers(found) == {"Authorization": f"Basic {base64.b64encode('jane:pässword'.encode()).decode()}"}


async def test_nobody_is_anonymous(tmp_path: Path) -> None:
    assert await headers(await load(tmp_path)) == {}


async def test_a_login_left_by_an_auth_provider_is_used(tmp_path: Path) -> None:
    provider = {"name": "oidc", "config": {"id-token": "abc"}}
    assert await headers(await load(tmp_path, {"auth-provider": provider})) == {"Authorization": "Bearer abc"}


async def test_an_auth_provider_without_a_login_says_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match='"u" has to log in first: its auth-provider has no token'):
        await load(tmp_path, {"auth-provider": {"name": "oidc"}})


async def test_a_token_that_would_be_two_headers_is_refused_and_not_shown(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="The token is malformed") as error:
        await load(tmp_path, {"token": "abc\r\nX-Evil: 1"})
    assert "abc" not in str(error.value)


async def test_a_repr_shows_the_place_and_no_secret(tmp_path: Path) -> None:
    user = {
        "token": "topsecret",
        "client-certificate-data": encoded("client.pem"),
        "client-key-data": encoded("client.key"),
    }
    found = await load(tmp_path, user, **{"proxy-url": "http://me:topsecret@proxy:1"})
    shown = repr(found) + repr(await found.show()) + repr(Login("topsecret"))
    assert SERVER in shown
    assert "topsecret" not in shown


# the cluster section


async def test_the_target_says_how_to_get_there(tmp_path: Path) -> None:
    cluster = {"tls-server-name": "other", "proxy-url": "http://proxy:3128", "server": f"{SERVER}/k8s/"}
    target = (await load(tmp_path, {}, **cluster)).target
    assert (target.server, target.server_name, target.proxy) == (f"{SERVER}/k8s", "other", "http://proxy:3128")
    assert (target.context, target.user) == ("k", "u")


@pytest.mark.parametrize(("proxy", "has_tls"), [("https://proxy:3128", True), ("http://proxy:3128", False)])
async def test_the_way_to_a_proxy_has_tls_of_its_own_where_the_servers_has_none(
    tmp_path: Path, proxy: str, has_tls: bool
) -> None:
    found = await load(tmp_path, {}, **{"server": "http://127.0.0.1:1", "proxy-url": proxy})
    tls = (await found.show()).tls
    assert (tls is not None) is has_tls
    assert tls is None or tls.verify_mode is ssl.CERT_REQUIRED


@pytest.mark.parametrize(
    ("cluster", "compresses"),
    [
        ({}, True),
        ({"disable-compression": True}, False),
        ({"server": "https://127.0.0.1:6443"}, False),
        ({"server": "https://[::1]:6443"}, False),
        ({"server": "http://localhost"}, False),
    ],
)
async def test_answers_come_compressed_from_afar(tmp_path: Path, cluster: dict[str, Any], compresses: bool) -> None:
    assert (await load(tmp_path, {}, **cluster)).target.compresses is compresses


async def test_an_authority_and_no_verification_exclude_each_other(tmp_path: Path) -> None:
    authority = {"certificate-authority-data": encoded("ca.pem"), "insecure-skip-tls-verify": True}
    with pytest.raises(ConfigError, match="insecure-skip-tls-verify and certificate-authority exclude each other"):
        await load(tmp_path, {}, **authority)


async def test_a_server_without_a_scheme_is_understood_as_client_go_does(tmp_path: Path) -> None:
    assert (await load(tmp_path, {}, server="api:1")).target.server == "http://api:1"
    insecure = {"server": "api:1", "insecure-skip-tls-verify": True}
    assert (await load(tmp_path, {}, **insecure)).target.server == "https://api:1"


@pytest.mark.parametrize(
    ("cluster", "sentence"),
    [
        ({"server": ""}, '"c" names no server'),
        ({"server": "ftp://x"}, "a server that is not a URL: ftp://x"),
        ({"server": "https://x:port"}, "a server that is not a URL"),
        ({"certificate-authority-data": base64.b64encode(b"nonsense").decode()}, "is not a PEM certificate"),
    ],
)
async def test_a_cluster_that_can_not_be_used_is_one_sentence(
    tmp_path: Path, cluster: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ConfigError, match=sentence):
        await load(tmp_path, {}, **cluster)


# which kubeconfig


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".kube").mkdir()
    return tmp_path


async def test_without_a_word_the_kubeconfig_at_home_is_used(home: Path) -> None:
    kubeconfig(home / ".kube", {"token": "home"})
    assert await headers(await load_credentials(pod=NO_POD)) == {"Authorization": "Bearer home"}


async def test_nothing_anywhere_is_one_sentence(home: Path) -> None:
    with pytest.raises(ConfigError, match="No cluster is named"):
        await load_credentials(pod=NO_POD)
    with pytest.raises(ConfigError, match="No cluster is named"):
        await load_credentials(pod=pod(home), context="k")


def pod(folder: Path, token: str = "first") -> ServiceAccount:
    (folder / "token").write_text(token)
    (folder / "ca.crt").write_bytes((PKI / "ca.pem").read_bytes())
    environment = {"KUBERNETES_SERVICE_HOST": "fd00::1", "KUBERNETES_SERVICE_PORT": "443"}
    return ServiceAccount(folder / "token", folder / "ca.crt", environment)


async def test_in_a_pod_its_service_account_is_used(home: Path) -> None:
    (home / ".kube/config").write_text("")
    found = await load_credentials(pod=pod(home, "abc\n"), impersonate="jane")
    assert found.target.server == "https://[fd00::1]:443"
    assert await headers(found) == {"Authorization": "Bearer abc", "Impersonate-User": "jane"}
    assert not found.target.compresses


async def test_a_token_file_is_read_again_because_the_kubelet_renews_it(tmp_path: Path) -> None:
    time, path = Time(), tmp_path / "token"
    path.write_text("one\n")
    source = TokenFile(path, clock=time.clock)
    assert (await source.login(anew=False)).authorization == "Bearer one"
    path.write_text("two\n")
    assert (await source.login(anew=False)).authorization == "Bearer one"
    assert (await source.login(anew=True)).authorization == "Bearer two"
    path.write_text("three\n")
    time.now += 61
    assert (await source.login(anew=False)).authorization == "Bearer three"
    path.unlink()
    assert (await source.login(anew=True)).authorization == "Bearer three"


async def test_a_token_file_of_the_kubeconfig_stands_beside_it(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("abc")
    certificate = {"client-certificate-data": encoded("client.pem"), "client-key-data": encoded("client.key")}
    found = await load(tmp_path, {"tokenFile": "mine", **certificate})
    assert await headers(found) == {"Authorization": "Bearer abc"}


async def test_a_token_file_that_is_missing_or_empty_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="mine can't be read: No such file"):
        await load(tmp_path, {"tokenFile": "mine"})
    (tmp_path / "mine").write_bytes(b"\xff")
    with pytest.raises(ConfigError, match="mine can't be read: it is not text"):
        await load(tmp_path, {"tokenFile": "mine"})
    (tmp_path / "mine").write_bytes(b"\n")
    with pytest.raises(ConfigError, match="mine is empty"):
        await load(tmp_path, {"tokenFile": "mine"})


# plugins


def plugin(folder: Path, script: str, **more: Any) -> dict[str, Any]:
    path = folder / "plugin"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return {"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": "./plugin", **more}}


def printing(**status: str) -> str:
    credential = {"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": status}
    return f"cat <<'END'\n{json.dumps(credential)}\nEND"


async def test_a_plugin_is_asked_once_until_its_token_expires(tmp_path: Path) -> None:
    later = (datetime.now(UTC) + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    script = f"echo run >> {tmp_path}/runs\n" + printing(token="abc", expirationTimestamp=later)
    found = await load(tmp_path, plugin(tmp_path, script))
    assert await headers(found) == {"Authorization": "Bearer abc"}
    assert (tmp_path / "runs").read_text() == "run\n"


async def test_an_expired_token_is_renewed_before_it_is_used_but_not_for_every_request(tmp_path: Path) -> None:
    time = Time(now=100.0)
    script = f"echo run >> {tmp_path}/runs\n" + printing(token="abc", expirationTimestamp="2020-01-01T00:00:00")
    asked = ExecPlugin(Section("u", tmp_path, plugin(tmp_path, script)), Section("c", tmp_path, {}), clock=time.clock)
    for _ in range(3):
        await asked.login(anew=False)
    assert (tmp_path / "runs").read_text() == "run\n"
    await asked.login(anew=True)
    time.now += RUN_PAUSE
    await asked.login(anew=False)
    assert (tmp_path / "runs").read_text() == "run\n" * 3


async def test_a_plugin_is_told_what_it_wants_to_know(tmp_path: Path) -> None:
    telling = f'echo "$1 $LEVEL" > {tmp_path}/told; echo "$KUBERNETES_EXEC_INFO" > {tmp_path}/info; read nothing\n'
    script = telling + printing(token="a")
    settings = {"args": ["get"], "env": [{"name": "LEVEL", "value": "7"}], "provideClusterInfo": True}
    await load(tmp_path, plugin(tmp_path, script, **settings))
    assert (tmp_path / "told").read_text() == "get 7\n"
    spec = json.loads((tmp_path / "info").read_text())["spec"]
    assert spec == {"interactive": False, "cluster": {"server": SERVER}}


async def test_a_plugin_may_bring_a_certificate(tmp_path: Path) -> None:
    certificate, key = (PKI / "client.pem").read_text(), (PKI / "client.key").read_text()
    script = printing(clientCertificateData=certificate, clientKeyData=key)
    found = await load(tmp_path, plugin(tmp_path, script))
    assert await headers(found) == {}
    assert (await found.show()).tls is (await found.show()).tls


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        ("echo no such user >&2; exit 3", r"\./plugin failed \(3\): no such user\."),
        ("exit 1", r"failed \(1\): it says nothing"),
        ("echo not json", "its answer is not an ExecCredential"),
        (printing(clientCertificateData="x"), "its answer is not an ExecCredential"),
        ('echo \'{"apiVersion": "v2", "status": {"token": "a"}}\'', "its answer is not an ExecCredential"),
        (printing(token="a", expirationTimestamp="soon"), "its answer is not an ExecCredential"),
    ],
)
async def test_a_plugin_that_fails_is_one_sentence(tmp_path: Path, script: str, sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence):
        await load(tmp_path, plugin(tmp_path, script))


async def test_a_plugin_that_is_not_installed_says_how_to_get_it(tmp_path: Path) -> None:
    user = {"exec": {"apiVersion": "v1", "command": "no-such-plugin", "installHint": "Install it."}}
    with pytest.raises(ConfigError, match=r"no-such-plugin can't be run: No such file or directory\. Install it\."):
        await load(tmp_path, user)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"interactiveMode": "Always"}, "asks a person"),
        ({"apiVersion": None}, "is malformed"),
        ({"args": "one"}, "is malformed"),
        ({"args": [{"a": 1}]}, "is malformed"),
        ({"env": "A=b"}, "is malformed"),
        ({"env": [{"name": "A", "value": ["b"]}]}, "is malformed"),
    ],
)
async def test_a_plugin_that_can_not_be_used_is_one_sentence(
    tmp_path: Path, settings: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ConfigError, match=sentence):
        await load(tmp_path, plugin(tmp_path, "", **settings))


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        (printing(), "it gave neither token nor certificate"),
        ("head -c 200000 /dev/zero | tr '\\0' '['", "its answer is not an ExecCredential"),
        ("yes & sleep 0.2; kill $!", "its answer is not an ExecCredential"),
    ],
)
async def test_what_a_plugin_prints_is_read_within_limits(tmp_path: Path, script: str, sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence):
        await load(tmp_path, plugin(tmp_path, script))


async def test_a_program_that_prints_for_ever_takes_no_memory() -> None:
    ended = await run_program(["sh", "-c", "yes & yes >&2 & sleep 0.5; kill 0"], {"PATH": os.environ["PATH"]}, limit=9)
    assert (len(ended.stdout), len(ended.stderr)) == (OUTPUT_CAP, OUTPUT_CAP)


async def test_a_child_that_a_plugin_leaves_behind_is_not_waited_for(tmp_path: Path) -> None:
    script = f"sleep 60 & echo $! > {tmp_path}/child\n" + printing(token="abc")
    found = await load(tmp_path, plugin(tmp_path, script))
    assert await headers(found) == {"Authorization": "Bearer abc"}
    os.kill(int((tmp_path / "child").read_text()), signal.SIGKILL)


async def test_what_the_kubeconfig_gives_a_plugin_is_not_quoted_when_the_plugin_does(tmp_path: Path) -> None:
    script = 'echo "refused: $1 for $PASS at cluster prod" >&2; exit 1'
    settings = {"args": ["--secret=pa55-word"], "env": [{"name": "PASS", "value": "0ther-word"}]}
    with pytest.raises(ConfigError, match="refused: … for … at cluster prod") as told:
        await load(tmp_path, plugin(tmp_path, script, **settings))
    assert "word" not in str(told.value)


async def test_a_plugin_that_hangs_is_ended_with_its_children(tmp_path: Path) -> None:
    user = Section("u", tmp_path, plugin(tmp_path, f"sleep 60 & echo $! > {tmp_path}/child; wait"))
    slow = ExecPlugin(user, Section("c", tmp_path, {}), limit=0.3)
    with pytest.raises(ConfigError, match=r"did not end within 0\.3 s"):
        await slow.login(anew=False)
    child = int((tmp_path / "child").read_text())
    for _ in range(50):
        if not Path(f"/proc/{child}").exists() or "Z" in Path(f"/proc/{child}/stat").read_text():
            break
        await asyncio.sleep(0.02)
    else:
        raise AssertionError("the plugin's child lives on")


# acting as somebody


async def test_the_command_line_goes_before_the_kubeconfig_in_whom_to_act_as(tmp_path: Path) -> None:
    user = {"token": "t", "as": "joe", "as-groups": ["g"], "as-uid": "1", "as-user-extra": {"a/B": ["x", "y"]}}
    path = kubeconfig(tmp_path, user)
    found = await load_credentials(kubeconfig=path, impersonate="jane", impersonate_groups=("h", "i"))
    assert (await found.show()).headers[1:] == (
        ("Impersonate-User", "jane"),
        ("Impersonate-Group", "h"),
        ("Impersonate-Group", "i"),
        ("Impersonate-Uid", "1"),
        ("Impersonate-Extra-a%2Fb", "x"),
        ("Impersonate-Extra-a%2Fb", "y"),
    )
    section = Section("u", tmp_path, user)
    assert impersonation_headers(section, None, ())[:2] == [("Impersonate-User", "joe"), ("Impersonate-Group", "g")]


@pytest.mark.parametrize(
    "user",
    [
        {"as": ["joe"]},
        {"as": "joe", "as-groups": "g"},
        {"as": "joe", "as-groups": [None]},
        {"as": "joe", "as-user-extra": ["x"]},
        {"as": "joe", "as-user-extra": {"x": "y"}},
        {"as": "joe\r\nX-Other: header"},
        {"as": "joe", "as-groups": ["g\nh"]},
        {"as": "joe", "as-uid": "1\n"},
        {"as": "joe", "as-user-extra": {"x": ["y\n"]}},
        {"token": ["t"]},
        {"token": {"a": "b"}},
        {"auth-provider": "oidc"},
        {"auth-provider": {"name": "oidc", "config": ["a"]}},
        {"exec": "plugin"},
    ],
)
async def test_a_user_that_is_malformed_is_one_sentence(tmp_path: Path, user: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match="malformed"):
        await load(tmp_path, user)


async def test_a_password_in_the_url_of_the_server_is_a_login_and_in_no_sentence(tmp_path: Path) -> None:
    path = kubeconfig(tmp_path, {}, {"server": "https://jane:pass%40word@api.example.org:6443/prefix"})
    found = await load_credentials(kubeconfig=path)
    assert await headers(found) == {"Authorization": f"Basic {base64.b64encode(b'jane:pass@word').decode()}"}
    assert found.target.server == "https://api.example.org:6443/prefix"
    token = await load_credentials(kubeconfig=kubeconfig(tmp_path, {"token": "t"}, {"server": "https://a:b@h"}))
    assert await headers(token) == {"Authorization": "Bearer t"}
    with pytest.raises(ConfigError, match="not a URL: ftp://h") as told:
        await load(tmp_path, {}, server="ftp://jane:password@h")
    assert "password" not in str(told.value)


async def test_a_password_that_looks_like_a_number_is_the_text_that_stands_there(tmp_path: Path) -> None:
    path = Path(kubeconfig(tmp_path, {"username": "jane", "password": "x"}))
    path.write_text(path.read_text().replace("password: x", "password: 0123_4:50"))
    found = await load_credentials(kubeconfig=str(path))
    assert await headers(found) == {"Authorization": f"Basic {base64.b64encode(b'jane:0123_4:50').decode()}"}


async def test_a_kubeconfig_may_be_a_pipe_which_is_read_once(tmp_path: Path) -> None:
    content = Path(kubeconfig(tmp_path, {"token": "t"})).read_bytes()
    reader, writer = os.pipe()
    os.write(writer, content)
    os.close(writer)
    try:
        assert await headers(await load_credentials(kubeconfig=f"/dev/fd/{reader}")) == {"Authorization": "Bearer t"}
    finally:
        os.close(reader)


async def test_without_a_home_there_is_no_kubeconfig(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(_path: Path) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "expanduser", nowhere)
    with pytest.raises(ConfigError, match="there is no home directory, and this is not a pod"):
        await load_credentials(pod=NO_POD)
    with pytest.raises(ConfigError, match="~nobody/config can't be read: there is no such home directory"):
        await load_credentials(kubeconfig="~nobody/config")


def test_a_group_needs_a_user() -> None:
    with pytest.raises(ConfigError, match="needs a user to act as"):
        impersonation_headers(Section("u", Path(), {}), None, ("g",))


# no key on the disk

KILLED = """
import asyncio, os, signal, sys, tempfile
from omg.cluster.credentials import load_credentials
found = asyncio.run(load_credentials(kubeconfig=sys.argv[1]))
assert found
print("loaded", flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_no_key_is_left_on_the_disk_not_even_by_sigkill(tmp_path: Path) -> None:
    user = {"client-certificate-data": encoded("client.pem"), "client-key-data": encoded("client.key")}
    path = kubeconfig(tmp_path, user, {"certificate-authority-data": encoded("ca.pem")})
    (tmp_path / "tmp").mkdir()
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, path],
        env={**os.environ, "TMPDIR": str(tmp_path / "tmp"), "HOME": str(tmp_path)},
        capture_output=True,
        timeout=30,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (-signal.SIGKILL, b"loaded\n")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["config", "tmp"]
    assert list((tmp_path / "tmp").iterdir()) == []


@pytest.mark.parametrize(
    ("certificate", "key", "sentence"),
    [
        ("client.pem", "server.key", "malformed or don't belong together"),
        ("client.pem", "ca.pem", "malformed or don't belong together"),
        ("client.pem", "client-encrypted.key", "The client key is encrypted"),
        ("client.pem", None, "needs both client-certificate and client-key"),
    ],
)
async def test_a_client_certificate_that_can_not_be_used_is_one_sentence(
    tmp_path: Path, certificate: str, key: str | None, sentence: str
) -> None:
    user = {"client-certificate-data": encoded(certificate), **({"client-key": str(PKI / key)} if key else {})}
    with pytest.raises(ConfigError, match=sentence):
        await load(tmp_path, user)
