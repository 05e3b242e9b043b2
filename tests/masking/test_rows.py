import random
import re
from itertools import pairwise

import pytest

from omg.masking import Masker

KEY = b"k" * 32
X = "ohx4aishee"
Y = "Zk3x9QwLmT8r"

DUMP = f"""\
-- Host: localhost
INSERT INTO `tsigkeys` (`id`, `name`, `algorithm`, `secret`, `scope`) VALUES \
('a1','one','hmac-sha256','{X}','POOL'),('b2','it''s','hmac-md5','{Y}','ZONE');
INSERT INTO `instance_system_metadata` (`id`,`key`,`value`) VALUES
(1,'image_min_ram','512'),
(2,'password_0','{X}'),
(3,'note','a, (b) ''c''; d');
INSERT INTO `users` (`id`, `name`, `password`, `age`) VALUES (1,'bob','{Y}',42),(2,'eve',NULL,43);
INSERT INTO `volumes` (`id`, `size`) VALUES ('{X}',1);
-- Dump completed on 2026-01-01
"""


def test_columns_and_keys_that_say_so_are_hidden_and_all_others_stay() -> None:
    lines = Masker(KEY).text(DUMP.encode()).decode().splitlines()
    plain = DUMP.splitlines()
    assert "'hmac-sha256','__hidden_" in lines[1]
    assert X not in lines[1]
    assert Y not in lines[1]
    assert lines[1].endswith("'ZONE');")
    assert lines[3] == plain[3]
    assert lines[4].startswith("(2,'password_0','__hidden_")
    assert lines[5] == plain[5]
    assert lines[6].endswith("__',42),(2,'eve',NULL,43);")
    assert Y not in lines[6]
    assert lines[7:] == plain[7:]


@pytest.mark.parametrize("seed", range(4))
def test_a_statement_of_one_long_line_is_read_alike_however_it_comes(seed: int) -> None:
    chance = random.Random(seed)
    rows = ",".join(
        f"({number},'user{number}','p{chance.getrandbits(40)}q','note {number} (a,b)')" for number in range(20_000)
    )
    data = f"INSERT INTO `t` (`id`,`login`,`db_password`,`note`) VALUES {rows};\nafter\n".encode()
    masker = Masker(KEY)
    whole = masker.text(data)
    assert whole.count(b"__hidden_") >= 20_000
    assert not re.search(rb"'p\d{6,}q'", whole)
    assert whole.count(b",'user") == 20_000
    assert whole.endswith(b"'note 19999 (a,b)');\nafter\n")
    edges = [0, *sorted(chance.sample(range(len(data)), 30)), len(data)]
    stream = masker.stream()
    assert b"".join(stream.feed(data[one:two]) for one, two in pairwise(edges)) + stream.finish() == whole


def test_a_long_secret_text_that_is_cut_is_hidden_to_its_end() -> None:
    secret = "A9z" * 100_000
    data = f"INSERT INTO `t` (`id`,`private_key`,`note`) VALUES (1,'{secret}','so'),(2,'{X}','it is');\n".encode()
    masked = Masker(KEY).text(data)
    assert b"A9zA9z" not in masked
    assert X.encode() not in masked
    assert masked.endswith(b"','it is');\n")


def test_what_only_begins_like_a_statement_ends_nothing() -> None:
    text = b"INSERT INTO is what dumps say\nINSERT INTO t (password) SELECT 'a'\npassword fine\n"
    assert Masker(KEY).text(text) == text
