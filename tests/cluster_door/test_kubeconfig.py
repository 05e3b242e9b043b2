import base64
from pathlib import Path

import pytest

from omg.cluster.kubeconfig import Kubeconfig
from omg.errors import ConfigError

FIRST = """
clusters: [{name: c, cluster: {server: "https://first:6443", certificate-authority: pki/ca.pem}}]
users: [{name: u, user: {token: first}}]
contexts: [{name: one, context: {cluster: c, user: u}}]
current-context: one
"""

SECOND = """
clusters: [{name: c, cluster: {server: "https://second:6443"}}, {name: d, cluster: {server: "https://d:6443"}}]
users:
contexts: [{name: two, context: {cluster: d}}]
current-context: two
"""


def files(folder: Path, *contents: str) -> str:
    paths = []
    for number, content in enumerate(contents):
        path = folder / f"{number}.yaml"
        path.write_text(content)
        paths.append(str(path))
    return ":".join(paths)


def test_the_first_file_that_says_something_wins(tmp_path: Path) -> None:
    merged = Kubeconfig(files(tmp_path, FIRST, SECOND))
    assert merged.choose(None).cluster.text("server") == "https://first:6443"
    assert merged.choose("two").cluster.text("server") == "https://d:6443"


def test_files_that_do_not_exist_or_are_empty_are_passed_over(tmp_path: Path) -> None:
    paths = f"{tmp_path}/missing::{files(tmp_path, '', SECOND)}"
    assert Kubeconfig(paths).choose(None).context == "two"
    empty = Kubeconfig(files(tmp_path, ""))
    assert empty.is_empty
    with pytest.raises(ConfigError, match='no context "x"; it has: none'):
        empty.choose("x")


def test_a_context_may_have_no_user(tmp_path: Path) -> None:
    assert Kubeconfig(files(tmp_path, SECOND)).choose(None).user.values == {}


def test_paths_are_relative_to_the_file_that_holds_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pki").mkdir()
    (tmp_path / "pki/ca.pem").write_bytes(b"authority")
    files(tmp_path, FIRST)
    monkeypatch.chdir(tmp_path)
    chosen = Kubeconfig("0.yaml").choose(None)
    assert chosen.cluster.path("certificate-authority") == tmp_path / "pki/ca.pem"
    assert chosen.cluster.material("certificate-authority") == b"authority"


def test_data_beats_a_file(tmp_path: Path) -> None:
    data = base64.b64encode(b"inline").decode()
    text = FIRST.replace("server:", f"certificate-authority-data: {data}, server:")
    assert Kubeconfig(files(tmp_path, text)).choose(None).cluster.material("certificate-authority") == b"inline"


@pytest.mark.parametrize(
    ("text", "context", "sentence"),
    [
        ("a: [", None, r"is malformed: it is not YAML \(line 1\)\.$"),
        ("\x00", None, "is malformed: it is not YAML"),
        ("just words", None, "it is not a kubeconfig"),
        ("clusters: {}", "one", 'no context "one"; it has: none'),
        ("clusters: {a: b}", None, "its clusters are not a list of things with names"),
        ("users: [{user: {token: abc}}]", None, r"its users are not a list of things with names\.$"),
        ("contexts: [nonsense]", None, "its contexts are not a list of things with names"),
        (FIRST, "three", 'has no context "three"; it has: one'),
        (FIRST, "onee", 'has no context "onee": did you mean one?'),
        (FIRST.replace("current-context: one", ""), None, "has no current context"),
        (FIRST.replace("cluster: c,", "cluster: x,"), None, 'has no cluster "x" for "one"'),
        (FIRST.replace("user: u}", "user: x}"), None, 'has no user "x" for "one"'),
        (FIRST.replace("user: {token: first}", "user: tim"), None, '"u" in its users has no values'),
        ("[" * 5000, None, "it is not YAML"),
    ],
)
def test_a_kubeconfig_that_can_not_be_used_is_one_sentence(
    tmp_path: Path, text: str, context: str | None, sentence: str
) -> None:
    with pytest.raises(ConfigError, match=sentence):
        Kubeconfig(files(tmp_path, text)).choose(context)


def test_a_kubeconfig_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=f"The kubeconfig {tmp_path}/none does not exist"):
        Kubeconfig(f"{tmp_path}/none")


def test_a_kubeconfig_that_can_not_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=f"The kubeconfig {tmp_path} can't be read: Is a directory"):
        Kubeconfig(str(tmp_path))


@pytest.mark.parametrize(
    ("cluster", "sentence"),
    [
        ("certificate-authority-data: '!!'", 'certificate-authority-data of "c" is not base64'),
        ("certificate-authority: nowhere.pem", "certificate-authority can't be read: .*nowhere.pem: No such file"),
    ],
)
def test_a_certificate_that_can_not_be_read_is_named(tmp_path: Path, cluster: str, sentence: str) -> None:
    text = FIRST.replace("certificate-authority: pki/ca.pem", cluster)
    with pytest.raises(ConfigError, match=sentence):
        Kubeconfig(files(tmp_path, text)).choose(None).cluster.material("certificate-authority")


def test_the_repr_of_a_section_shows_no_secret(tmp_path: Path) -> None:
    assert "first" not in repr(Kubeconfig(files(tmp_path, FIRST)).choose(None))
