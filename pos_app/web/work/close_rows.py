"""What a close of a drawer counted, as rows of its page: cash, other money, cylinders and bottles."""

from typing import NamedTuple

from pos_app.language import web_text
from pos_app.ledger.currency import Currency
from pos_app.ledger.document import Document, DrawerClose
from pos_app.ledger.money import grouped_text
from pos_app.ledger.quantity import quantity_text
from pos_app.office.booked import ClosedNames
from pos_app.reports.slips.titles import tender_name

#: Payments that nobody found: the document of each, its number, and the payment as text.
Missing = tuple[tuple[int, str, str], ...]


class CloseRow(NamedTuple):
    """One thing that was counted, as text."""

    what: str
    expected: str
    counted: str
    over: str
    missing: Missing = ()


def rows(document: Document, money: Currency, names: ClosedNames) -> list[CloseRow]:
    """The rows of a close; none of any other document."""
    if not isinstance(document, DrawerClose):
        return []

    def of_money(what: str, expected: int, counted: int, missing: Missing) -> CloseRow:
        over = counted - expected
        shown = f"+{grouped_text(over, money)}" if over > 0 else grouped_text(over, money) if over else ""
        return CloseRow(what, grouped_text(expected, money), grouped_text(counted, money), shown, missing)

    found = [of_money(web_text("Cash"), document.expected, document.counted, ())]
    again = document.recount
    if again is not None:
        first = web_text("Cash, first counted by {name}", name=names.people.get(again.first_person_id, ""))
        found.insert(0, of_money(first, document.expected, again.first, ()))
        second = names.people.get(again.person_id, "")
        found[1] = found[1]._replace(what=web_text("Cash, counted again by {name}", name=second))
    for one in document.other_money:
        missing = tuple(
            (
                each.receipt_id,
                names.documents.get(each.receipt_id, ""),
                f"{each.reference} {grouped_text(each.amount, money)}".strip(),
            )
            for each in one.missing
        )
        what = f"{tender_name(one.kind)} ({one.times:,})"
        found.append(of_money(what, one.expected, one.counted, missing))
    for piece in document.pieces:
        over = piece.counted - piece.expected
        sign = "+" if over > 0 else ""
        found.append(
            CloseRow(
                names.goods.get(piece.product_id, ""),
                quantity_text(piece.expected),
                quantity_text(piece.counted),
                f"{sign}{quantity_text(over)}" if over else "",
            )
        )
    return found
