"""Events, by what they are about."""

from typing import Any

import msgspec

from omg.tasks.listed_events import Told


def told(*events: tuple[str, str, str]) -> Told:
    found = Told()
    whole: list[dict[str, Any]] = [
        {"message": message, "involvedObject": {"name": name, "uid": uid}} for name, uid, message in events
    ]
    raw = [msgspec.Raw(msgspec.json.encode(event)) for event in whole]
    found.add(raw[:2])
    found.add(raw[2:])
    return found


def messages(found: Told, name: str, uid: str) -> list[str]:
    return [event["message"] for event in found.of(name, uid)]


def test_events_are_about_the_object_of_this_name_and_uid() -> None:
    found = told(("nova", "1", "a"), ("nova", "2", "b"), ("nova", "1", "c"), ("heat", "1", "d"))
    assert messages(found, "nova", "1") == ["a", "c"]
    assert messages(found, "nova", "3") == []


def test_where_no_uid_is_said_they_are_about_any_object_of_the_name() -> None:
    assert messages(told(("nova", "1", "a"), ("nova", "2", "b")), "nova", "") == ["a", "b"]
