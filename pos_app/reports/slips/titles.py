"""The words of paper that stand for a kind: what a document is called, how was paid, why money moved.

In capitals where they stand above the paper.  Each is asked for when it is printed, since the language of
paper is a setting of the till.
"""

from pos_app.language import printed
from pos_app.ledger.document import CashReason, Document, PartyMoney, ServiceStep, kind_of
from pos_app.ledger.line import PartyRole, TenderKind
from pos_app.ledger.service_orders import Step
from pos_app.ledger.treasury import PartyReason


def title_of(document: Document) -> str:
    """What a document is called above its paper: "GOODS RECEIPT"; nothing above a plain sale."""
    match document:
        case PartyMoney():
            return _party_money(document.reason)
        case ServiceStep():
            return {
                Step.READY: printed("READY"),
                Step.RETURNED: printed("GIVEN BACK AS IT CAME"),
                Step.CANCELLED: printed("CANCELLED"),
            }[document.step]
        case _:
            kind = kind_of(document)
            # A type that nobody named yet is called by its kind.
            return _titles().get(kind, kind.replace("_", " ").upper())


def _titles() -> dict[str, str]:
    return {
        "sale": "",
        "refund": printed("REFUND"),
        "payment": printed("PAYMENT RECEIVED"),
        "cash_movement": printed("CASH MOVEMENT"),
        "drawer_open": printed("DRAWER OPENED"),
        "drawer_close": printed("DRAWER CLOSED"),
        "stock_count": printed("STOCK COUNT"),
        "reversal": printed("VOID"),
        "invoice": printed("INVOICE"),
        "credit_note": printed("CREDIT NOTE"),
        "bill": printed("BILL"),
        "vendor_credit": printed("VENDOR CREDIT"),
        "vendor_payment": printed("VENDOR PAYMENT"),
        "settlement": printed("SETTLEMENT"),
        "write_off": printed("WRITE OFF"),
        "purchase_order": printed("PURCHASE ORDER"),
        "goods_receipt": printed("GOODS RECEIPT"),
        "landed_cost": printed("LANDED COST"),
        "transfer_sent": printed("TRANSFER SENT"),
        "transfer_received": printed("TRANSFER RECEIVED"),
        "stock_adjustment": printed("STOCK ADJUSTMENT"),
        "returnable": printed("RETURNABLE"),
        "stock_valuation": printed("STOCK VALUATION"),
        "journal_entry": printed("JOURNAL ENTRY"),
        "expense": printed("EXPENSE"),
        "deposit_return": printed("DEPOSIT PAID BACK"),
        "money_transfer": printed("MONEY MOVED"),
        "bank_bag": printed("BAG FOR THE BANK"),
        "bag_banked": printed("BAG AT THE BANK"),
        "service_order": printed("TAKEN IN"),
    }


def _party_money(reason: PartyReason) -> str:
    return {
        PartyReason.EMPLOYEE_ADVANCE: printed("EMPLOYEE ADVANCE"),
        PartyReason.EMPLOYEE_REPAYMENT: printed("EMPLOYEE REPAYMENT"),
        PartyReason.MEMBER_DEPOSIT: printed("MEMBER DEPOSIT"),
        PartyReason.MEMBER_WITHDRAWAL: printed("MEMBER WITHDRAWAL"),
        PartyReason.MEMBER_SHARE: printed("MEMBER SHARE"),
        PartyReason.MEMBER_SHARE_RETURN: printed("MEMBER SHARE RETURN"),
        PartyReason.CUSTOMER_DEPOSIT: printed("CUSTOMER DEPOSIT"),
        PartyReason.CUSTOMER_DEPOSIT_RETURN: printed("CUSTOMER DEPOSIT RETURN"),
        PartyReason.CUSTOMER_CREDIT_RETURN: printed("CUSTOMER CREDIT RETURN"),
        PartyReason.VENDOR_PREPAYMENT_RETURN: printed("VENDOR PREPAYMENT RETURN"),
    }[reason]


def tender_name(kind: TenderKind) -> str:
    """How money changed hands."""
    return {
        TenderKind.CASH: printed("Cash"),
        TenderKind.MPESA: printed("M-Pesa"),
        TenderKind.ACCOUNT: printed("On account"),
        TenderKind.BANK: printed("Bank"),
        TenderKind.CARD: printed("Card"),
        TenderKind.VOUCHER: printed("Voucher"),
        TenderKind.POINTS: printed("Points"),
        TenderKind.DEPOSIT: printed("Out of the deposit"),
        TenderKind.CHEQUE: printed("Cheque"),
    }[kind]


def movement_words(reason: CashReason) -> str:
    """Why cash went into a drawer or out of it."""
    return {
        CashReason.FLOAT: printed("Float added"),
        CashReason.PAY_IN: printed("Cash paid in"),
        CashReason.PAY_OUT: printed("Cash paid out"),
        CashReason.SAFE_DROP: printed("Dropped to the safe"),
        CashReason.DRAWING: printed("Drawn by the owner"),
    }[reason]


def party_words(role: PartyRole) -> str:
    """What the party on a paper is to us."""
    return {
        PartyRole.EMPLOYEE: printed("Employee"),
        PartyRole.MEMBER: printed("Member"),
        PartyRole.SHAREHOLDER: printed("Member"),
        PartyRole.VENDOR: printed("Vendor"),
    }.get(role) or printed("Customer")


def flow_words(reason: str) -> str:
    """Why cash came into a drawer or went out of it, in the lines of its close."""
    known = {
        "float": printed("Float"),
        "sale": printed("Sales in cash"),
        "payment": printed("Payments received"),
        "refund": printed("Refunds"),
        "pay_in": printed("Cash in"),
        "pay_out": printed("Cash out"),
        "expense": printed("Expenses"),
        "drawing": printed("Drawn by the owner"),
        "deposit_return": printed("Deposits paid back"),
        "transfer_in": printed("Moved into the drawer"),
        "transfer_out": printed("Moved out of the drawer"),
        "safe_drop": printed("To the safe"),
        "reversal": printed("Voids"),
        "other": printed("Other"),
    }
    if reason in known:
        return known[reason]
    return _party_money(PartyReason(reason)).capitalize()


def reason_words(reason: str) -> str:
    """A reason of a list in words; what a person typed stands as it was typed."""
    return {
        "damage": printed("damage"),
        "loss": printed("loss"),
        "found": printed("found"),
        "use": printed("use"),
        "other": printed("other"),
        "opening": printed("opening"),
        "year_end": printed("year end"),
        "revaluation": printed("revaluation"),
        "manual": printed("manual"),
    }.get(reason, reason)


def change_words(kind: str, *, is_void: bool) -> str:
    """What changed an invoice, in the lines below its total: "Payment", "Void of payment"."""
    words = {
        "payment": printed("Payment"),
        "sale": printed("Sale"),
        "credit_note": printed("Credit note"),
        "settlement": printed("Settlement"),
        "write_off": printed("Write off"),
        "invoice": printed("Invoice"),
        "reversal": printed("Void"),
        "party_money": printed("Party money"),
        "refund": printed("Refund"),
    }.get(kind) or kind.replace("_", " ").capitalize()
    return printed("Void of {what}", what=words.lower()) if is_void else words
