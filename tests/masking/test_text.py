import random
import re
import time
from itertools import pairwise

import pytest

from omg.masking import Masker, Unmasked
from tests.masking.planting import secret_of

KEY = b"k" * 32
PEM = "before\n-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA7Zr\nq2x9Zk31\n-----END RSA PRIVATE KEY-----\nafter\n"
LEARNED = "Zk3x9QwLmT8r"
MARK = re.compile(rb"__hidden_[A-Z2-7]{8}__")


def a_masker() -> Masker:
    masker = Masker(KEY)
    masker.learn([secret_of(LEARNED)])
    return masker


def in_pieces(masker: Masker, data: bytes, cuts: list[int]) -> bytes:
    stream = masker.stream()
    edges = [0, *sorted(cuts), len(data)]
    return b"".join(stream.feed(data[one:two]) for one, two in pairwise(edges)) + stream.finish()


@pytest.mark.parametrize("seed", range(3))
def test_a_long_line_is_masked_alike_however_it_comes(seed: int) -> None:
    chance = random.Random(seed)
    words = [f"word{chance.getrandbits(20)} " for _ in range(60_000)]
    for _ in range(200):
        words[chance.randrange(len(words))] = chance.choice([f"password={LEARNED}x1 ", f"{LEARNED} ", "a" * 3000])
    data = "".join(words).encode() + b"\nend\n"
    masker = a_masker()
    whole = masker.text(data)
    assert LEARNED.encode() not in whole
    assert in_pieces(masker, data, sorted(chance.sample(range(len(data)), 50))) == whole


def test_what_stands_around_a_secret_stays() -> None:
    data = b"2026-01-01 user=nova password=Pq8Lm2xT9, host=db \xff\xfe caf\xc3\xa9\n"
    masked = a_masker().text(data)
    assert MARK.sub(b"Pq8Lm2xT9", masked) == data


def test_a_private_key_is_hidden_line_by_line_and_its_frame_stays() -> None:
    lines = a_masker().text(PEM.encode()).splitlines()
    assert lines[0] == b"before"
    assert lines[1] == b"-----BEGIN RSA PRIVATE KEY-----"
    assert all(MARK.fullmatch(line) for line in lines[2:4])
    assert lines[4:] == [b"-----END RSA PRIVATE KEY-----", b"after"]


def test_a_key_that_never_ends_hides_no_more_than_looks_like_it() -> None:
    masked = a_masker().text(
        b"-----BEGIN PRIVATE KEY-----\nMIIEpAIBAAKC\n2026-01-01 an ordinary line, long enough\nx\n"
    )
    assert b"an ordinary line, long enough\nx\n" in masked
    assert b"MIIE" not in masked


def test_the_same_value_has_the_same_mark_in_one_run_and_another_in_the_next() -> None:
    text = b"x password=Pq8Lm2xT9 and secret_key=Pq8Lm2xT9"
    first, second = MARK.findall(Masker(KEY).text(text))
    assert first == second
    assert MARK.findall(Masker().text(text))[0] != first


PIECES = [b"password ", b"password=x ", b"token: ", b"a:b@", b"'password': '", b"-----BEGIN", b'password="\\"']
PIECES += [
    b"passwords: {a: bcdef, ",
    b'EnvVar{Name:"a", Value:"',
    b"password,",
    b"-----BEGIN PRIVATE KEY-----" + b"\\" * 1000,
]


@pytest.mark.parametrize("piece", PIECES)
def test_a_hostile_line_takes_time_in_proportion_to_its_length(piece: bytes) -> None:
    masker = a_masker()

    def seconds(size: int) -> float:
        began = time.process_time()
        masker.text(piece * (size // len(piece)))
        return time.process_time() - began

    short = max(seconds(300_000), 0.005)
    assert seconds(1_200_000) < 12 * short


def test_do_not_mask_changes_nothing() -> None:
    unmasked = Unmasked()
    assert unmasked.learn([secret_of(LEARNED)]).added == 0
    assert unmasked.text(PEM.encode()) == PEM.encode()
    stream = unmasked.stream()
    assert stream.feed(b"a") + stream.finish() == b"a"
    assert unmasked.object({"kind": "Secret"}) == {"kind": "Secret"}
    assert unmasked.knows({})
