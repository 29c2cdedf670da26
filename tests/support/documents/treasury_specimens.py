"""Documents of money that moves without goods to test with, and entries by hand (see `book_specimens`)."""

from typing import Any, Final

from pos_app.ledger.bank_bag import BagBanked, BankBag
from pos_app.ledger.chart import PARTY_ACCOUNT
from pos_app.ledger.chart import AccountRole as R
from pos_app.ledger.chit import drawn
from pos_app.ledger.document import DepositReturn, JournalEntry, MoneyTransfer, PartyMoney, document_key
from pos_app.ledger.journal_entry import EntryLine
from pos_app.ledger.line import Chit, PartyRole, TenderKind
from pos_app.ledger.treasury import PAID_OUT, ROLE_OF, PartyReason
from tests.support.documents import specimens
from tests.support.documents.specimens import BUSINESS, CUSTOMER, DRAWER, TILL, account, head

VENDOR: Final = 601
EMPLOYEE: Final = 701
MEMBER: Final = 801

#: All reasons, by the direction in which the money goes.
INTO_OUR_HANDS: Final = tuple(reason for reason in PartyReason if reason not in PAID_OUT)
OUT_OF_OUR_HANDS: Final = tuple(reason for reason in PartyReason if reason in PAID_OUT)

_PARTY: Final = {
    PartyRole.EMPLOYEE: EMPLOYEE,
    PartyRole.MEMBER: MEMBER,
    PartyRole.SHAREHOLDER: MEMBER,
    PartyRole.DEPOSITOR: CUSTOMER,
    PartyRole.CUSTOMER: CUSTOMER,
    PartyRole.VENDOR: VENDOR,
}


def party_money(reason: PartyReason, amount: int, back: int = 0, **changes: Any) -> PartyMoney:
    """Cash to or from a party; `back` is change."""
    role = ROLE_OF[reason]
    fields = {
        **head(PartyMoney),
        "reason": reason,
        "party_id": _PARTY[role],
        "party_role": role,
        "party_account": account(PARTY_ACCOUNT[role]),
        "total": amount,
        "tenders": (specimens.tender(TenderKind.CASH, amount + back),),
        "change": specimens.change(back),
    }
    return PartyMoney(**(fields | changes))


def chit(role: PartyRole = PartyRole.DEPOSIT_SLIP, place: int = 0, **changes: Any) -> Chit:
    """A deposit slip that the first document issued."""
    fields: dict[str, Any] = {
        "role": role,
        "number": drawn("0" * 32, place),
        "business_id": BUSINESS,
        "document_id": document_key(TILL, 1),
    }
    return Chit(**(fields | changes))


def deposit_return(amount: int, slip: Chit | None = None, **changes: Any) -> DepositReturn:
    """Cash for an empty that came back with its slip."""
    slip = chit() if slip is None else slip
    fields = {
        **head(DepositReturn),
        "chit": slip,
        "deposit_account": account(PARTY_ACCOUNT[slip.role], slip.business_id),
        "total": amount,
        "tenders": (specimens.tender(TenderKind.CASH, amount),),
        "clearing_account": account(R.CLEARING) if slip.business_id != BUSINESS else "",
    }
    return DepositReturn(**(fields | changes))


def money_transfer(amount: int, **changes: Any) -> MoneyTransfer:
    """Cash from the drawer to the bank."""
    fields = {
        **head(MoneyTransfer),
        "from_account": account(R.CASH),
        "from_drawer": DRAWER,
        "to_account": account(R.BANK),
        "amount": amount,
        "reference": "slip 12",
    }
    return MoneyTransfer(**(fields | changes))


def bank_bag(amount: int, **changes: Any) -> BankBag:
    """Cash out of the safe in a bag, counted by two."""
    fields = {
        **head(BankBag),
        "approver_id": 43,
        "bag": "KCB0012345",
        "amount": amount,
        "safe_account": account(R.SAFE),
        "transit_account": account(R.CASH_IN_TRANSIT),
    }
    return BankBag(**(fields | changes))


def bag_banked(arrived: int, amount: int | None = None, **changes: Any) -> BagBanked:
    """The bank found so much in it (`amount` lay in it; None: as much)."""
    lay = arrived if amount is None else amount
    fields = {
        **head(BagBanked),
        "bag_id": document_key(TILL, 1),
        "bag": "KCB0012345",
        "amount": lay,
        "arrived": arrived,
        "transit_account": account(R.CASH_IN_TRANSIT),
        "bank_account": account(R.BANK),
        "over_short_account": "" if lay == arrived else account(R.OVER_SHORT),
        "reason": "" if lay == arrived else "a note was torn",
        "reference": "slip 12",
    }
    return BagBanked(**(fields | changes))


def journal_entry(*lines: EntryLine, **changes: Any) -> JournalEntry:
    """Lines by hand."""
    fields = {**head(JournalEntry), "description": "Accrued rent", "lines": lines}
    return JournalEntry(**(fields | changes))


def entry_line(account_code: str, amount: int, business_id: int = BUSINESS, **changes: Any) -> EntryLine:
    """One line of an entry by hand."""
    return EntryLine(account=account_code, amount=amount, business_id=business_id, **changes)
