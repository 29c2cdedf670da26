"""What a list and a form of work say of themselves: columns and filters, fields and lines, who may, and which
services of the office answer.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from pos_app.ledger.currency import Currency, currency
from pos_app.ledger.money import grouped_text
from pos_app.ledger.permission import Permission
from pos_app.office.office import Office
from pos_app.reports.model.report import Cell, CellKind
from pos_app.web.masters.declaration import Field, Values

#: So many rows stand on a page, and in a file.
PAGE: Final = 50
MOST_IN_FILE: Final = 20_000


@dataclass(frozen=True)
class Heading:
    """A column of a list; money is in minor units of the base currency, or a text with its own.

    A list that `sorts` by it does so by what stands in it.
    """

    words: str
    kind: CellKind = CellKind.TEXT
    sorts: bool = False


class To(NamedTuple):
    """An address of ours, and what is asked there."""

    path: str
    query: Mapping[str, object]


class Line(NamedTuple):
    """A row of a list: its cells, where it leads, what a page goes on after, and a word that marks it; `of`
    is what a page of its own asks of the row beside them.
    """

    cells: tuple[Cell, ...]
    to: To | None = None
    key: str = ""
    pill: str = ""
    of: object = None


@dataclass(frozen=True)
class Sought:
    """What is asked of a list: the values of its filters, how it is sorted (a column's place; below nothing
    backwards; 0: its own order), after which row (the so-manieth that was seen), and how many rows at most.
    """

    values: Values
    sort: int = 0
    after: str = ""
    seen: int = 0
    most: int = PAGE + 1

    def get(self, name: str) -> str:
        """The value of a filter, empty where none is asked."""
        return self.values.get(name, "")


@dataclass(frozen=True)
class WorkList:
    """A list.  `read` gives one row more than the page where there are more; `forms` are the paths of forms
    that are offered above it.
    """

    path: str
    words: str
    hint: str
    sees: tuple[Permission, ...]
    headings: tuple[Heading, ...]
    filters: tuple[Field, ...]
    read: Callable[[Office, Sought], list[Line]]
    forms: tuple[str, ...] = ()


class Told(NamedTuple):
    """What a form holds: its fields, its lines without the empty ones, the request that makes it one document
    however often it is sent, and which button was pressed.
    """

    values: Values
    lines: Sequence[Values]
    request_id: str
    act: str

    def get(self, name: str) -> str:
        """The text of a field, empty where nothing was typed."""
        return self.values.get(name, "")


#: The button that puts a draft away: only where there is one.
GIVE_UP: Final = "give-up"


class Done(NamedTuple):
    """Where to go after a form, and what is said there (a word of `notices`)."""

    to: To
    said: str = "recorded"


@dataclass(frozen=True)
class Lines:
    """The lines of a form; a row in which nothing stands is none."""

    words: str
    fields: tuple[Field, ...]
    hint: str = ""


@dataclass(frozen=True)
class WorkForm:
    """A form.  `begins` gives what stands in it at first, of what its address says; `acts` are its buttons,
    the main one first (none: one that records); `keeps` are names that travel with it unseen.  `stacked`: its
    fields have long words, and stand one below the other.
    """

    path: str
    words: str
    needs: tuple[Permission, ...]
    fields: tuple[Field, ...]
    do: Callable[[Office, Told], Done]
    hint: str = ""
    lines: Lines | None = None
    begins: Callable[[Office, Values], tuple[Values, Sequence[Values]]] | None = None
    acts: tuple[tuple[str, str], ...] = ()
    keeps: tuple[str, ...] = ()
    stacked: bool = False


class Page(NamedTuple):
    """A page of its own that stands among the forms: a file is sent there, say."""

    path: str
    words: str
    needs: tuple[Permission, ...]


def worth(amount: int, code: str, base: Currency) -> Cell:
    """An amount as a cell of money: a number in the base currency, a text with its currency in any other."""
    return amount if code == base.code else f"{grouped_text(amount, currency(code))} {code}"


def laid_out(lines: Sequence[Line], sought: Sought) -> list[Line]:
    """Of a short list: those in which the words stand, sorted, after the last row of the page before."""
    words = sought.get("words").casefold().split()
    found = [
        one for one in lines if all(any(word in str(cell).casefold() for cell in one.cells) for word in words)
    ]
    place = abs(sought.sort) - 1
    if found and 0 <= place < len(found[0].cells):
        found.sort(key=lambda one: _order(one.cells[place]), reverse=sought.sort < 0)
    if sought.after:
        # Where that row is gone (settled, issued, paid) the page goes on where it stood: none is left out.
        gone = max(0, sought.seen - 1)
        found = found[next((at + 1 for at, one in enumerate(found) if one.key == sought.after), gone) :]
    return found[: sought.most]


def _order(cell: Cell) -> tuple[int, int, str]:
    if isinstance(cell, int):
        return (1, cell, "")
    return (0, 0, "") if cell is None else (2, 0, str(cell).casefold())
