"""Many products changed at once: looked at first, then all of them or none.

Decisions
---------
2026-12-01  What is done to many is shown for each before it is done, and is done only to what was shown: who
changed one of them meanwhile is not written over.  All of it is one transaction, each product with its own
entry in its history.
"""

import hashlib
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Final, NamedTuple

from pos_app.files.sheet import of_any_case
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import PartyRole
from pos_app.ledger.money import parse_decimal
from pos_app.ledger.permission import Permission
from pos_app.office.masters import choices, products
from pos_app.office.masters.products import Said
from pos_app.office.office import Office
from pos_app.store.organisation import master_import

#: So many at once: what a person can look through, and a transaction that keeps nobody waiting.
MOST: Final = 500
_MOST_PERCENT: Final = 1_000


class Deed(StrEnum):
    """What is done to all of them."""

    CATEGORY = "category"
    TAX_CODE = "tax_code"
    SUPPLIER = "supplier"
    PERCENT = "percent"
    ARCHIVE = "archive"


class Wish(NamedTuple):
    """A deed with what is said of it: a category, a tax code, a supplier's code (empty: nobody in
    particular), a per cent; prices go to the nearest `to`.
    """

    deed: Deed
    value: str = ""
    to: str = ""


class Change(NamedTuple):
    """What becomes of one product."""

    sku: str
    name: str
    column: str
    before: str
    after: str


def looked(office: Office, skus: Sequence[str], wish: Wish) -> list[Change]:
    """What would be done; what says so already is left out.  Raises `Refused` for what cannot be meant."""
    if len(skus) > MOST:
        raise Refused("together-too-many", most=MOST)
    wish, found = _spelt(office, wish), []
    for sku in dict.fromkeys(skus):
        shown = products.show(office, sku)
        column = _column(wish)
        before = shown.cells.get(column, "")
        after = _after(office, wish, before)
        if column == "price" and Decimal(before) > 0 and not Decimal(after):
            raise Refused("together-price-nothing", name=shown.product.name)
        if before != after:
            found.append(Change(shown.product.sku, shown.product.name, column, before, after))
    if not found:
        raise Refused("together-nothing")
    return found


def _column(wish: Wish) -> str:
    if wish.deed is Deed.PERCENT:
        return "price"
    return "active" if wish.deed is Deed.ARCHIVE else wish.deed.value


def mark(changes: Sequence[Change]) -> str:
    """What a person saw, in short."""
    return _mark_of([tuple(one) for one in changes])


def _mark_of(cells: Sequence[tuple[str, ...]]) -> str:
    return hashlib.sha256(repr(cells).encode()).hexdigest()[:32]


def _standing(office: Office, skus: Sequence[str], wish: Wish) -> str:
    """What they say now, as `promise` says what they will."""
    shown = [products.show(office, sku) for sku in dict.fromkeys(skus[:MOST])]
    column = _column(wish)
    return _mark_of([(one.product.sku, column, one.cells.get(column, "")) for one in shown])


def promise(changes: Sequence[Change]) -> str:
    """What stands for what all of them say when it is done."""
    return _mark_of([(one.sku, one.column, one.after) for one in changes])


def done(office: Office, skus: Sequence[str], wish: Wish, seen: str, promised: str = "") -> int:
    """Do what was `seen`; gives to how many, 0 where all of them say already what was `promised`.

    Raises `Refused` where it is another thing by now.
    """
    if promised and promised == _standing(office, skus, wish):
        # A second press of the same button, which must not be offered the next five per cent.
        return 0
    changes = looked(office, skus, wish)
    if mark(changes) != seen:
        raise Refused("together-changed-meanwhile")
    with office.change(Permission.EDIT_MASTER) as books:
        if wish.deed is Deed.PERCENT:
            office.need(books.connection, Permission.PRICE)
        # Before the first look, or somebody comes in between that and the first change.
        master_import.lock(books.connection, books.org_id)
        cells = {one.sku: products.cells_in(books, one.sku) for one in changes}
        if any(cells[one.sku].get(one.column, "") != one.before for one in changes):
            raise Refused("together-changed-meanwhile")
        # What names an empty and a deposit first: they may be put away with it, and not before.
        for one in sorted(
            changes, key=lambda one: not (cells[one.sku]["empty"] or cells[one.sku]["deposit"])
        ):
            products.edit_in(books, one.sku, Said({one.column: one.after}))
    return len(changes)


def _after(office: Office, wish: Wish, before: str) -> str:
    if wish.deed is Deed.ARCHIVE:
        return "no"
    if wish.deed is Deed.PERCENT:
        return _price(office, before, wish)
    return wish.value.strip()


def _spelt(office: Office, wish: Wish) -> Wish:
    """A wish with its tax code, or the code of its supplier, as it is spelt.  Raises `Refused` for a tax code
    that is none, which a file would take for the code of what is new, and for whom nothing is bought of.
    """
    if wish.deed is Deed.SUPPLIER and wish.value.strip():
        with office.read() as books:
            return wish._replace(value=books.party(wish.value.strip(), PartyRole.VENDOR).code)
    if wish.deed is not Deed.TAX_CODE:
        return wish
    found = of_any_case(wish.value.strip(), [code for code, _ in choices.of_tax_codes(office)])
    if found is None:
        raise Refused("tax-code-unknown", code=wish.value.strip()[:20])
    return wish._replace(value=found)


def _price(office: Office, before: str, wish: Wish) -> str:
    """A price so many per cent higher, or lower with a minus, to the nearest step."""
    percent = parse_decimal(wish.value.strip().removesuffix("%").strip(), "The rate")
    if percent <= -100 or percent > _MOST_PERCENT:
        raise Refused("together-percent-wrong", most=_MOST_PERCENT)
    smallest = Decimal(1).scaleb(-office.organisation.currency.exponent)
    step = parse_decimal(wish.to, "The step") if wish.to.strip() else smallest
    if step < smallest or step % smallest:
        raise Refused("together-step-wrong", smallest=f"{smallest:f}")
    raised = Decimal(before) * (100 + percent) / 100
    steps = (raised / step).to_integral_value(ROUND_HALF_UP)
    return f"{steps * step:f}" if step == smallest else f"{(steps * step).quantize(smallest):f}"
