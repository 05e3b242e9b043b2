"""The sieve lets no sensitive name through: what the rules know stands in its expression, however it is spelled."""

import re

import pytest

from omg.masking import Masker, keys
from omg.masking.names import NAME

ENDINGS = ("transporturl", "passwordhash", "rootpw", "psk", "secretid", "connectionurl", "backendurl")
PARTS = sorted({*keys.SENSITIVE, *keys.EXACT, *ENDINGS, *map(keys.fold, keys.TOLD)})
SPELLED = sorted(
    {"root_pw", "olcRootPW", "bind_pw", "bind.pw", "adminPW", "ipsec_psk", "wpa-psk", "PHPSESSID", *keys.TOLD}
)


@pytest.mark.parametrize("part", PARTS)
def test_every_part_of_a_sensitive_name_is_in_the_sieve(part: str) -> None:
    assert re.search(NAME, part)


@pytest.mark.parametrize("name", SPELLED)
def test_a_value_below_a_name_that_is_known_is_hidden(name: str) -> None:
    value = "Zk3x9QwLmT8rVt5pNb2x"
    for text in (f"{name}={value}\n", f"{name}: {value}\n", f'{{"{name}": "{value}"}}\n'):
        assert value not in Masker(b"k" * 32).text(text.encode()).decode(), text
