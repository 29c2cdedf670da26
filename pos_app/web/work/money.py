"""Money in the office: what customers pay and vendors are paid, settlements, expenses, transfers."""

from typing import Final

from pos_app.language import web_text, web_words
from pos_app.ledger.chit import text_of
from pos_app.ledger.currency import Currency
from pos_app.ledger.day import to_date
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import PartyRole
from pos_app.ledger.permission import Permission
from pos_app.ledger.treasury import PartyReason
from pos_app.office import chits, payments, treasury, waiting_work
from pos_app.office.bills import Cost
from pos_app.office.office import Office
from pos_app.reports.model.report import CellKind
from pos_app.web.masters.declaration import Choices, Field, Kind, Values
from pos_app.web.work import reading
from pos_app.web.work.declaration import (
    Done,
    Heading,
    Line,
    Lines,
    Sought,
    Told,
    WorkForm,
    WorkList,
    laid_out,
    worth,
)
from pos_app.web.work.invoices import CUSTOMER, INVOICES, WORDS

VENDOR: Final = Field(
    "vendor",
    web_words("Vendor"),
    hint=web_words("Their code."),
    needed=True,
    codes=("party-unknown", "party-not-in-role-office", "party-inactive-office"),
)
_PREPAY: Final = Field("prepay", web_words("What is more than open stays to their credit"), Kind.YES_NO)
_LAST: Final = (reading.ON, reading.BUSINESS, reading.NOTE, reading.IS_DATED)


def _receive(office: Office, told: Told) -> Done:
    made = payments.receive(
        office,
        told.get("customer"),
        reading.paid(office, told),
        reading.invoices(office, told.get("invoices")),
        reading.occasion(office, told),
        prepay=told.get("prepay") == "yes",
    )
    return reading.made(made.document_id)


RECEIVE: Final = WorkForm(
    path="payments/customer",
    words=web_words("A customer pays"),
    needs=(Permission.RECEIVE_PAYMENT,),
    fields=(CUSTOMER, reading.HOW, reading.AMOUNT, reading.REFERENCE, INVOICES, _PREPAY, *_LAST),
    do=_receive,
)


def _pay(office: Office, told: Told) -> Done:
    made = payments.pay_vendor(
        office,
        told.get("vendor"),
        reading.paid(office, told),
        reading.invoices(office, told.get("invoices")),
        reading.occasion(office, told),
        prepay=told.get("prepay") == "yes",
    )
    return reading.made(made.document_id)


PAY: Final = WorkForm(
    path="payments/vendor",
    words=web_words("Pay a vendor"),
    needs=(Permission.PAY_VENDOR,),
    fields=(VENDOR, reading.HOW, reading.AMOUNT, reading.REFERENCE, INVOICES, _PREPAY, *_LAST),
    do=_pay,
)


def _settle(office: Office, told: Told) -> Done:
    whose = told.get("whose")
    made = payments.settle(
        office,
        told.get("party"),
        reading.invoices(office, told.get("invoices")),
        reading.occasion(office, told),
        role=PartyRole.VENDOR if whose == "vendor" else PartyRole.CUSTOMER,
        from_deposit=whose == "deposit",
    )
    return reading.made(made.document_id)


def _whose(_: Office) -> Choices:
    return [
        ("customer", web_text("a customer's credit")),
        ("deposit", web_text("a customer's deposit")),
        ("vendor", web_text("our prepayment to a vendor")),
    ]


_PARTY: Final = Field(
    "party",
    web_words("Party"),
    hint=web_words("Their code."),
    needed=True,
    codes=("party-unknown", "party-not-in-role-office", "party-inactive-office"),
)

SETTLE: Final = WorkForm(
    path="payments/settle",
    words=web_words("Settle with money that came before"),
    hint=web_words("No money moves: what is named is paid out of what is there, or as far as it goes."),
    needs=(Permission.RECEIVE_PAYMENT,),
    fields=(
        _PARTY,
        Field("whose", web_words("Out of"), Kind.CHOICE, choices=_whose, needed=True),
        INVOICES,
        reading.ON,
        reading.BUSINESS,
        reading.IS_DATED,
    ),
    do=_settle,
)


def cost(money: Currency, line: Values) -> Cost:
    """A line of an expense or a bill, in its currency.  Raises `Refused`."""
    if not line.get("amount"):
        raise Refused("amount-missing")
    return Cost(
        line.get("description", ""),
        reading.amount(line["amount"], money),
        line.get("account", ""),
        line.get("tax", ""),
        reading.typed_quantity(line.get("quantity", "")),
        line.get("sku", ""),
    )


COSTS: Final = Lines(
    web_words("What for"),
    (
        Field("description", web_words("Description")),
        Field("account", web_words("Account")),
        Field("amount", web_words("Price of one"), Kind.NUMBER),
        Field("quantity", web_words("Quantity")),
        Field("tax", web_words("Tax")),
        Field("sku", web_words("Product")),
    ),
    web_words(
        "An account's code, or a product that comes to stock. “2cs” is two cases, and the price that of one."
    ),
)


def _expense(office: Office, told: Told) -> Done:
    made = treasury.expense(
        office,
        reading.lines(told, lambda one: cost(office.organisation.currency, one)),
        reading.paid(office, told),
        reading.occasion(office, told),
        vendor=told.get("vendor"),
        reference=told.get("paper"),
    )
    return reading.made(made.document_id)


EXPENSE: Final = WorkForm(
    path="expenses/new",
    words=web_words("An expense"),
    hint=web_words("Bought and paid at once."),
    needs=(Permission.EXPENSE,),
    fields=(
        reading.HOW,
        reading.AMOUNT,
        reading.REFERENCE,
        Field("vendor", web_words("Vendor"), hint=web_words("Where it is known."), codes=("party-unknown",)),
        Field("paper", web_words("Number of their paper")),
        reading.ON,
        reading.BUSINESS,
        reading.DEPOT,
        reading.NOTE,
        reading.IS_DATED,
    ),
    lines=COSTS,
    do=_expense,
)


def _transfer(office: Office, told: Told) -> Done:
    made = treasury.transfer(
        office,
        told.get("from"),
        told.get("to"),
        reading.amount(told.get("amount"), office.organisation.currency),
        reading.occasion(office, told),
        to_business=told.get("to_business"),
        reference=told.get("reference"),
    )
    return reading.made(made.document_id)


_PLACE: Final = web_words("safe, bank, mpesa, drawer:CODE or an account's code")
_PLACES: Final = ("account-unknown", "account-holds-no-money", "drawer-unknown", "drawer-of-other-business")

TRANSFER: Final = WorkForm(
    path="money/transfer",
    words=web_words("Move money"),
    hint=web_words("Between our own places: banked, fetched, put into a drawer, lent to another business."),
    needs=(Permission.MOVE_MONEY,),
    fields=(
        Field("from", web_words("From"), hint=_PLACE, needed=True, codes=_PLACES),
        Field("to", web_words("To"), hint=_PLACE, needed=True),
        reading.AMOUNT,
        reading.REFERENCE,
        Field("to_business", web_words("To another business"), Kind.CHOICE, choices=reading.businesses),
        *_LAST,
    ),
    do=_transfer,
)


def _draw(office: Office, told: Told) -> Done:
    made = treasury.owner_draws(
        office,
        told.get("from"),
        reading.amount(told.get("amount"), office.organisation.currency),
        reading.occasion(office, told),
        reference=told.get("reference"),
    )
    return reading.made(made.document_id)


_WHAT_FOR: Final = Field(
    "note", web_words("What it is for"), needed=True, codes=("cash-move-without-reason",)
)

DRAW: Final = WorkForm(
    path="money/draw",
    words=web_words("The owner draws"),
    hint=web_words("Out of a drawer, the safe, the bank or M-Pesa; it is no cost."),
    needs=(Permission.MOVE_MONEY, Permission.CASH_OUT),
    fields=(
        Field("from", web_words("From"), hint=_PLACE, needed=True, codes=_PLACES),
        reading.AMOUNT,
        _WHAT_FOR,
        reading.REFERENCE,
        reading.ON,
        reading.BUSINESS,
        reading.IS_DATED,
    ),
    do=_draw,
)


def _bring(office: Office, told: Told) -> Done:
    made = treasury.owner_brings(
        office,
        told.get("to"),
        reading.amount(told.get("amount"), office.organisation.currency),
        reading.occasion(office, told),
        account=told.get("account"),
        reference=told.get("reference"),
    )
    return reading.made(made.document_id)


BRING: Final = WorkForm(
    path="money/capital",
    words=web_words("The owner brings money"),
    hint=web_words("Capital: it is no sale and no debt."),
    needs=(Permission.MOVE_MONEY,),
    fields=(
        Field("to", web_words("To"), hint=_PLACE, needed=True, codes=_PLACES),
        reading.AMOUNT,
        Field(
            "account",
            web_words("Account"),
            hint=web_words(
                "Nothing is 3100, the owner's capital; of several partners each may have their own."
            ),
            codes=("account-not-capital",),
        ),
        reading.REFERENCE,
        *_LAST,
    ),
    do=_bring,
)


def _reasons(_: Office) -> Choices:
    words = {
        PartyReason.EMPLOYEE_ADVANCE: web_text("An advance to an employee"),
        PartyReason.EMPLOYEE_REPAYMENT: web_text("An employee pays an advance back"),
        PartyReason.MEMBER_DEPOSIT: web_text("A member deposits"),
        PartyReason.MEMBER_WITHDRAWAL: web_text("A member withdraws"),
        PartyReason.MEMBER_SHARE: web_text("A member buys a share"),
        PartyReason.MEMBER_SHARE_RETURN: web_text("A member's share is paid back"),
        PartyReason.CUSTOMER_DEPOSIT: web_text("A customer deposits"),
        PartyReason.CUSTOMER_DEPOSIT_RETURN: web_text("A customer's deposit is paid back"),
        PartyReason.CUSTOMER_CREDIT_RETURN: web_text("A customer's credit is paid back"),
        PartyReason.VENDOR_PREPAYMENT_RETURN: web_text("A vendor pays our prepayment back"),
    }
    return [(one.value, words[one]) for one in PartyReason]


def _party_money(office: Office, told: Told) -> Done:
    reasons = [one.value for one in PartyReason]
    if told.get("why") not in reasons:
        raise Refused("money-reason-unknown", reason=told.get("why")[:40], reasons=", ".join(reasons))
    made = treasury.party_money(
        office,
        PartyReason(told.get("why")),
        told.get("party"),
        reading.paid(office, told),
        reading.occasion(office, told),
    )
    return reading.made(made.document_id)


PARTY_MONEY: Final = WorkForm(
    path="money/party",
    words=web_words("Advances, deposits and shares"),
    hint=web_words("Money to or from employees, members, customers and vendors beside trade."),
    needs=(Permission.PARTY_MONEY,),
    fields=(
        Field("why", web_words("What it is"), Kind.CHOICE, choices=_reasons, needed=True),
        _PARTY,
        reading.HOW,
        reading.AMOUNT,
        reading.REFERENCE,
        *_LAST,
    ),
    do=_party_money,
)


# --- vouchers and deposits owed ---------------------------------------------------------------------------


def _chits(office: Office, sought: Sought) -> list[Line]:
    base = office.organisation.currency
    lines = [
        Line(
            (
                text_of(one.chit.role, one.chit.number),
                web_text("Voucher") if one.chit.role is PartyRole.VOUCHER else web_text("Deposit"),
                one.issued_by,
                one.party,
                to_date(one.chit.expires_on) if one.chit.expires_on else None,
                worth(one.left, one.currency, base),
            ),
            None,
            text_of(one.chit.role, one.chit.number),
        )
        for one in waiting_work.chits(office)
    ]
    return laid_out(lines, sought)


CHITS: Final = WorkList(
    path="vouchers",
    words=web_words("Vouchers and deposits owed"),
    hint=web_words("What is left on each; below zero where one was spent twice."),
    sees=(Permission.SEE_REPORTS,),
    headings=(
        Heading(web_words("Number"), sorts=True),
        Heading(web_words("Kind"), sorts=True),
        Heading(web_words("Issued by"), sorts=True),
        Heading(web_words("Customer"), sorts=True),
        Heading(web_words("Good until"), CellKind.DATE, sorts=True),
        Heading(web_words("Left on it"), CellKind.MONEY, sorts=True),
    ),
    filters=(WORDS,),
    read=_chits,
)


def _pay_back(office: Office, told: Told) -> Done:
    made = chits.pay_back(
        office, told.get("slip"), reading.paid(office, told), reading.occasion(office, told)
    )
    return reading.made(made.document_id)


PAY_BACK: Final = WorkForm(
    path="vouchers/pay-back",
    words=web_words("Pay a deposit back"),
    needs=(Permission.RETURNABLES,),
    fields=(
        Field(
            "slip",
            web_words("Number of the slip"),
            needed=True,
            codes=("chit-number-wrong", "chit-unknown", "voucher-not-paid-out"),
        ),
        reading.HOW,
        reading.AMOUNT,
        reading.REFERENCE,
        *_LAST,
    ),
    do=_pay_back,
)
