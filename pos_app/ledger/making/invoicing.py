"""How what is bought or sold on credit becomes a document: invoices, bills, and the notes that lower them.

Lines come with their tax (see `totals.with_tax`, `line_parts.parts_of`); what they come to follows here.
"""

from collections.abc import Sequence
from typing import NamedTuple

from pos_app.ledger.chart import AccountRole, Accounts
from pos_app.ledger.document import SERIES
from pos_app.ledger.head import HeadFields, note_of, reference_of
from pos_app.ledger.invoicing import Bill, BillLine, CreditNote, Invoice, VendorCredit
from pos_app.ledger.line import GoodsLine, ReturnableLine
from pos_app.ledger.making import chits as making_chits
from pos_app.ledger.settlement import Open, lowered_base
from pos_app.ledger.tax import TaxTerms
from pos_app.ledger.totals import totals_of


class Due(NamedTuple):
    """When something is to be paid (YYYYMMDD), after how many days that is, and what they call it."""

    on: int
    terms_days: int = 0
    reference: str = ""


def invoice(
    head: HeadFields,
    accounts: Accounts,
    lines: Sequence[GoodsLine],
    *,
    party_id: int,
    due: Due,
    returnables: tuple[ReturnableLine, ...] = (),
    over_limit: int = 0,
    order_id: int | None = None,
) -> Invoice:
    """Goods or services that a customer pays later; deposits and vouchers among them get chits."""
    lines = making_chits.issued(head, lines, 1)
    return Invoice(
        **head,
        **totals_of(lines).as_fields(),
        series=SERIES[Invoice],
        clearing_account=accounts.clearing(line.business_id for line in lines),
        party_id=party_id,
        receivable_account=accounts.of(AccountRole.RECEIVABLE),
        lines=lines,
        due_on=due.on,
        terms_days=due.terms_days,
        reference=reference_of(due.reference),
        returnables=returnables,
        over_limit=over_limit,
        order_id=order_id,
    )


def bill(head: HeadFields, accounts: Accounts, lines: Sequence[BillLine], *, party_id: int, due: Due) -> Bill:
    """What a vendor's paper says that we owe."""
    differs = any(line.received_base is not None for line in lines)
    return Bill(
        **head,
        **totals_of(lines).as_fields(),
        series=SERIES[Bill],
        clearing_account=accounts.clearing(line.business_id for line in lines),
        party_id=party_id,
        payable_account=accounts.of(AccountRole.PAYABLE),
        vendor_reference=reference_of(due.reference),
        lines=tuple(lines),
        due_on=due.on,
        terms_days=due.terms_days,
        difference_account=accounts.of(AccountRole.EXCHANGE_DIFFERENCE) if differs else "",
    )


def bill_line(
    accounts: Accounts,
    description: str,
    amount: int,
    *,
    account: str,
    business_id: int,
    tax: TaxTerms,
) -> BillLine:
    """A line of a vendor's paper at `amount`, as it says there, before its tax (see `totals.with_tax`)."""
    return BillLine(
        description=note_of(description),
        account=account,
        business_id=business_id,
        net=amount,
        tax_code=tax.code,
        tax_rate_bp=tax.rate_bp,
        tax_inclusive=tax.inclusive,
        tax_account=accounts.of(AccountRole.INPUT_TAX, business_id) if tax.rate_bp else "",
    )


# --- notes that lower them ------------------------------------------------------------------------------


class Known(NamedTuple):
    """What is known of an invoice or a bill beside itself: its printed number, and what is open of it."""

    number: str
    open: Open | None


def _in_its_money(head: HeadFields, original: Invoice | Bill) -> HeadFields:
    """A note is in the currency of what it lowers, at the rate that this was made at."""
    return head | {"currency": original.currency, "rate_micro": original.rate_micro}


def credit_note(
    head: HeadFields,
    accounts: Accounts,
    original: Invoice,
    known: Known,
    lines: Sequence[GoodsLine],
    *,
    reason: str,
) -> CreditNote:
    """A customer owes less of an invoice: goods that came back, or a price that was too high."""
    head, totals = _in_its_money(head, original), totals_of(lines)
    return CreditNote(
        **head,
        **totals.as_fields(),
        series=SERIES[CreditNote],
        clearing_account=accounts.clearing({original.business_id, *(line.business_id for line in lines)}),
        party_id=original.party_id,
        receivable_account=original.receivable_account,
        lines=making_chits.taken_back(lines, original.document_id),
        invoice_id=original.document_id,
        invoice_number=known.number,
        invoice_due_on=original.due_on,
        invoice_business_id=_other(accounts, original.business_id),
        base_amount=_base(original, known, totals.total),
        reason=note_of(reason),
        difference_account=accounts.difference(original.rate_micro),
    )


def vendor_credit(
    head: HeadFields,
    accounts: Accounts,
    original: Bill,
    known: Known,
    lines: Sequence[BillLine],
    *,
    reason: str,
    reference: str = "",
) -> VendorCredit:
    """We owe less of a bill."""
    head, totals = _in_its_money(head, original), totals_of(lines)
    return VendorCredit(
        **head,
        **totals.as_fields(),
        series=SERIES[VendorCredit],
        clearing_account=accounts.clearing({original.business_id, *(line.business_id for line in lines)}),
        party_id=original.party_id,
        payable_account=original.payable_account,
        vendor_reference=reference_of(reference),
        lines=tuple(lines),
        bill_id=original.document_id,
        bill_number=known.number,
        bill_due_on=original.due_on,
        bill_business_id=_other(accounts, original.business_id),
        base_amount=_base(original, known, totals.total),
        reason=note_of(reason),
        difference_account=accounts.difference(original.rate_micro),
    )


def _other(accounts: Accounts, business_id: int) -> int:
    """The business of the original where it is another than the note's, else 0."""
    return 0 if business_id == accounts.business_id else business_id


def _base(original: Invoice | Bill, known: Known, total: int) -> int:
    """By how much the original goes down in base currency."""
    left = known.open
    return lowered_base(
        total,
        0 if left is None else left.amount,
        0 if left is None else left.base_amount,
        original.rate_micro,
    )
