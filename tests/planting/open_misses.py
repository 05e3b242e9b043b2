"""What masking doesn't hide yet: forms, and the kinds of value for which they come through. Nothing of it is planted.

The aim of this list is to be empty.
"""

from tests.planting.forms import Form
from tests.planting.values import PLAIN, Draw

_PLAIN = " ".join(draw.__name__ for draw in PLAIN)

OPEN: dict[str, str] = {
    "apache oidc": "dashed url_safe",
}
"""Form → kinds of value."""

OPEN_STRUCTURES: frozenset[str] = frozenset()


def is_open(form: Form, draw: Draw, value: str) -> bool:
    """Whether this value would come through in this form."""
    return draw.__name__ in OPEN.get(form.name, "").replace("PLAIN", _PLAIN).split()
