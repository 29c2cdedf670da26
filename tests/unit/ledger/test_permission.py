"""What documents need, and the roles that an organisation begins with."""

from typing import Any

import msgspec
import pytest

from pos_app.ledger import rights
from pos_app.ledger.document import SERIES, CashReason, Document, Head, Sale
from pos_app.ledger.line import TenderKind
from pos_app.ledger.permission import DEFAULT_ROLES, WORDS, Need, Permission
from pos_app.ledger.stock import AdjustmentReason
from pos_app.ledger.treasury import PartyReason
from pos_app.till.session.sign_in import Action
from tests.support.documents import book_specimens as books
from tests.support.documents import specimens
from tests.support.documents.specimens import Item

MAKER, APPROVER = specimens.CASHIER, 77
P = Permission
CASH_OUT = (specimens.tender(TenderKind.CASH, 100),)
FROM_BANK = (specimens.tender(TenderKind.BANK, 100),)


def lacking(document: Head, *held: tuple[int, Permission]) -> Need | None:
    return rights.lacking(document, lambda person, one: (person, one) in held)


def everything_of(person: int) -> list[tuple[int, Permission]]:
    return [(person, one) for one in Permission]


def approved(document: Any) -> Any:
    return msgspec.structs.replace(document, approver_id=APPROVER)


def test_every_kind_of_document_says_what_it_needs() -> None:
    documents = specimens.one_of_each()
    assert {type(one) for one in documents} == set(SERIES)
    for one in documents:
        assert rights.needs(one)
        assert lacking(one) is not None
        assert lacking(one, *everything_of(one.person_id)) is None


def test_an_unknown_kind_is_a_bug_not_a_right() -> None:
    with pytest.raises(TypeError):
        rights.needs(Head(**specimens.head(Sale)))


@pytest.mark.parametrize(
    ("document", "base", "special"),
    [
        (specimens.one_of_each()[1], Permission.SELL, Permission.REFUND),
        (specimens.cash_movement(CashReason.PAY_OUT, 5), Permission.DRAWER, Permission.CASH_OUT),
        (specimens.cash_movement(CashReason.SAFE_DROP, 5), Permission.DRAWER, Permission.CASH_OUT),
        (specimens.cash_movement(CashReason.DRAWING, 5), Permission.DRAWER, Permission.CASH_OUT),
        (specimens.drawer_close(5, 5), Permission.DRAWER, Permission.CLOSE_DRAWER),
        (specimens.one_of_each()[-1], Permission.SELL, Permission.VOID),
    ],
)
def test_what_needs_approval(document: Any, base: Permission, special: Permission) -> None:
    maker = document.person_id
    alone = lacking(document, (maker, base))
    assert alone is not None
    assert alone.permission is special
    assert lacking(document, (maker, base), (maker, special)) is None
    helped = approved(document)
    # Who approves has the permission itself, and may approve.
    assert lacking(helped, (maker, base), (APPROVER, special)) is not None
    assert lacking(helped, (maker, base), (APPROVER, Permission.APPROVE)) is not None
    both = [(APPROVER, special), (APPROVER, Permission.APPROVE)]
    assert lacking(helped, (maker, base), *both) is None
    # Nobody can approve what the maker may not do at all.
    assert lacking(helped, *everything_of(APPROVER)) is not None


@pytest.mark.parametrize("reason", [CashReason.FLOAT, CashReason.PAY_IN])
def test_cash_in_needs_the_drawer_only(reason: CashReason) -> None:
    document = specimens.cash_movement(reason, 5)
    assert lacking(document, (MAKER, Permission.DRAWER)) is None


def sale(**line: Any) -> Any:
    made: Any = specimens.one_of_each()[0]
    plain = tuple(msgspec.structs.replace(one, discount=0) for one in made.lines)
    return msgspec.structs.replace(made, lines=(msgspec.structs.replace(plain[0], **line), *plain[1:]))


def test_a_sale_at_list_prices_needs_no_approval() -> None:
    assert lacking(sale(), (MAKER, Permission.SELL)) is None


@pytest.mark.parametrize("line", [{"discount": 5}, {"list_price": 99}, {"list_price": 0}])
def test_each_line_at_another_price_needs_who_allowed_it(line: dict[str, int]) -> None:
    sells = (MAKER, Permission.SELL)
    step = Permission.DISCOUNT_5 if "discount" in line else Permission.PRICE
    assert lacking(sale(**line), sells) == Need(step, None)
    assert lacking(sale(**line), sells, (MAKER, Permission.PRICE)) is None
    allowed = sale(**line, price_approver_id=APPROVER)
    assert lacking(allowed, sells) == Need(step, APPROVER)
    assert lacking(allowed, sells, (APPROVER, Permission.PRICE), (APPROVER, Permission.APPROVE)) is None


def test_beyond_the_limit_needs_approval() -> None:
    beyond = msgspec.structs.replace(sale(), over_limit=100)
    assert lacking(beyond, (MAKER, Permission.SELL)) == Need(Permission.OVER_LIMIT, None)
    assert lacking(beyond, (MAKER, Permission.SELL), (MAKER, Permission.OVER_LIMIT)) is None


def test_what_a_document_without_the_new_fields_was_stays_so() -> None:
    # Bytes of before these fields mean the same: they are left out where they say nothing.
    body = msgspec.json.encode(sale())
    assert b"over_limit" not in body
    assert b"list_price" not in body
    assert b"price_approver_id" not in body


def test_the_default_roles() -> None:
    assert list(DEFAULT_ROLES) == ["owner", "accountant", "manager", "cashier", "driver", "auditor"]
    held = {code: permissions for code, (_, permissions) in DEFAULT_ROLES.items()}
    assert held["owner"] == set(Permission)
    # A manager can be asked for every approval; nobody else at a till may do its special things alone.
    assert {Permission(action.value) for action in Action} <= held["manager"]
    special = {P.REFUND, P.VOID, P.PRICE, P.OVER_LIMIT, P.CLOSE_DRAWER, P.CASH_OUT}
    for code in ("cashier", "driver", "auditor", "accountant"):
        assert not special & held[code]
        assert Permission.APPROVE not in held[code]
    assert held["auditor"] == {Permission.SEE_REPORTS, Permission.SEE_AUDIT}


def test_every_action_is_a_permission_and_every_permission_has_words() -> None:
    assert {action.value for action in Action} <= {one.value for one in Permission}
    assert set(WORDS) == set(Permission)


# --- the books ------------------------------------------------------------------------------------

#: What each document of the books needs, in this order.
BOOKS: list[tuple[Document, list[Permission]]] = [
    (books.invoice(Item(100)), [P.INVOICE]),
    (books.invoice(Item(500), Item(100, -1_000)), [P.INVOICE, P.CREDIT_NOTE]),
    (books.invoice(Item(500, discount=200)), [P.INVOICE, P.PRICE]),
    (books.invoice(Item(500), over_limit=1), [P.INVOICE, P.OVER_LIMIT]),
    (books.credit_note(Item(500, discount=5)), [P.CREDIT_NOTE]),
    (books.bill(books.bill_line(100)), [P.BILL]),
    (books.vendor_credit(books.bill_line(100)), [P.BILL]),
    (books.vendor_payment(100), [P.PAY_VENDOR]),
    (books.vendor_payment(100, tenders=CASH_OUT), [P.DRAWER, P.PAY_VENDOR]),
    (books.settlement(books.allocation(5)), [P.RECEIVE_PAYMENT]),
    (books.write_off(books.allocation(5)), [P.WRITE_OFF]),
    (books.purchase_order((1, 1_000, 5)), [P.PURCHASE]),
    (books.goods_receipt((1, 1_000, 5)), [P.RECEIVE_GOODS]),
    (books.landed_cost((1, 5)), [P.PURCHASE]),
    (books.opening_count((1, 1_000, 5)), [P.STOCK_COUNT]),
    (books.transfer_sent((1, 5)), [P.TRANSFER_STOCK]),
    (books.transfer_received((1, 5, 5)), [P.TRANSFER_STOCK]),
    (books.stock_adjustment(AdjustmentReason.LOSS, (1, -5)), [P.ADJUST_STOCK]),
    (books.returnable((1, 5)), [P.RETURNABLES]),
    (books.stock_valuation(books.valued(1, 5, 5)), [P.VALUE_STOCK]),
    (books.expense(books.bill_line(100)), [P.DRAWER, P.EXPENSE]),
    (books.expense(books.bill_line(100), tenders=FROM_BANK), [P.EXPENSE]),
    (books.money_transfer(5), [P.DRAWER, P.MOVE_MONEY]),
    (books.money_transfer(5, from_drawer=None, to_drawer=8), [P.DRAWER, P.MOVE_MONEY]),
    (books.money_transfer(5, from_drawer=None), [P.MOVE_MONEY]),
    (books.journal_entry(books.entry_line("1", 1), books.entry_line("2", -1)), [P.JOURNAL_ENTRY]),
    *((books.party_money(reason, 5), [P.RECEIVE_PAYMENT]) for reason in books.INTO_OUR_HANDS),
    *((books.party_money(reason, 5), [P.DRAWER, P.PARTY_MONEY]) for reason in books.OUT_OF_OUR_HANDS),
    (
        books.party_money(PartyReason.EMPLOYEE_ADVANCE, 5, tenders=FROM_BANK),
        [P.PARTY_MONEY],
    ),
]


@pytest.mark.parametrize(("document", "wanted"), BOOKS)
def test_what_the_books_need(document: Document, wanted: list[Permission]) -> None:
    assert [need.permission for need in rights.needs(document)] == wanted
    assert lacking(document, *((MAKER, one) for one in wanted)) is None
    for missing in wanted:
        found = lacking(document, *((MAKER, one) for one in wanted if one is not missing))
        assert found is not None
        assert found.permission is missing


@pytest.mark.parametrize(
    ("document", "special"),
    [(document, wanted[-1]) for document, wanted in BOOKS if wanted[-1] not in (P.RECEIVE_PAYMENT, P.PRICE)],
)
def test_the_books_can_be_approved(document: Document, special: Permission) -> None:
    others = [(MAKER, one) for one in Permission if one is not special]
    assert lacking(document, *others) == Need(special, None)
    assert lacking(approved(document), *others, (APPROVER, special), (APPROVER, P.APPROVE)) is None


def test_what_the_office_made_the_office_voids() -> None:
    bill = msgspec.structs.replace(books.bill(books.bill_line(100)), terminal_no=3, seq=1)
    void = specimens.reversal(bill)
    assert rights.needs(void) == (Need(P.BILL, None),)
    assert rights.needs(approved(void)) == (Need(P.BILL, APPROVER),)
    for document in specimens.one_of_each()[:7]:
        placed = msgspec.structs.replace(document, terminal_no=3, seq=1)
        assert [need.permission for need in rights.needs(specimens.reversal(placed))] == [P.SELL, P.VOID]


def test_who_keeps_the_books() -> None:
    held = {code: permissions for code, (_, permissions) in DEFAULT_ROLES.items()}
    office = {P.BILL, P.PAY_VENDOR, P.WRITE_OFF, P.JOURNAL_ENTRY, P.PERIOD_LOCK, P.VALUE_STOCK}
    assert office <= held["accountant"]
    for code in ("manager", "cashier", "driver", "auditor"):
        assert not office & held[code]
    assert {P.RECEIVE_GOODS, P.TRANSFER_STOCK, P.ADJUST_STOCK, P.EXPENSE} <= held["manager"]
    money = {P.EXPENSE, P.MOVE_MONEY, P.PARTY_MONEY, P.CREDIT_NOTE, P.ADJUST_STOCK}
    for code in ("cashier", "driver", "auditor"):
        assert not money & held[code]
    assert {P.INVOICE, P.RETURNABLES} <= held["cashier"]
    assert {P.RETURNABLES, P.TRANSFER_STOCK} <= held["driver"]
