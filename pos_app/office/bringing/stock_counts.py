"""What was counted at a place, brought in from a file as one count: all of it, or nothing.

Decisions
---------
2026-12-01  The same file of the same place on the same day is the same count, however often it comes: what
was sold since is not put back on the shelf by a second press.
"""

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple

from pos_app.files.csv_file import AS_IT_SAYS, Chosen, open_csv
from pos_app.files.refused_rows import RefusedRow
from pos_app.files.sheet import shown
from pos_app.language import said
from pos_app.ledger.document import StockCount
from pos_app.ledger.errors import Refused
from pos_app.ledger.quantity import parse_quantity, plain_quantity
from pos_app.office import stock, waiting_work
from pos_app.office.books import Books, PostingDetails
from pos_app.office.bringing.masters import MOST_CHANGES
from pos_app.office.bringing.outcome import Change, Keeps, Outcome, Undo, always
from pos_app.office.office import Office
from pos_app.office.stock import Quantity
from pos_app.store.documents.rows import Sealed

#: `name` is for who counts; what it says is not read.
COLUMNS: Final = ("sku", "quantity", "name")


class _Count(NamedTuple):
    """What a file says that was counted, and where."""

    file: str
    place: str
    counted: list[Quantity]


def rows(office: Office, place: str) -> Iterable[list[str]]:
    """What lies at a place by the books, as a file has it that is counted from."""
    for one in waiting_work.stock_at(office, place):
        yield [shown(one.sku), plain_quantity(one.quantity), shown(one.name)]


def bring(
    office: Office, place: str, path: Path, *, keeps: Keeps = always, chosen: Chosen = AS_IT_SAYS
) -> Outcome:
    """Record what a file says that was counted at a place (a code).

    Raises `Refused` for a file that is none, a place that is none, and when who acts may not.
    """
    source, outcome = open_csv(path, COLUMNS[:2], COLUMNS[2:], chosen=chosen), Outcome()
    counted: dict[str, tuple[int, Quantity]] = {}
    with office.read() as books:
        at = books.location(place)
        for row in source.rows():
            outcome.rows += 1
            try:
                if row.reason:
                    raise Refused(row.reason)
                many = _counted(row.values["quantity"])
                sku = books.product(row.values["sku"], at.location_id, books.today).sku
                if sku in counted:
                    raise Refused("product-counted-twice", sku=sku, row=counted[sku][0])
                counted[sku] = (row.line_no, Quantity(sku, many))
            except Refused as error:
                outcome.refused.append(RefusedRow(row.line_no, error.said))
    outcome.notes = source.notes
    if counted:
        count = _Count(path.name, at.code, [one for _, one in counted.values()])
        _record(office, count, outcome, keeps)
    return outcome


def _counted(text: str) -> int:
    """Thousandths; a count may find none.  Raises `Refused`."""
    is_none = bool(re.fullmatch(r"0+([.,]0*)?", text.strip()))
    found = 0 if is_none else parse_quantity(text, "The quantity")
    if found < 0:
        raise Refused("count-with-sign")
    return found


def _record(office: Office, count: _Count, outcome: Outcome, keeps: Keeps) -> None:
    """Record it where it stays; the outcome says what it changes."""
    counted = count.counted
    told = f"{office.org_id} {count.place} {office.today} {sorted(counted)}"
    request = hashlib.sha256(f"stock count {told}".encode()).hexdigest()[:32]
    outcome.imported = len(counted)
    was_asked = False

    def asked(books: Books, sealed: Sealed) -> None:
        nonlocal was_asked
        was_asked = True
        document = sealed.document
        if isinstance(document, StockCount):
            _say(document, counted, outcome)
        if outcome.refused or not keeps(outcome):
            raise Undo
        office.note(books, "import", count.file, after=f"{count.place}: {len(counted)} counted")

    try:
        made = stock.count(office, count.place, counted, PostingDetails(request_id=request), extra=asked)
        outcome.is_kept = True
        if not was_asked:
            outcome.unchanged = len(counted)
            outcome.notes = [*outcome.notes, said("count-brought-already", number=made.number)]
            outcome.is_kept = keeps(outcome)
    except Undo:
        pass


def _say(document: StockCount, counted: list[Quantity], outcome: Outcome) -> None:
    """What is otherwise than the books expect, line by line in the order of the file."""
    off = [
        Change(one.sku, (("quantity", plain_quantity(line.expected), plain_quantity(line.counted)),))
        for one, line in zip(counted, document.lines, strict=True)
        if line.counted != line.expected
    ]
    outcome.unchanged, outcome.changes = len(counted) - len(off), off[:MOST_CHANGES]
