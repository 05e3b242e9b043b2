"""What the door asks and tells while an item uses it."""

from typing import Protocol


class Ticket(Protocol):
    """One item's permission and meter; the engine implements it."""

    def permit(self, group: str, resource: str, verb: str, namespace: str | None = None) -> None:
        """Allow a kind of request; asked before anything is sent.

        The resource is the plural, or `plural/subresource` such as `pods/log`; a namespace of None is the whole
        cluster.

        Raises:
            DeclarationError: the item's task did not declare it.
        """

    def sent(self) -> None:
        """One HTTP request goes out; retries and handshakes count."""

    def received(self, size: int) -> None:
        """So many bytes of a body or of a command's output came in."""

    def lost(self, key: str, error: Exception) -> None:
        """A part of what was asked for can't be used; the rest is."""


class Unlimited:
    """Permits everything and counts; for the beginning and the end of a run, which are no task's."""

    def __init__(self) -> None:
        self.permitted: list[tuple[str, str, str]] = []
        self.losses: list[Exception] = []
        self.requests = 0
        self.size = 0

    def permit(self, group: str, resource: str, verb: str, namespace: str | None = None) -> None:  # noqa: ARG002
        """Permit it, and remember what was asked."""
        self.permitted.append((group, resource, verb))

    def sent(self) -> None:
        """Count a request."""
        self.requests += 1

    def received(self, size: int) -> None:
        """Count bytes."""
        self.size += size

    def lost(self, key: str, error: Exception) -> None:  # noqa: ARG002 - whoever asked knows what for
        """Keep it for whoever asked."""
        self.losses.append(error)
