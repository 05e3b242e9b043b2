"""What runs at one moment, for whoever watches."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Running:
    """An item that has a slot.

    Args:
        received: bytes that came for it so far.
        seconds: since it got its slot.
    """

    task: str
    key: str
    received: int
    seconds: float
