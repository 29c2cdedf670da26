"""What a close tells beside the cash: the other money of its shift, cylinders and bottles, who counted again.

Decisions
---------
2026-12-01  What a close finds of M-Pesa, bank, card, vouchers and cheques is told, and moves no money in the
books: an M-Pesa code that nobody finds is still in the books until somebody voids its receipt or settles it
against the statement.  So it is with cylinders and bottles, whose own count is a document with an approval
of its own.  Cash is another matter: what is not in the drawer is nowhere.
"""

from typing import Final

from msgspec import Struct

from pos_app.ledger.line import TenderKind

#: What is told of at a close beside cash: what a telephone, a statement, a terminal's strip or paper shows.
OTHER_MONEY: Final = (
    TenderKind.MPESA,
    TenderKind.BANK,
    TenderKind.CARD,
    TenderKind.VOUCHER,
    TenderKind.CHEQUE,
)


class MissingPayment(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A payment of the shift that nobody found: the `place`-th tender (from 0) of a document.

    `amount` in minor units of the till's currency, negative where it went out.
    """

    receipt_id: int
    place: int
    amount: int
    reference: str = ""


class MoneyCount(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Money of one kind, cash apart, that the documents of a shift took, and what was found of it.

    In minor units of the till's currency; what went out takes off.  `missing` are the payments that were not
    ticked, where they were ticked one by one; none where a sum was told.
    """

    kind: TenderKind
    times: int
    expected: int
    counted: int
    missing: tuple[MissingPayment, ...] = ()


class PieceCount(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How many cylinders or bottles of a kind lay there, and how many the books had, in thousandths."""

    product_id: int
    expected: int
    counted: int


class Recount(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Whoever counted the cash again, and what was counted first and by whom, in minor units.

    What the second count came to is what the close itself says.
    """

    person_id: int
    first: int
    first_person_id: int
