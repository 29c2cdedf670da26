"""What a master says of itself: its fields and columns, who may, and which services of the office do it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from pos_app.ledger.permission import Permission
from pos_app.office.office import Office

#: The column by which every list is sorted where nobody says another one.
CODE: Final = "code"
#: What a form holds: text by the name of its field.
Values = Mapping[str, str]
Choices = Sequence[tuple[str, str]]


class Kind(StrEnum):
    """How a field is asked."""

    TEXT = "text"
    LINES = "lines"
    NUMBER = "number"
    DAY = "day"
    CHOICE = "choice"
    YES_NO = "yes_no"
    HIDDEN_TEXT = "hidden_text"


@dataclass(frozen=True)
class Field:
    """One field of a form.  `words` and `hint` are texts of `web_words`.

    `codes` are refusals that are about this field.  A choice without `needed` may be nothing.
    """

    name: str
    words: str
    kind: Kind = Kind.TEXT
    hint: str = ""
    choices: Callable[[Office], Choices] | None = None
    needed: bool = False
    adds: bool = True
    edits: bool = True
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Column:
    """One column of the list; the first is the code, which leads to the thing."""

    name: str
    words: str
    is_number: bool = False


@dataclass(frozen=True)
class Wanted:
    """Which things: whose name or code holds the words, archived or not, after a code, at most so many;
    `sort` is the name of a column, with a minus the other way round, empty for the code.
    """

    words: str
    archived: bool
    after: str
    sort: str
    most: int

    @property
    def by(self) -> str:
        """The column by which they are sorted."""
        return self.sort.removeprefix("-") or CODE

    @property
    def backwards(self) -> bool:
        """Whether the last comes first."""
        return self.sort.startswith("-")


@dataclass(frozen=True)
class Thing:
    """One thing: what its form would hold, and what else there is to see of it."""

    code: str
    name: str
    values: Values
    is_archived: bool = False
    facts: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Deed:
    """Something else that is done to a thing, with a form of its own; `do` gives what is told once, or
    nothing.
    """

    name: str
    words: str
    fields: tuple[Field, ...]
    do: Callable[[Office, str, Values], str]


@dataclass(frozen=True)
class Master:
    """A noun.  `noun` is what its history is kept under; what is None cannot be done.

    `listed` gives one more than it is asked for where there are more; `sorts` where it does so by any column
    (a long list goes on in the order of its codes alone, either way), `rows_are_whole` where its rows hold
    every field of their things.  `edit` gives another code where the thing has one now.  `links` are words
    and paths of what else there is to see of it, under its code.
    """

    path: str
    words: str
    add_words: str
    noun: str
    sees: tuple[Permission, ...]
    changes: tuple[Permission, ...]
    columns: tuple[Column, ...]
    fields: tuple[Field, ...]
    listed: Callable[[Office, Wanted], list[dict[str, str]]]
    show: Callable[[Office, str], Thing]
    add: Callable[[Office, Values], str]
    edit: Callable[[Office, str, Values], bool | str] | None = None
    archive: Callable[[Office, str], object] | None = None
    restore: Callable[[Office, str], object] | None = None
    deeds: tuple[Deed, ...] = field(default=())
    sorts: bool = False
    links: tuple[tuple[str, str], ...] = ()
    rows_are_whole: bool = False


def sifted(rows: Sequence[dict[str, str]], wanted: Wanted) -> list[dict[str, str]]:
    """Of a short list: those whose words fit, sorted by a column, after the last of the page before."""
    words = wanted.words.casefold().split()
    fitting = [
        row for row in rows if all(any(word in cell.casefold() for cell in row.values()) for word in words)
    ]
    by = wanted.by if fitting and wanted.by in fitting[0] else CODE
    ordered = sorted(fitting, key=lambda row: (row[by].casefold(), row["code"]), reverse=wanted.backwards)
    if wanted.after:
        # Where the last one was put away meanwhile, the page begins where it would have stood.
        last = wanted.after.casefold()
        before = [
            row["code"].casefold() >= last if wanted.backwards else row["code"].casefold() <= last
            for row in ordered
        ]
        gone = 0 if by != CODE else sum(before)
        at = next((at + 1 for at, row in enumerate(ordered) if row["code"] == wanted.after), gone)
        ordered = ordered[at:]
    return ordered[: wanted.most]
