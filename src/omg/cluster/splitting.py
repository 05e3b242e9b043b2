"""A list that comes in pieces of bytes → its elements, each as soon as it is whole. Pure.

For answers that are too long to be held: a server that ignores `limit` sends everything at once. The text between the
elements' borders is kept as it is; where the borders are, Python's own JSON scanner says.
"""

import codecs
import json
import re
from typing import Any

_SCANNER = json.JSONDecoder()
_BLANKS = " \t\r\n"
_ENDS_A_NUMBER = frozenset(" \t\r\n,]}")

_BORDERS = re.compile(r'"(?:[^"\\]|\\.)*+"|[\[{]|[\]}]', re.DOTALL).finditer

SMALLEST_LOOK = 64 * 1024
"""Characters that are waited for before a value that wasn't whole is looked at again; then twice as many, and so on, so
that an element that comes in a thousand pieces isn't scanned a thousand times."""


class Malformed(ValueError):
    """What came is not the JSON object that was expected."""


class Splitter:
    """Takes the text of one JSON object in pieces cut anywhere.

    Args:
        key: the member whose value is the array to be split.
        largest: characters that may wait for their end.
    """

    def __init__(self, key: str, *, largest: int = 256 * 1024 * 1024) -> None:
        self.members: dict[str, Any] = {}
        """The other members, as far as they have come."""
        self._key = key
        self._largest = largest
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._text = ""
        self._place = 0
        self._look_at = 0
        self._step = self._begin
        self._name = ""
        self._found: list[bytes] = []

    def feed(self, data: bytes | bytearray | memoryview) -> list[bytes]:
        """The elements that this piece completes, as they were written.

        Raises:
            Malformed: this is not JSON, or not the expected object, or an element is too long.
        """
        return self._advance(data, final=False)

    def finish(self) -> list[bytes]:
        """The elements that were still looked at.

        Raises:
            Malformed: the object isn't complete.
        """
        found = self._advance(b"", final=True)
        if self._step != self._after:
            raise Malformed("it ends before its end")
        return found

    def _advance(self, data: bytes | bytearray | memoryview, *, final: bool) -> list[bytes]:
        try:
            self._text += self._decoder.decode(bytes(data), final)
        except UnicodeDecodeError as error:
            raise Malformed("it is not UTF-8") from error
        if final or len(self._text) >= self._look_at:
            self._look_at = 0
            while self._skip_blanks() and self._step():
                pass
            self._text = self._text[self._place :]
            self._place = 0
            if self._look_at:
                self._look_at = max(2 * len(self._text), SMALLEST_LOOK)
            if len(self._text) > self._largest:
                raise Malformed("an element is too long")
        found, self._found = self._found, []
        return found

    def _skip_blanks(self) -> bool:
        """Whether there is something left to look at."""
        text, place, end = self._text, self._place, len(self._text)
        while place < end and text[place] in _BLANKS:
            place += 1
        self._place = place
        return place < end

    # The steps: each looks at the text at `_place`, and returns whether it got further.

    def _begin(self) -> bool:
        self._take("{")
        self._step = self._member
        return True

    def _member(self) -> bool:
        if self._text[self._place] == "}":
            self._place += 1
            self._step = self._after
            return True
        if self._text[self._place] != '"':
            raise Malformed("a member has no name")
        value = self._value()
        if value is None:
            return False
        self._name = value[0]
        self._step = self._colon
        return True

    def _colon(self) -> bool:
        self._take(":")
        self._step = self._member_value
        return True

    def _member_value(self) -> bool:
        if self._name == self._key and self._text[self._place] == "[":
            self._place += 1
            self._step = self._element
            return True
        value = self._value()
        if value is None:
            return False
        self.members[self._name] = value[0]
        self._step = self._next_member
        return True

    def _next_member(self) -> bool:
        if self._text[self._place] != "}":
            self._take(",")
        self._step = self._member
        return True

    def _element(self) -> bool:
        if self._text[self._place] == "]":
            self._place += 1
            self._step = self._next_member
            return True
        start = self._place
        if self._value() is None:
            return False
        self._found.append(self._text[start : self._place].encode())
        self._step = self._next_element
        return True

    def _next_element(self) -> bool:
        if self._text[self._place] != "]":
            self._take(",")
        self._step = self._element
        return True

    def _after(self) -> bool:
        raise Malformed("there is more after its end")

    def _take(self, wanted: str) -> None:
        if self._text[self._place] != wanted:
            raise Malformed(f"expected {wanted}")
        self._place += 1

    def _value(self) -> tuple[Any] | None:
        """The value at `_place`, which then stands behind it; None when it isn't whole."""
        try:
            value, end = _SCANNER.raw_decode(self._text, self._place)
        except ValueError:
            self._look_at = 1
            return None
        except RecursionError:  # whoever takes the element finds that it can't be read; the others can
            value, end = None, _end_of_nested(self._text, self._place)
            if end < 0:
                self._look_at = 1
                return None
        # A number that stands at the end may go on in the next piece.
        is_bare = self._text[self._place] not in '"{['
        if is_bare and (end == len(self._text) or self._text[end] not in _ENDS_A_NUMBER):
            self._look_at = 1
            return None
        self._place = end
        return (value,)


def _end_of_nested(text: str, start: int) -> int:
    """Where the object or array at `start` ends, however deep it is; negative when it isn't whole."""
    depth = 0
    for found in _BORDERS(text, start):
        border = found[0]
        if border in "[{":
            depth += 1
        elif border in "]}":
            depth -= 1
            if depth == 0:
                return found.end()
    return -1
