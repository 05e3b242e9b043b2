import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from omg.errors import ConfigError
from omg.settings import NOT_FLAGS, Settings, have_a_home, load_settings, seconds_of


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_an_unset_value_takes_its_default_and_an_empty_one_switches_off(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().sos_services is None
    assert "crio" in load_settings().sos_only_plugins
    for name in ("SOS_SERVICES", "SOS_ONLY_PLUGINS", "DEADLINE", "MAX_BYTES", "AUDIT", "MUST_GATHER_SINCE_TIME"):
        monkeypatch.setenv(name, "")
    settings = load_settings()
    assert settings.sos_services == ()
    assert settings.sos_only_plugins == ()
    assert (settings.deadline, settings.max_bytes, settings.must_gather_since_time) == (None, None, None)
    assert settings.audit is False


def test_where_nothing_can_be_switched_off_an_empty_value_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = load_settings()
    for name in ("BASE_COLLECTION_PATH", "SUPPORT_TOOLS", "OS_GIT_VERSION"):
        monkeypatch.setenv(name, "")
    assert load_settings() == usual


def test_the_environment_is_read_and_a_flag_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONCURRENCY", "7")
    monkeypatch.setenv("ADDITIONAL_NAMESPACES", "kube, ,storage,kube")
    monkeypatch.setenv("DEADLINE", "1h2m3.5s")
    monkeypatch.setenv("MAX_BYTES", "2GiB")
    settings = load_settings({"concurrency": "3", "base_collection_path": "/tmp/x"})
    assert settings.concurrency == 3
    assert settings.additional_namespaces == ("kube", "storage")
    assert settings.deadline == 3723.5
    assert settings.max_bytes == 2 * 1024**3
    assert settings.base_collection_path == Path("/tmp/x")


def test_every_wrong_setting_is_named_in_one_message(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = {
        "CONCURRENCY": "0",
        "SOS_CONCURRENCY": "",
        "DEADLINE": "10",
        "ITEM_TIMEOUT": "0s",
        "STALL_TIMEOUT": "",
        "MUST_GATHER_SINCE": "-5m",
        "MUST_GATHER_SINCE_TIME": "yesterday",
        "MAX_BYTES": "much",
        "DISK_LIMIT": "200%",
        "ARCHIVE": "rar",
        "READ_ONLY": "maybe",
        "OSP_NS": "",
    }
    for name, value in wrong.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError) as caught:
        load_settings()
    message = str(caught.value)
    for name, value in wrong.items():
        assert f"{name}: given {value!r}, expected " in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0),
        ("90s", 90),
        ("2h30m", 9000),
        ("1.5s", 1.5),
        ("100ms", 0.1),
        ("1us", 1e-6),
        ("1µs", 1e-6),
        ("1\u03bcs", 1e-6),
        (".5m", 30),
    ],
)
def test_go_durations_are_read(text: str, seconds: float) -> None:
    assert seconds_of(text) == pytest.approx(seconds)


@pytest.mark.parametrize("text", ["", "5", "s", "5 s", "5s ", "1d", "--5s", "5sx", "1h 5m"])
def test_what_is_no_go_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected a duration"):
        seconds_of(text)


@pytest.mark.parametrize("text", ["2026-01-31", "2026-01-31T08:00:00", "now"])
def test_a_time_needs_a_date_a_time_and_an_offset(text: str) -> None:
    with pytest.raises(ConfigError, match="MUST_GATHER_SINCE_TIME"):
        load_settings({"must_gather_since_time": text})


def test_of_the_two_since_settings_the_later_time_holds() -> None:
    now = datetime(2026, 1, 31, 8, tzinfo=UTC)
    assert load_settings().logs_since(now) is None
    since = load_settings({"must_gather_since": "1h"})
    assert since.logs_since(now) == datetime(2026, 1, 31, 7, tzinfo=UTC)
    both = load_settings({"must_gather_since": "1h", "must_gather_since_time": "2026-01-31T08:30:00+01:00"})
    assert both.logs_since(now) == datetime(2026, 1, 31, 7, 30, tzinfo=UTC)


def test_disk_limit_and_archive_depend_on_where_omg_runs() -> None:
    assert load_settings().disk_limit_text == "default"
    assert load_settings({"kubernetes_service_host": "10.0.0.1"}).disk_limit_text == "pod"
    assert load_settings({"disk_limit": "70 %"}).disk_limit_text == "70%"
    assert load_settings({"disk_limit": "2GiB"}).disk_limit_text == "2GiB"
    assert load_settings({"disk_limit": ""}).disk_limit_text == "off"
    assert load_settings({"archive": "ZST"}).archive == "zst"
    assert load_settings({"archive": ""}).archive == "none"


def test_the_other_layout_says_that_it_is_not_there_yet() -> None:
    with pytest.raises(ConfigError, match="OMC"):
        load_settings({"omc": "true"})


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load_settings().concurrency = 9  # type: ignore[misc]


def test_every_setting_says_what_it_is_for() -> None:
    assert all(info.description for name, info in Settings.model_fields.items() if name not in NOT_FLAGS)


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to become somebody whom no file knows")
def test_a_user_without_a_home_is_at_home_in_the_root() -> None:
    script = (
        "import os, pwd; from omg.settings import have_a_home; os.setuid(1000650000); del os.environ['HOME']; "
        "have_a_home(); print(os.environ['HOME'])"
    )
    env = {"HOME": "/somewhere", "PATH": os.environ["PATH"]}
    ended = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, timeout=60, check=False)
    assert (ended.stdout, ended.stderr) == (b"/\n", b"")


def test_a_home_that_is_there_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/somewhere")
    have_a_home()
    assert os.environ["HOME"] == "/somewhere"
