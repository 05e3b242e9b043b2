import pytest

from omg.cluster.proxies import goes_without, proxy_from_environment, proxy_of
from omg.errors import ConfigError


@pytest.mark.parametrize(
    ("host", "no_proxy", "without"),
    [
        ("api.example.org", "", False),
        ("api.example.org", "example.org", True),
        ("api.example.org", ".example.org", True),
        ("api.example.org", "*.example.org", True),
        ("example.org", ".example.org", False),
        ("example.org", "*.example.org", False),
        ("example.org", "example.org", True),
        ("badexample.org", "example.org", False),
        ("api.example.org", "other, api.example.org:6443", True),
        ("api.example.org", "api.example.org:443", False),
        ("api.example.org", "10.0.0.0/8", False),
        ("10.1.2.3", "10.0.0.0/8", True),
        ("10.1.2.3", "10.0.0.0/99", False),
        ("10.1.2.3", "10.1.2.3", True),
        ("10.1.2.3", "10.1.2.3:6443", True),
        ("10.1.2.3", "10.1.2.4", False),
        ("fd00::1", "fd00::/8", True),
        ("fd00::1", "[fd00::1]:6443", True),
        ("127.0.0.1", "", True),
        ("localhost", "", True),
        ("api.example.org", "*", True),
    ],
)
def test_no_proxy_is_understood_as_go_does(host: str, no_proxy: str, without: bool) -> None:
    assert goes_without(host, 6443, no_proxy) is without


def test_the_environment_names_a_proxy_by_scheme() -> None:
    environment = {"https": "proxy:3128", "no": "near.example.org"}
    assert proxy_from_environment("https://far.example.org:6443", environment) == "http://proxy:3128"
    assert proxy_from_environment("https://near.example.org:6443", environment) is None
    assert proxy_from_environment("http://far.example.org", environment) is None


def test_this_processs_environment_is_the_one_that_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "https://secure:1")
    monkeypatch.setenv("no_proxy", "")
    assert proxy_from_environment("https://far.example.org") == "https://secure:1"


@pytest.mark.parametrize("url", ["socks5://proxy:1080", "proxy:3128", "http://", "http://[broken"])
def test_a_proxy_that_can_not_be_used_stops_the_run(url: str) -> None:
    with pytest.raises(ConfigError, match="proxy-url can't be used"):
        proxy_of(url)


def test_an_http_proxy_can_be_used() -> None:
    assert proxy_of("http://user:password@proxy:3128") == "http://user:password@proxy:3128"
