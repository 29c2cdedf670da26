"""How vouchers and deposit slips come onto the lines and tenders of a document."""

from collections.abc import Sequence

from msgspec.structs import replace

from pos_app.ledger.chart import NO_SALE_ROLE
from pos_app.ledger.chit import drawn
from pos_app.ledger.head import HeadFields
from pos_app.ledger.line import Chit, GoodsLine, PartyRole
from pos_app.ledger.tax import NO_SALE


def issued(
    head: HeadFields, lines: Sequence[GoodsLine], direction: int, *, expires_on: int = 0
) -> tuple[GoodsLine, ...]:
    """The lines, each deposit and voucher that goes out with a chit of its own; `direction` -1 on a refund.

    `expires_on` (YYYYMMDD, 0: never) is the last day of the vouchers; a deposit is owed for ever.
    """
    if not any(line.tax_code in NO_SALE for line in lines):
        return tuple(lines)
    return tuple(
        [
            replace(line, chit=_new(head, line, place, expires_on))
            if line.tax_code in NO_SALE and line.chit is None and direction * line.net > 0
            else line
            for place, line in enumerate(lines)
        ]
    )


def _new(head: HeadFields, line: GoodsLine, place: int, expires_on: int) -> Chit:
    role = NO_SALE_ROLE[line.tax_code]
    return Chit(
        role=role,
        number=drawn(head["request_id"], place),
        business_id=line.business_id,
        expires_on=expires_on if role is PartyRole.VOUCHER else 0,
    )


def taken_back(lines: Sequence[GoodsLine], original_id: int | None) -> tuple[GoodsLine, ...]:
    """The lines that take some of an original back, their chits as issued by that one."""
    if original_id is None or all(line.chit is None for line in lines):
        return tuple(lines)
    return tuple(
        [
            line
            if line.chit is None or line.chit.document_id
            else replace(line, chit=replace(line.chit, document_id=original_id))
            for line in lines
        ]
    )
