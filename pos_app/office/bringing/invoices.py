"""Invoices of another program, brought in as drafts, with their totals or without.

Rows of one number are the lines of one invoice; what is of the whole invoice (customer, dates, totals) stands
on its first row and may be said again on the others.  An invoice is refused whole: with the row, and, where
its totals do not add up, with the sums.

Decisions
---------
2026-11-21  An imported invoice is a draft: somebody looks at it before it is in the books, and what came
without totals is filled in by `invoices populate` and shown by `invoices validate` until then.  Its key is
made of its number, so that a file that comes twice changes nothing; one that was changed since is refused.
"""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import msgspec

from pos_app.files.csv_file import AS_IT_SAYS, Chosen, open_csv
from pos_app.files.refused_rows import RefusedRow
from pos_app.language import Sentence, said
from pos_app.ledger.currency import currency as find_currency
from pos_app.ledger.errors import Refused
from pos_app.ledger.money import decimal_text
from pos_app.ledger.permission import Permission
from pos_app.office import invoicing, written
from pos_app.office.books import Books, PostingDetails
from pos_app.office.bringing.outcome import Keeps, Outcome, Undo, always
from pos_app.office.drafts import Terms
from pos_app.office.invoicing import Goods
from pos_app.office.office import Office
from pos_app.office.written import WrittenLine
from pos_app.store.journal import invoice_drafts
from pos_app.store.journal.draft_line import DraftLine
from pos_app.store.journal.invoice_drafts import Draft, Totals

REQUIRED = ("number", "customer", "date", "sku", "quantity", "unit_price")
_TOTALS = ("subtotal", "tax_total", "total")
_HEAD = ("customer", "date", "due", "terms", "reference", "business", "currency", "rate", *_TOTALS)
OPTIONAL = (
    "due",
    "terms",
    "reference",
    "business",
    "currency",
    "rate",
    "description",
    "discount",
    "tax_code",
    *_TOTALS,
)
_MOST_NUMBER = 40


@dataclass
class Invoices(Outcome):
    """The outcome, with how many of the imported ones came without all of their totals."""

    without_totals: int = 0


def bring(office: Office, path: Path, *, keeps: Keeps = always, chosen: Chosen = AS_IT_SAYS) -> Invoices:
    """Bring the invoices of a file in as drafts, all in one transaction.

    Raises `Refused` for a file that is none, and when who acts may not.
    """
    source = open_csv(path, REQUIRED, OPTIONAL, chosen=chosen)
    done = Invoices()
    groups: dict[str, list[WrittenLine]] = {}
    for count, row in enumerate(source.rows(), start=1):
        done.rows = count
        if row.reason:
            done.refused.append(RefusedRow(row.line_no, row.reason))
        # A row that is none belongs to its invoice all the same: half an invoice is none.
        line = WrittenLine(
            said("row-of-file", number=row.line_no), row.values | ({"?": row.reason} if row.reason else {})
        )
        groups.setdefault(row.values.get("number", "").strip(), []).append(line)
    done.notes = source.notes
    try:
        with office.change(Permission.INVOICE) as books:
            for number, lines in groups.items():
                _bring(office, books, number, lines, done)
            if not keeps(done):
                raise Undo
            new = done.imported - done.unchanged
            counted = f"{new} imported, {done.unchanged} known, {len(done.refused)} refused"
            office.note(books, "import", path.name, after=counted)
        done.is_kept = True
    except Undo:
        pass
    return done


def _bring(office: Office, books: Books, number: str, lines: Sequence[WrittenLine], done: Invoices) -> None:
    if any("?" in line.values for line in lines):
        # Said already, row by row.
        return
    first = row_of(lines[0].where)
    try:
        made = _draft(office, books, number, lines)
        known = invoice_drafts.get(books.connection, books.org_id, made.request_id)
        if known is not None:
            if not _same(known, made):
                raise Refused("invoice-imported-differently", number=number[:40])
            done.imported += 1
            done.unchanged += 1
            return
        invoice_drafts.put_imported(books.connection, books.org_id, made, books.now)
    except Refused as error:
        place, why = error.facts.get("where"), error.facts.get("why")
        if isinstance(place, Sentence) and isinstance(why, Sentence):
            done.refused.append(RefusedRow(row_of(place), why))
        else:
            done.refused.append(RefusedRow(first, error.said))
        return
    done.imported += 1
    done.added += 1
    done.without_totals += not made.totals.are_whole


def row_of(place: Sentence) -> int:
    """Which row of the file a refusal is about."""
    return int(place.facts["number"])


def _same(known: Draft, made: Draft) -> bool:
    """Whether it is the same invoice; totals may have been filled in since."""
    unlike = {"totals": made.totals, "document_id": None, "person_id": made.person_id, "active": True}
    if dataclasses.replace(known, **unlike) != made:  # type: ignore[arg-type]
        return False
    return all(new in (None, old) for new, old in zip(made.totals, known.totals, strict=True))


def _draft(office: Office, books: Books, number: str, lines: Sequence[WrittenLine]) -> Draft:
    if not number:
        raise Refused("number-missing")
    if len(number) > _MOST_NUMBER or not number.isprintable():
        raise Refused("invoice-number-unusable")
    head = _head(lines)
    money = find_currency(head["currency"].upper()) if head["currency"] else office.organisation.currency
    goods = []
    for line in lines:
        with line.blamed():
            price = line.price("unit_price", money)
            if price is None:
                raise Refused("unit-price-missing")
            goods.append(
                Goods(
                    line.text("sku"),
                    line.quantity(),
                    price,
                    line.amount("discount", money) or 0,
                    line.text("description"),
                    line.text("tax_code"),
                )
            )
            books.product(line.text("sku"), books.location("").location_id, books.today)
    terms = head["terms"]
    if terms and not (terms.isdecimal() and len(terms) < 5):
        raise Refused("terms-implausible")
    occasion = PostingDetails(
        on=written.day_or_moment(head["date"], "The date", office.organisation.time_zone),
        business=head["business"],
        currency=money.code if head["currency"] else "",
        rate_micro=written.rate(head["rate"]) if head["rate"] else None,
        request_id=sha256(f"invoice {books.org_id} {number}".encode()).hexdigest()[:32],
    )
    due = None
    if head["due"]:
        due = written.day_or_moment(head["due"], "The due date", office.organisation.time_zone)
    made = invoicing.built(
        books,
        head["customer"],
        goods,
        occasion,
        terms=Terms(due, int(terms) if terms else None, head["reference"]),
    )
    with lines[0].blamed():
        totals = Totals(*(lines[0].amount(name, money) for name in _TOTALS))
    right = invoice_drafts.computed(made.lines, totals)
    if totals.contradict(right):
        shown, sums = _sums(totals, money.code), _sums(right, money.code)
        raise Refused("imported-totals-wrong", totals=shown, sums=sums)
    return dataclasses.replace(made, number=number, totals=totals, lines=_as_issued(made))


def _as_issued(made: Draft) -> tuple[DraftLine, ...]:
    """The lines as another program charged them: nobody here made anything cheaper than our list."""
    return tuple(
        msgspec.structs.replace(line, list_price=None, list_price_fine=0, price_approver_id=None)
        for line in made.lines
    )


def _head(lines: Sequence[WrittenLine]) -> dict[str, str]:
    """What is of the whole invoice; a further row may repeat it and must not contradict it."""
    head = {name: lines[0].text(name) for name in _HEAD}
    for line in lines[1:]:
        with line.blamed():
            for name, value in head.items():
                if line.text(name) not in ("", value):
                    raise Refused("rows-contradict", column=name.replace("_", " "))
    return head


def _sums(totals: Totals, currency: str) -> str:
    texts = [
        "nothing said" if one is None else f"{decimal_text(one, find_currency(currency))} {currency}"
        for one in totals
    ]
    return f"net {texts[0]}, tax {texts[1]}, total {texts[2]}"
