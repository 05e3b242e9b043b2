"""What masking doesn't hide yet: forms, and the kinds of value for which they come through. Nothing of it is planted.

The aim of this list is to be empty.
"""

import re

from tests.planting.forms import Form
from tests.planting.values import PLAIN, Draw

_PLAIN = " ".join(draw.__name__ for draw in PLAIN)

OPEN: dict[str, str] = {}
"""Form → kinds of value."""

OPEN_STRUCTURES: frozenset[str] = frozenset()


_CALL = re.compile(r"[\w.]+\(")
"""What reads like a call of a function is taken for code, also between quotes."""


def is_open(form: Form, draw: Draw, value: str) -> bool:
    """Whether this value may come through in this form."""
    return _CALL.match(value) is not None or draw.__name__ in OPEN.get(form.name, "").replace("PLAIN", _PLAIN).split()
