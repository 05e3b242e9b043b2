"""Which elements of a list were not given before. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from msgspec import Raw


@dataclass(frozen=True, slots=True)
class Form:
    """How a list is laid out.

    Args:
        key: the member that holds its elements.
        identity_of: what tells an element from others, for not giving it twice; None when it has no name.
        is_named: an element without a name is none.
    """

    key: str
    identity_of: Callable[[Raw], "Identity | None"]
    is_named: bool = True


@dataclass(frozen=True, slots=True)
class Identity:
    """What tells an element of a list from others.

    Args:
        name: of its place in the cluster; packaged operators show that two things may share one.
        uid: of the thing itself; empty where it has none.
    """

    name: str
    uid: str = ""


class Elements:
    """The elements of one list, as they come.

    Args:
        lose: called with the place of an element that has no name, and with how many there are of them.
    """

    def __init__(self, form: Form, lose: Callable[[int, int], None]) -> None:
        self.may_repeat = False
        """Whether what was given may come once more: the list goes on in another state than the one it began in."""
        self._form = form
        self._lose = lose
        self._seen = 0
        self._lost: set[int] = set()
        self._given: dict[str, int] = {}

    def begin_anew(self) -> None:
        """The list comes from its beginning again."""
        self._seen = 0
        self.may_repeat = True

    def new(self, elements: Iterable[Raw]) -> list[Raw]:
        """Those that were not given before; what has no name is lost, and the others go on."""
        return [element for element in elements if self._is_new(element)]

    def _is_new(self, element: Raw) -> bool:
        self._seen += 1
        identity = self._form.identity_of(element)
        if identity is None:
            if self._form.is_named and self._seen not in self._lost:
                self._lost.add(self._seen)
                self._lose(self._seen, len(self._lost))
            return not self._form.is_named
        uid = hash(identity.uid) if identity.uid else 0
        known = self._given.get(identity.name)
        if known is None:
            self._given[identity.name] = uid
            return True
        # In one state the server has two things of one name, unless they are the very same.
        return not self.may_repeat and (not uid or known != uid)
