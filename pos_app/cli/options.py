"""The options that the commands of the books share, each with what it is read as."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from pos_app.cli import parsing
from pos_app.ledger.currency import Currency
from pos_app.ledger.currency import currency as find_currency
from pos_app.office import written
from pos_app.office.books import PostingDetails
from pos_app.office.drafts import Terms
from pos_app.office.office import Office
from pos_app.office.written import WrittenLine

Read = TypeVar("Read")

Name = Annotated[str, typer.Option("--name", help="The name.")]
On = Annotated[str, typer.Option("--on", metavar="DATE", help="The day it is dated, 2026-11-30; today.")]
Since = Annotated[str, typer.Option("--from", metavar="DATE", help="From this day on: 2026-12-01.")]
InvoiceChoices = Annotated[
    list[str] | None,
    typer.Option("--for", metavar="NUMBER[=AMOUNT]", help="Which invoice or bill; what is due first."),
]
Tenders = Annotated[
    list[str] | None,
    typer.Option("--paid", metavar="KIND=AMOUNT[:REF]", help="cash, mpesa, bank or card; again for more."),
]
Reason = Annotated[str, typer.Option("--reason", help="Why.")]
Location = Annotated[
    str, typer.Option("--at", metavar="CODE", help="The place of the goods; the depot's own.")
]
Output = Annotated[Path, typer.Option("--output", "-o", help="A file.")]
All = Annotated[bool, typer.Option("--all", help="All of them.")]
Post = Annotated[bool, typer.Option("--post", help="Post it at once, instead of a draft.")]
GiveUp = Annotated[bool, typer.Option("--give-up", help="Put the draft away.")]
Number = Annotated[str, typer.Argument(metavar="NUMBER", help="As printed: M1000000-I000001.")]
DraftKey = Annotated[
    str, typer.Argument(metavar="DRAFT", help="The beginning of its key, as the list shows it.")
]
DraftKeys = Annotated[list[str] | None, typer.Argument(metavar="DRAFT...")]
PartyCode = Annotated[str, typer.Argument(metavar="CODE", help="The party's code.")]


@dataclass(frozen=True)
class Content:
    """The lines of a document as they were written: in a file with a header, and as options."""

    lines: Annotated[
        Path | None, typer.Option("--lines", metavar="FILE.csv", help="The lines, with a header.")
    ] = None
    line: Annotated[
        list[str] | None, typer.Option("--line", help="One line, its values separated by commas.")
    ] = None

    def __bool__(self) -> bool:
        """Whether any line was written."""
        return self.lines is not None or bool(self.line)

    def read(
        self, columns: Sequence[str], needed: int, read_one: Callable[[WrittenLine], Read]
    ) -> list[Read]:
        """Each line, read; the first `needed` columns must be there.

        Raises `Refused` for a line that is none or that `read_one` refuses, naming it.
        """
        return parsing.read_lines(self.lines, self.line or (), columns, needed, read_one)


@dataclass(frozen=True)
class Details:
    """When, where and in which money, as it was written; empty where nothing was.

    A command takes the fields that mean something to it (see `Only`).
    """

    reference: Annotated[str, typer.Option("--reference", help="What they call it.")] = ""
    at: Location = ""
    on: On = ""
    due: Annotated[
        str, typer.Option("--due", metavar="DATE", help="When it is due: 2026-12-31; by the party's terms.")
    ] = ""
    terms: Annotated[int | None, typer.Option("--terms", min=0, help="Or due so many days later.")] = None
    business: Annotated[
        str, typer.Option("--business", metavar="CODE", help="Whose books; the depot's business.")
    ] = ""
    depot: Annotated[str, typer.Option("--depot", metavar="CODE", help="Where; the depot of the centre.")] = (
        ""
    )
    currency: Annotated[
        str, typer.Option("--currency", metavar="USD", help="Of the amounts; the books' own.")
    ] = ""
    rate: Annotated[
        str, typer.Option("--rate", help="Base currency per unit, such as 129.55; the day's rate.")
    ] = ""
    note: Annotated[str, typer.Option("--note", help="A remark on it.")] = ""

    def occasion(self) -> PostingDetails:
        """When and where it is posted.  Raises `Refused` for a day or a rate that is none."""
        return PostingDetails(
            business=self.business.strip(),
            depot=self.depot.strip(),
            on=written.day(self.on, "--on") if self.on else None,
            currency=find_currency(self.currency.strip().upper()).code if self.currency else "",
            rate_micro=written.rate(self.rate) if self.rate else None,
            note=self.note,
        )

    def when_due(self) -> Terms:
        """When it is due, and what they call it.  Raises `Refused` for a day that is none."""
        return Terms(written.day(self.due, "--due") if self.due else None, self.terms, self.reference)

    def money(self, office: Office) -> Currency:
        """The currency in which amounts are written."""
        return find_currency(self.currency.strip().upper()) if self.currency else office.organisation.currency
