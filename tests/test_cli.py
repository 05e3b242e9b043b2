"""What the command prints for a person."""

import click
import pytest
from click.testing import CliRunner

from omg.cli import cli, gather_command, on_terminal
from omg.settings import NOT_FLAGS, Settings, slips


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
