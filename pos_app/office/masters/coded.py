"""The code and the name of what the office adds: short enough for a line, and such as can be printed."""

from typing import Final

from pos_app.ledger.errors import Refused

_MOST_CODE: Final = 64
_MOST_NAME: Final = 200


def checked_code(code: str) -> str:
    """A code without blanks around it.  Raises `Refused` for one that nobody could type again."""
    return _checked("code", code, _MOST_CODE)


def checked_name(name: str) -> str:
    """A name without blanks around it.  Raises `Refused` for one that no paper has room for."""
    return _checked("name", name, _MOST_NAME)


def checked_title(title: str) -> str:
    """What a person is called on lists, without blanks around it.  Raises `Refused` for one too long."""
    return _checked("title", title, _MOST_NAME)


def _checked(what: str, written: str, most: int) -> str:
    tidy = written.strip()
    if not tidy:
        raise Refused("coded-needs", what=what)
    if len(tidy) > most or not tidy.isprintable():
        raise Refused("coded-text-unusable", what=what)
    return tidy
