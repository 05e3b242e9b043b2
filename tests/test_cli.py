"""What the command prints for a person."""

import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from omg.cli import cli, gather_command, on_terminal
from omg.errors import ConfigError
from omg.settings import NOT_FLAGS, Settings, slips
from omg.tasks.services import unknown


def printed(*arguments: str, **environment: str) -> str:
    """What the command prints for a terminal of 100 columns."""
    return CliRunner().invoke(cli, arguments, env=environment, prog_name="omg").output


def test_the_help_of_gather_begins_with_examples_and_has_every_setting_in_a_group() -> None:
    text = printed("gather", "--help")
    assert text.index("Examples:") < text.index("Exit status:") < text.index("Cluster:")
    flags = [f"--{name.replace('_', '-')}" for name in Settings.model_fields if name not in NOT_FLAGS]
    assert [flag for flag in flags if flag not in text] == []
    other = text[text.index("\nOther:") :]
    assert [line.split()[0] for line in other.splitlines() if line.startswith("  -")] == [
        "--omc",
        "--os-git-version",
        "-h,",
    ]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_completes_in_a_shell(shell: str) -> None:
    assert "_OMG_COMPLETE" in printed("completion", shell)


def test_tasks_are_completed_also_after_others() -> None:
    given = {"_OMG_COMPLETE": "bash_complete", "COMP_WORDS": "omg gather --only pods,pod_l", "COMP_CWORD": "3"}
    found = CliRunner().invoke(cli, [], env=given, prog_name="omg", complete_var="_OMG_COMPLETE").output
    assert found.strip() == "plain,pods,pod_logs"


def test_a_command_that_is_not_there_is_answered_with_the_nearest() -> None:
    assert "There is no command gathr: did you mean gather?" in printed("gathr")
    assert "No such command 'zzz'" in printed("zzz")
    assert "--deadline" in printed("gather", "--deadlin", "3m")
    assert gather_command.name == "gather"


def test_a_variable_that_is_almost_a_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert slips() == []
    monkeypatch.setenv("CONCURENCY", "3")
    monkeypatch.setenv("CONCURRENCY", "3")
    assert slips() == ["CONCURENCY is no setting: did you mean CONCURRENCY?"]


def test_what_kubernetes_sets_in_every_pod_is_no_slip(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("KUBERNETES_SERVICE_HOST", "KUBERNETES_SERVICE_PORT", "KUBERNETES_SERVICE_PORT_HTTPS", "POD_NAME"):
        monkeypatch.setenv(name, "x")
    assert slips() == []


def test_a_line_of_the_summary_is_broken_between_words_and_hangs() -> None:
    line = "Look first at namespaces/openstack/pods/cinder-volume-netapp-0/logs/ (CrashLoopBackOff; 9 more in trouble)."
    assert on_terminal(line, 80, styled=False) == [
        "Look first at namespaces/openstack/pods/cinder-volume-netapp-0/logs/",
        "  (CrashLoopBackOff; 9 more in trouble).",
    ]


def test_what_matters_is_marked_where_that_is_wanted() -> None:
    marked = on_terminal("! A warning.", 80, styled=True)
    assert marked == [click.style("! A warning.", fg="red", bold=True)]
    assert on_terminal("! A warning.", 80, styled=False) == ["! A warning."]
    assert on_terminal("Everything is in /out.", 80, styled=True) == ["Everything is in /out."]
    assert on_terminal("denied: secrets: no.", 80, styled=True) != ["denied: secrets: no."]


def test_a_word_that_is_longer_than_the_line_stays_whole() -> None:
    assert on_terminal(f"Archive: /{'x' * 200}", 40, styled=False) == ["Archive:", f"  /{'x' * 200}"]


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        (("--since", "2h"), ("--must-gather-since", "2h")),
        (("--since-time", "2026-01-31T08:00:00Z"), ("--must-gather-since-time", "2026-01-31T08:00:00Z")),
        (("-n", "prod"), ("--osp-ns", "prod")),
        (("--timeout", "90s"), ("--deadline", "90s")),
        (("--read-only",), ("--read-only", "1")),
        (("--read-only", "--skip", "ovn"), ("--read-only=true", "--skip", "ovn")),
        (("--read-only", "0"), ("--read-only=0",)),
        (("--read-only", ""), ("--read-only=",)),
    ],
)
def test_flags_that_others_know_do_what_omgs_own_do(theirs: tuple[str, ...], ours: tuple[str, ...]) -> None:
    assert printed("plan", "--format=json", *theirs) == printed("plan", "--format=json", *ours)
    assert '"tasks"' in printed("plan", "--format=json", *theirs)


def test_a_switch_does_not_take_the_directory_for_its_value() -> None:
    with pytest.raises(ConfigError, match=r"No cluster is named"):
        CliRunner().invoke(
            cli,
            ["gather", "--read-only", "out"],
            env={"KUBECONFIG": "", "HOME": "/nowhere", "KUBERNETES_SERVICE_HOST": None},
            prog_name="omg",
            catch_exceptions=False,
        )


def test_the_directory_is_given_once() -> None:
    assert "give one of them" in printed("gather", "a", "--dest-dir", "b")


def test_a_slip_in_the_environment_is_named_beside_the_plan() -> None:
    assert "CONCURENCY is no setting: did you mean CONCURRENCY?" in printed("plan", CONCURENCY="3")


def test_a_service_that_is_almost_one_is_named() -> None:
    assert unknown(["novva", "nova-api", "cinder", "something-else"]) == [
        "SOS_SERVICES names novva: did you mean nova?"
    ]


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_standard_streams_change_nothing(closed: str, tmp_path: Path) -> None:
    command = f"exec {sys.executable} -m omg plan --only namespaces {closed}"
    assert subprocess.run(["sh", "-c", command], cwd=tmp_path, timeout=60, check=False).returncode == 0


def test_no_file_gets_the_number_of_a_closed_stream(tmp_path: Path) -> None:
    script = "\n".join(
        [
            "import os, sys",
            "from omg.progress import open_what_is_closed",
            "open_what_is_closed()",
            "print('lost'); print('lost', file=sys.stderr); sys.stdout.flush()",
            "with open('numbers', 'w') as file: file.write(str(file.fileno() > 2))",
        ]
    )
    command = f'exec {sys.executable} -c "$1" <&- >&- 2>&-'
    subprocess.run(["sh", "-c", command, "sh", script], cwd=tmp_path, timeout=60, check=True)
    assert (tmp_path / "numbers").read_text() == "True"
