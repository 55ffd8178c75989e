"""The names that the owner gives to things."""

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say

LONGEST = 100
_FIRST_TEXT, _SECOND_CONTROLS = " ", range(0x7F, 0xA0)


def checked_name(name: str) -> str:
    """The name without what surrounds it. Raises UserError if it does not fit into a line of a list."""
    bare = name.strip()
    if len(bare) > LONGEST or any(each < _FIRST_TEXT or ord(each) in _SECOND_CONTROLS for each in bare):
        raise UserError(
            say("This name cannot be kept."),
            say("A name has at most {most} letters, all in one line.", most=LONGEST),
            code="name-unfit",
        )
    return bare
