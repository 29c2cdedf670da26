"""Owns what is typed on every screen that books, in the order of its labels, and what must be booked then.

What is typed would show a mix-up: names with figures in them, codes that look like sums, a sum at the first
choice, cents.
"""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from PySide6.QtCore import Qt

from pos_app.ledger.document import (
    CashMovement,
    CashReason,
    CreditNote,
    DrawerClose,
    Expense,
    GoodsReceipt,
    Invoice,
    MoneyTransfer,
    PartyMoney,
    Payment,
    PurchaseOrder,
    Refund,
    ReturnableMove,
    Reversal,
    Sale,
    ServiceOrder,
    ServiceStep,
    StockAdjustment,
    StockCount,
    TransferReceived,
    TransferSent,
)
from pos_app.ledger.line import TenderKind
from pos_app.ledger.service_orders import Step as ServiceStage
from pos_app.ledger.stock import AdjustmentReason
from pos_app.ledger.treasury import PartyReason
from pos_app.till.laundry.intake import Wanted
from pos_app.till.till import Till
from tests.support.worlds.goods_rows import (
    EMPTY13,
    HOSE,
    REFILL13,
    REGULATOR,
    SECOND_VENDOR,
    VENDOR,
    WEST,
    order_of,
    sent_to,
)
from tests.support.worlds.money_builder import HOTEL, invoice
from tests.support.worlds.money_people import EMPLOYEE, MEMBER
from tests.support.worlds.till_builder import barcode_of

Key = Qt.Key
F2, F3, F4, F5, F6, F7 = Key.Key_F2, Key.Key_F3, Key.Key_F4, Key.Key_F5, Key.Key_F6, Key.Key_F7
F8, F12, ENTER, TAB, DOWN = Key.Key_F8, Key.Key_F12, Key.Key_Return, Key.Key_Tab, Key.Key_Down
#: A key, words, or the number of a product to scan.
Step = Key | str | int
KILO, DUVET = 13, 14
CODE: Final = "7QGH61RT2A"


def nothing(_till: Till) -> None:
    """What the till's world has is enough."""


class Typed(NamedTuple):
    """How a screen is reached from the basket, what is typed there, and what the document must say of it."""

    screen: str
    way: tuple[Step, ...]
    typed: tuple[Step, ...]
    kind: type
    booked: dict[str, Any]
    given: Callable[[Till], object] = nothing


def an_advance(till: Till) -> None:
    till.party_money.record(PartyReason.EMPLOYEE_ADVANCE, EMPLOYEE, 300_000)


def an_order(till: Till) -> None:
    order_of(till)


def a_transfer(till: Till) -> None:
    sent_to(till, WEST)


def an_invoice(till: Till) -> None:
    invoice(till)


def a_draft(till: Till) -> None:
    basket = till.baskets.new()
    basket.add(till.catalogue.scan(barcode_of(REGULATOR)).product)
    basket.set_customer(till.customers.get(HOTEL))
    till.invoicing.save_draft(basket, terms_days=30)


def laundry_of_otieno(till: Till) -> None:
    wanted = (Wanted(DUVET, 2_000, "white"),)
    till.service_orders.take_in(wanted, promised_on=20261121, party_id=2, customer_name="")


MONEY: Final = {
    "advance by M-Pesa, the sum typed at the first choice": Typed(
        "PartyScreen",
        (F2, "c", "juma", ENTER),
        ("1,250.50", ENTER, "2", ENTER, CODE, ENTER, "7 bags, 2 houses", F12),
        PartyMoney,
        {
            "reason": PartyReason.EMPLOYEE_ADVANCE,
            "party_id": EMPLOYEE,
            "total": 125_050,
            "tenders.0.kind": TenderKind.MPESA,
            "tenders.0.amount": 125_050,
            "tenders.0.reference": CODE,
            "note": "7 bags, 2 houses",
        },
    ),
    "repayment, 1500 after the second choice": Typed(
        "PartyScreen",
        (F2, "c", "e-014", ENTER),
        ("2", ENTER, "1500", ENTER, "1", ENTER, "1250.50 was agreed", F12),
        PartyMoney,
        {
            "reason": PartyReason.EMPLOYEE_REPAYMENT,
            "total": 150_000,
            "tenders.0.kind": TenderKind.CASH,
            "tenders.0.amount": 150_000,
            "tenders.0.reference": "",
            "note": "1250.50 was agreed",
        },
        an_advance,
    ),
    "money between our own places": Typed(
        "TransferScreen",
        (F2, "b"),
        ("2", ENTER, "3", ENTER, "1250.50", ENTER, "1500", ENTER, "2 of 3 bags", F12),
        MoneyTransfer,
        {
            "from_account": "1150",
            "to_account": "1170",
            "amount": 125_050,
            "reference": "1500",
            "note": "2 of 3 bags",
        },
    ),
    "shillings that arrive as dollars": Typed(
        "TransferScreen",
        (F2, "b", F6, DOWN, ENTER),
        ("2", ENTER, "3", ENTER, "1250.50", ENTER, "9.65", ENTER, "2 of 3", ENTER, "1500", F12),
        MoneyTransfer,
        {
            "from_account": "1150",
            "to_account": "1170",
            "currency": "KES",
            "amount": 125_050,
            "to_currency": "USD",
            "to_amount": 965,
            "reference": "2 of 3",
            "note": "1500",
        },
    ),
    "a member's shares, by bank": Typed(
        "PartyScreen",
        (F2, "c", F4, "m-003", ENTER),
        ("3", ENTER, "1250.50", ENTER, "3", ENTER, "1500", ENTER, "2 of 3", F12),
        PartyMoney,
        {
            "reason": PartyReason.MEMBER_SHARE,
            "party_id": MEMBER,
            "total": 125_050,
            "tenders.0.kind": TenderKind.BANK,
            "tenders.0.reference": "1500",
            "note": "2 of 3",
        },
    ),
    "two lines of an expense, and how they were paid": Typed(
        "ExpenseScreen",
        (F2, "a"),
        (
            *("transport", ENTER, "1250.50", TAB, "2 bags to 3 shops", ENTER),
            *("petty", ENTER, "1500", TAB, "12.50 each", ENTER),
            *(F12, "2", ENTER, CODE, ENTER, "R-5/1500", ENTER, "7 was short", F12),
        ),
        Expense,
        {
            "lines.0.description": "2 bags to 3 shops",
            "lines.0.account": "6130",
            "lines.0.net": 125_050,
            "lines.1.description": "12.50 each",
            "lines.1.account": "6200",
            "lines.1.net": 150_000,
            "total": 275_050,
            "tenders.0.kind": TenderKind.MPESA,
            "tenders.0.amount": 275_050,
            "tenders.0.reference": CODE,
            "reference": "R-5/1500",
            "note": "7 was short",
        },
    ),
    "money into the drawer": Typed(
        "DrawerScreen",
        (F8,),
        (F2, "1250.50", TAB, "1500 from the safe", ENTER),
        CashMovement,
        {"reason": CashReason.PAY_IN, "amount": 125_050, "note": "1500 from the safe"},
    ),
    "a drawer is closed, note by note": Typed(
        "DrawerScreen",
        (F8, F12),
        ("4", ENTER, "1", ENTER, "15", F12, "2 notes of 500 are gone", F12),
        DrawerClose,
        {
            "counts.0.pieces": 4,
            "counts.1.pieces": 1,
            "counts.2.pieces": 15,
            "reason": "2 notes of 500 are gone",
        },
    ),
    "a part by M-Pesa, the rest in cash": Typed(
        "TenderScreen",
        (2, F12),
        (F3, "1250.50", ENTER, CODE, ENTER, ENTER),
        Sale,
        {
            "tenders.0.kind": TenderKind.MPESA,
            "tenders.0.amount": 125_050,
            "tenders.0.reference": CODE,
            "tenders.1.kind": TenderKind.CASH,
            "tenders.1.amount": 200_000,  # 1,999.50 are left, and there is no coin for 50 cents
            "tenders.1.reference": "",
        },
    ),
    "a deposit from the card, a part by M-Pesa": Typed(
        "TenderScreen",
        (F3, "mama", F4, F4, "1500", ENTER),
        (F3, "1250.50", ENTER, CODE, ENTER, ENTER),
        PartyMoney,
        {
            "reason": PartyReason.CUSTOMER_DEPOSIT,
            "party_id": HOTEL,
            "total": 150_050,
            "tenders.0.kind": TenderKind.MPESA,
            "tenders.0.amount": 125_050,
            "tenders.0.reference": CODE,
            "tenders.1.kind": TenderKind.CASH,
        },
    ),
    "money out of the drawer into the safe": Typed(
        "DrawerScreen",
        (F8,),
        (F4, "1250.50", TAB, "bag 15", ENTER),
        CashMovement,
        {"reason": CashReason.SAFE_DROP, "amount": 125_050, "note": "bag 15"},
    ),
    "an expense with the tax on the paper": Typed(
        "ExpenseScreen",
        (F2, "a"),
        (
            *("fuel", ENTER, "1160", TAB, "15 litres", TAB, Key.Key_Right, ENTER),
            *(F12, "1", ENTER, "1500", ENTER, "KBX 412D", F12),
        ),
        Expense,
        {
            "lines.0.description": "15 litres",
            "lines.0.tax_code": "V16",
            "subtotal": 100_000,
            "tax_total": 16_000,
            "tenders.0.kind": TenderKind.CASH,
            "reference": "1500",
            "note": "KBX 412D",
        },
    ),
    "an invoice": Typed(
        "InvoiceScreen",
        (2, F3, "mama", ENTER, F12, F6),
        ("14", ENTER, "1500", F12),
        Invoice,
        {"party_id": HOTEL, "terms_days": 14, "due_on": 20261204, "reference": "1500", "total": 325_000},
    ),
    "a payment": Typed(
        "PaymentScreen",
        (F3, "mama", F4, F3),
        ("250.50", ENTER, F3, ENTER, CODE, ENTER),
        Payment,
        {
            "party_id": HOTEL,
            "total": 25_050,
            "tenders.0.kind": TenderKind.MPESA,
            "tenders.0.amount": 25_050,
            "tenders.0.reference": CODE,
            "allocations.0.amount": 25_050,
        },
        an_invoice,
    ),
    "a credit note": Typed(
        "CreditNoteScreen",
        (Key.Key_F9, F7),
        ("1", F4, ENTER, "1250.50 was agreed", F12),
        CreditNote,
        {"party_id": HOTEL, "lines.0.quantity": 1_000, "reason": "1250.50 was agreed", "total": 85_000},
        an_invoice,
    ),
    "a refund": Typed(
        "RefundScreen",
        ("5*", REGULATOR, F12, ENTER, ENTER, F7, ENTER),
        ("2", ENTER, "1500 was agreed", F12),
        Refund,
        {
            "lines.0.quantity": 2_000,
            "reason": "1500 was agreed",
            "total": 170_000,
            "tenders.0.kind": TenderKind.CASH,
        },
    ),
}

GOODS: Final = {
    "a draft becomes an invoice": Typed(
        "DraftsScreen",
        (Key.Key_F9, F3),
        (F4, "14", ENTER, ENTER),
        Invoice,
        {"party_id": HOTEL, "due_on": 20261204, "total": 85_000},
        a_draft,
    ),
    "an invoice is voided": Typed(
        "ReceiptsScreen",
        (Key.Key_F9,),
        (F6, "1250.50 twice", ENTER),
        Reversal,
        {"reason": "1250.50 twice"},
        an_invoice,
    ),
    "laundry is given back": Typed(
        "LaundryScreen",
        (F2, "9"),
        (F6, DOWN, ENTER, "2 of 3 stains", ENTER),
        ServiceStep,
        {"step": ServiceStage.CANCELLED, "reason": "2 of 3 stains"},
        laundry_of_otieno,
    ),
    "a cylinder whose worth goes back by M-Pesa": Typed(
        "HalfReturnScreen",
        (F2, "0"),
        (
            *(F4, "mama", ENTER, F7, DOWN, ENTER, CODE, ENTER, REFILL13, "empty", ENTER),
            *("21.4", ENTER, "14.9", ENTER, "13", ENTER, F5, "1250.50 said", F12),
        ),
        Refund,
        {
            "party_id": HOTEL,
            "lines.0.quantity": 500,
            "tenders.0.kind": TenderKind.MPESA,
            "tenders.0.reference": CODE,
            "reason": "1250.50 said",
        },
    ),
    "an order": Typed(
        "OrderScreen",
        (F2, "2"),
        (F4, "aqua", ENTER, REGULATOR, "12", ENTER, "1250.50", ENTER, F5, "1500", F12),
        PurchaseOrder,
        {
            "party_id": SECOND_VENDOR,
            "lines.0.product_id": REGULATOR,
            "lines.0.quantity": 12_000,
            "lines.0.unit_cost": 125_050,
            "reference": "1500",
        },
    ),
    "goods of an order": Typed(
        "ReceiveOrderScreen",
        (F2, "1", ENTER),
        ("7", ENTER, "2.5", F5, "1500", F12),
        GoodsReceipt,
        {
            "party_id": VENDOR,
            "lines.0.product_id": REGULATOR,
            "lines.0.quantity": 7_000,
            "lines.1.product_id": HOSE,
            "lines.1.quantity": 2_500,
            "reference": "1500",
        },
        an_order,
    ),
    "goods without an order": Typed(
        "ReceiveLooseScreen",
        (F2, "1", F4),
        (F4, "total", ENTER, HOSE, "3", ENTER, "1250.50", ENTER, F5, "DN 12", F12),
        GoodsReceipt,
        {
            "party_id": VENDOR,
            "order_id": None,
            "lines.0.product_id": HOSE,
            "lines.0.quantity": 3_000,
            "lines.0.unit_cost": 125_050,
            "total": 375_150,
            "reference": "DN 12",
        },
    ),
    "goods that are sent": Typed(
        "SendScreen",
        (F2, "3"),
        (F4, "west", ENTER, REGULATOR, "5", ENTER, HOSE, "15", ENTER, F5, "KBX 412D", F12),
        TransferSent,
        {
            "to_location": WEST,
            "lines": [("product_id", "quantity"), (REGULATOR, 5_000), (HOSE, 15_000)],
            "note": "KBX 412D",
        },
    ),
    "goods that arrive": Typed(
        "ReceiveTransferScreen",
        (F2, "4", ENTER),
        ("4", ENTER, "1", F5, "2 of 3 boxes", F12),
        TransferReceived,
        {
            "lines": [("product_id", "received"), (REFILL13, 1_000), (REGULATOR, 4_000)],
            "note": "2 of 3 boxes",
        },
        a_transfer,
    ),
    "a count": Typed(
        "CountScreen",
        (F2, "5"),
        (REGULATOR, "28", ENTER, HOSE, "0", ENTER, F5, "shelf 7", F12, F12),
        StockCount,
        {"lines": [("product_id", "counted"), (REGULATOR, 28_000), (HOSE, 0)], "note": "shelf 7"},
    ),
    "an adjustment": Typed(
        "AdjustScreen",
        (F2, "6"),
        (F4, DOWN, ENTER, HOSE, "15", ENTER, REGULATOR, "2", F5, "3 of 15", F12),
        StockAdjustment,
        {
            "reason": AdjustmentReason.LOSS,
            "lines": [("product_id", "quantity"), (HOSE, -15_000), (REGULATOR, -2_000)],
            "note": "3 of 15",
        },
    ),
    "a cylinder that comes back partly full": Typed(
        "HalfReturnScreen",
        (F2, "0"),
        (REFILL13, "empty", ENTER, "21.4", ENTER, "14.9", ENTER, "13", ENTER, F5, "1250.50 said", F12),
        Refund,
        {
            "lines.0.quantity": 500,
            "lines.0.weighed.gross_g": 21_400,
            "lines.0.weighed.tare_g": 14_900,
            "lines.0.weighed.content_g": 13_000,
            "reason": "1250.50 said",
            "total": 162_500,
        },
    ),
    "cylinders in and out": Typed(
        "ReturnablesScreen",
        (F2, "8", F6),
        ("E13", ENTER, "2", ENTER, "15", ENTER, F5, "house 7", F12),
        ReturnableMove,
        {"lines": [("product_id", "quantity"), (EMPTY13, 13_000)], "note": "house 7"},
    ),
    "laundry": Typed(
        "IntakeScreen",
        (F2, "9", F3),
        (
            *(F4, "otieno", ENTER, DUVET, "3", F6, "2 stains", ENTER),
            *("laundry", ENTER, "2.5", F7, "3", ENTER, F5, "door 15", F12),
        ),
        ServiceOrder,
        {
            "party_id": 2,
            "promised_on": 20261123,
            "lines": [
                ("product_id", "quantity", "note"),
                (DUVET, 3_000, "2 stains"),
                (KILO, 2_500, ""),
            ],
            "note": "door 15",
        },
    ),
}
BOOKED: Final = MONEY | GOODS
