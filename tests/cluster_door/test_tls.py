import os
from typing import Any

import pytest

from omg.cluster.credentials import Credentials
from omg.cluster.login import Fixed, Login
from omg.cluster.target import Target
from omg.cluster.tls import Trust
from omg.errors import ConfigError
from tests.cluster_door.serving import PKI, Api, said, session

AUTHORITY = Trust((PKI / "ca.pem").read_bytes())
STRANGER = Trust((PKI / "stranger-ca.pem").read_bytes())
VERSION = said({"gitVersion": "v1.31.0"})
CLIENT = Login(certificate=(PKI / "client.pem").read_bytes(), key=(PKI / "client.key").read_bytes())


async def checked(api: Api, trust: Trust, login: Login | None = None, **target: Any) -> dict[str, Any]:
    api.on("/version", VERSION)
    who = Credentials(Target(api.url, **target), trust, Fixed(login or Login()))
    async with session(api, who=who) as opened:
        return await opened.check()


async def test_a_server_whose_authority_the_kubeconfig_names_is_believed() -> None:
    async with Api("server.pem") as api:
        assert await checked(api, AUTHORITY) == {"gitVersion": "v1.31.0"}


async def test_a_servers_own_certificate_will_do_as_its_authority() -> None:
    async with Api("server.pem") as api:
        assert await checked(api, Trust((PKI / "server.pem").read_bytes()))


async def test_everybody_is_believed_where_the_kubeconfig_says_so() -> None:
    async with Api("expired.pem") as api:
        assert await checked(api, Trust(verifies=False))


async def test_the_name_to_check_may_be_another_than_the_servers() -> None:
    async with Api("other-name.pem") as api:
        assert await checked(api, AUTHORITY, server_name="api.example.org")


@pytest.mark.parametrize(
    ("certificate", "trust", "reason"),
    [
        ("server.pem", STRANGER, "signed by an authority that is not trusted here"),
        ("server.pem", Trust(), "signed by an authority that is not trusted here"),
        ("expired.pem", AUTHORITY, "the server's certificate has expired"),
        ("other-name.pem", AUTHORITY, "the server's certificate is for another name"),
    ],
)
async def test_a_server_that_can_not_be_believed_is_one_sentence(certificate: str, trust: Trust, reason: str) -> None:
    async with Api(certificate) as api:
        with pytest.raises(ConfigError, match=f"Could not reach the cluster at {api.url}: .*{reason}"):
            await checked(api, trust)
        assert api.seen == []


async def test_a_client_shows_its_certificate() -> None:
    async with Api("server.pem", wants_client=True) as api:
        assert await checked(api, AUTHORITY, CLIENT)


async def test_a_client_shows_its_certificate_where_there_are_no_anonymous_files(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr(os, "memfd_create")
    async with Api("server.pem", wants_client=True) as api:
        assert await checked(api, AUTHORITY, CLIENT)


async def test_a_client_without_a_certificate_is_told_so() -> None:
    async with Api("server.pem", wants_client=True) as api:
        with pytest.raises(ConfigError, match=r"the server refuses the client certificate|closed the connection"):
            await checked(api, AUTHORITY)


async def test_a_server_that_speaks_no_tls_is_told_from_others(api: Api) -> None:
    api.url = api.url.replace("http:", "https:")
    with pytest.raises(ConfigError, match="the server does not speak TLS"):
        await checked(api, AUTHORITY)
