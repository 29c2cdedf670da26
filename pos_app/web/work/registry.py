"""The lists and forms of work, in the groups and the order in which they are shown."""

from typing import Final, NamedTuple

from pos_app.language import web_words
from pos_app.web.work import (
    attention,
    bags,
    bank,
    entries,
    goods,
    invoices,
    money,
    organisation,
    purchases,
    received_payments,
    rules,
    undecided,
)
from pos_app.web.work.declaration import Page, WorkForm, WorkList
from pos_app.web.work.documents import DOCUMENTS


class Group(NamedTuple):
    """What belongs together: forms, lists, and kinds of documents that are looked at in the list of all."""

    words: str
    forms: tuple[WorkForm, ...]
    lists: tuple[WorkList, ...]
    kinds: tuple[str, ...] = ()
    pages: tuple[Page, ...] = ()

    @property
    def does(self) -> tuple[WorkForm | Page, ...]:
        """The pages and forms on which something is done."""
        return (*self.pages, *self.forms)


GROUPS: Final[tuple[Group, ...]] = (
    Group(
        web_words("Asks for you"),
        (attention.SETTLE, attention.ANSWER),
        (attention.FLAGS, undecided.QUARANTINE, undecided.TWICE, attention.REQUESTS),
    ),
    Group(
        web_words("Invoices and what customers pay"),
        (invoices.INVOICE, money.RECEIVE, invoices.CREDIT, money.SETTLE, invoices.WRITE_OFF),
        (invoices.DRAFTS, invoices.OPEN_INVOICES),
        ("invoice", "credit_note", "payment"),
    ),
    Group(
        web_words("Purchases and what vendors are paid"),
        (purchases.ORDER, purchases.CAME, purchases.BILL, money.PAY),
        (invoices.OPEN_BILLS,),
        ("purchase_order", "goods_receipt", "bill", "vendor_payment"),
    ),
    Group(
        web_words("Money"),
        (
            money.EXPENSE,
            money.TRANSFER,
            money.PARTY_MONEY,
            money.DRAW,
            money.BRING,
            money.PAY_BACK,
        ),
        (money.CHITS,),
        ("expense", "money_transfer", "party_money", "cash_movement", "drawer_close"),
    ),
    Group(
        web_words("The bank and M-Pesa"),
        (bank.SURE, bank.SAY_ACCOUNT, bags.BANKED, received_payments.FETCH),
        (
            received_payments.PAYMENTS,
            received_payments.MESSAGES,
            received_payments.ASKED,
            bank.LINES,
            bank.ACCOUNTS,
            bags.BAGS,
        ),
        ("bank_bag",),
        (bank.BRING,),
    ),
    Group(
        web_words("Goods"),
        (goods.ADJUST, goods.COUNT, goods.SEND, goods.RECEIVE, goods.RETURNABLES),
        (goods.STOCK, goods.HELD),
        ("stock_adjustment", "stock_count", "transfer_sent", "returnable", "service_order"),
    ),
    Group(
        web_words("Books"),
        (entries.ENTRY, attention.LOCK, attention.YEAR_END),
        (attention.AUDIT, attention.LOCKS),
        ("journal_entry",),
    ),
    Group(web_words("The shop itself"), (organisation.ORGANISATION, rules.RULES), (organisation.DOUBLES,)),
)
FORMS: Final[tuple[WorkForm, ...]] = tuple(form for group in GROUPS for form in group.forms)
LISTS: Final[tuple[WorkList, ...]] = (DOCUMENTS, *(one for group in GROUPS for one in group.lists))
#: Whoever may send one of the forms or see one of the lists has work here.
SEES: Final = tuple(
    dict.fromkeys(
        permission
        for group in GROUPS
        for permissions in (*(one.needs for one in group.forms), *(one.sees for one in group.lists))
        for permission in permissions
    )
)
