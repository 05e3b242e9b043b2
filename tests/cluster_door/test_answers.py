import json

import pytest

from omg.cluster.answers import MESSAGE_LIMIT, continue_token, message_of, refusal
from omg.cluster.retries import MayPass
from omg.errors import Absent, Denied, RequestFailed, Unreachable


def body(message: str, **more: object) -> bytes:
    return json.dumps({"kind": "Status", "message": message, **more}).encode()


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, RequestFailed), (401, Denied), (403, Denied), (404, Absent), (405, Absent), (406, RequestFailed),
     (409, RequestFailed), (410, RequestFailed), (302, RequestFailed)],
)  # fmt: skip
def test_a_status_stands_for_an_error(status: int, kind: type[Exception]) -> None:
    error = refusal("list pods", status, body("because."), {})
    assert isinstance(error, kind)
    assert str(error).endswith("because.")
    assert "list pods" in str(error)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_what_may_pass_is_unreachable_if_it_does_not(status: int) -> None:
    passing = refusal("list pods", status, body("busy"), {"Retry-After": "4"})
    assert isinstance(passing, MayPass)
    assert isinstance(passing.error, Unreachable)
    assert passing.wait == 4
    assert str(passing.error) == f"Could not list pods: the server answers {status}: busy."


@pytest.mark.parametrize(
    "message",
    [
        'container "c" in pod "p" is waiting to start: PodInitializing',
        'previous terminated container "c" in pod "p" not found',
        'container "c" in pod "p" is terminated',
        "container c is not valid for pod p",
        "pod p does not have a host assigned",
        "cannot exec into a container in a completed pod; current phase is Succeeded",
    ],
)
def test_a_pod_without_such_a_log_is_normal(message: str) -> None:
    assert isinstance(refusal("read the log", 400, body(message), {}, of_pod=True), Absent)
    assert isinstance(refusal("list pods", 400, body(message), {}), RequestFailed)


def test_a_wrong_request_for_a_log_is_a_failure() -> None:
    error = refusal("read the log", 400, body("a container name must be specified"), {}, of_pod=True)
    assert isinstance(error, RequestFailed)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (body("two\nlines"), "two lines"),
        (b"404 page not found\n", "404 page not found"),
        (b"<HTML><body>Bad Gateway</body></HTML>", "status 502 without a reason"),
        (b"", "status 502 without a reason"),
        (b'{"kind": "Status"}', '{"kind": "Status"}'),
        (b"\xff", "\ufffd"),
    ],
)
def test_the_servers_words_are_quoted_on_one_line(said: bytes, message: str) -> None:
    assert message_of(502, said) == message


def test_a_long_message_is_cut() -> None:
    assert len(message_of(500, body("x" * 9999))) == MESSAGE_LIMIT


@pytest.mark.parametrize(
    ("said", "token"),
    [
        (body("gone", metadata={"continue": "abc"}), "abc"),
        (body("gone", metadata={}), ""),
        (body("gone", metadata=None), ""),
        (body("gone", metadata={"continue": 3}), ""),
        (b"[]", ""),
    ],
)
def test_a_410_may_offer_where_to_go_on(said: bytes, token: str) -> None:
    assert continue_token(said) == token
