"""An independent model of the books: a list of documents and plain sums.

Written from what the documents mean to a shopkeeper, not from the posting rules: the product's
answers are compared with it.  Amounts in minor units of the document's currency, signed the way an
accountant writes them (money and goods that the shop has are positive, what it earned or owes is
negative).
"""

from collections import Counter

from pos_app.ledger import canonical
from pos_app.ledger.document import (
    CashMovement,
    CashReason,
    Document,
    DrawerClose,
    DrawerOpen,
    Payment,
    Refund,
    Reversal,
    Sale,
    StockCount,
)
from pos_app.ledger.line import Change, Tender, TenderKind

Sums = Counter[tuple[object, ...]]


class Model:
    """Balances as somebody with pencil and paper would have them after the documents so far."""

    def __init__(self) -> None:
        self.accounts: Sums = Counter()
        self.parties: Sums = Counter()
        self.drawers: Sums = Counter()
        self.stock: Sums = Counter()
        self.totals: dict[int, tuple[int, int, int]] = {}
        self.documents: list[Document] = []

    def add(self, document: Document) -> None:
        """One more document happened."""
        self.documents.append(document)
        self._apply(document, document, 1)

    def _apply(self, what: Document, head: Document, sign: int) -> None:
        match what:
            case Sale():
                self._trade(what, head, sign)
            case Refund():
                self._trade(what, head, -sign)
            case Payment():
                self._money(what, what.tenders, what.change, sign)
                self._account(what, what.business_id, what.receivable_account, -sign * what.total)
                self.parties[what.org_id, what.party_role.value, what.party_id, what.currency] -= (
                    sign * what.total
                )
            case CashMovement():
                comes = what.reason in (CashReason.FLOAT, CashReason.PAY_IN)
                self._cash(what, what.drawer_id, what.cash_account, sign * (1 if comes else -1) * what.amount)
                self._account(
                    what, what.business_id, what.contra_account, sign * (-1 if comes else 1) * what.amount
                )
            case DrawerOpen():
                self._cash(what, what.drawer_id, what.cash_account, sign * what.float_amount)
                self._account(what, what.business_id, what.safe_account, -sign * what.float_amount)
            case DrawerClose():
                found = what.counted - what.expected
                self._cash(what, what.drawer_id, what.cash_account, sign * (found - what.removed))
                self._account(what, what.business_id, what.over_short_account, -sign * found)
                self._account(what, what.business_id, what.safe_account, sign * what.removed)
            case StockCount():
                for line in what.lines:
                    self.stock[what.org_id, what.location_id, line.product_id] += sign * (
                        line.counted - line.expected
                    )
            case Reversal():
                self._apply(canonical.decode(bytes(what.original)), head, -sign)

    def _trade(self, what: Sale | Refund, head: Document, sign: int) -> None:
        self._money(what, what.tenders, what.change, sign)
        elsewhere = 0
        for line in what.lines:
            self._account(what, line.business_id, line.revenue_account, -sign * line.net)
            self._account(what, line.business_id, line.tax_account, -sign * line.tax)
            if line.business_id != what.business_id:
                self._account(what, line.business_id, what.clearing_account, sign * line.gross)
                elsewhere += line.gross
            if line.location_id is not None:
                self.stock[what.org_id, line.location_id, line.product_id] -= sign * line.quantity
        if elsewhere:
            self._account(what, what.business_id, what.clearing_account, -sign * elsewhere)
        if what.rounding:
            self._account(what, what.business_id, what.rounding_account, -sign * what.rounding)
        subtotal, tax, _ = self.totals.get(head.document_id, (0, 0, 0))
        subtotal += sign * what.subtotal
        tax += sign * what.tax_total
        self.totals[head.document_id] = (subtotal, tax, subtotal + tax)

    def _money(
        self, what: Sale | Refund | Payment, tenders: tuple[Tender, ...], change: Change | None, sign: int
    ) -> None:
        for tender in tenders:
            self._cash(what, tender.drawer_id, tender.account, sign * tender.amount)
            if tender.kind is TenderKind.ACCOUNT:
                key = (what.org_id, "customer", what.party_id, what.currency)
                self.parties[key] += sign * tender.amount
        if change is not None:
            self._cash(what, change.drawer_id, change.account, -sign * change.amount)

    def _cash(self, what: Document, drawer_id: int | None, account: str, amount: int) -> None:
        self._account(what, what.business_id, account, amount)
        if drawer_id is not None:
            self.drawers[what.org_id, drawer_id, what.currency] += amount

    def _account(self, what: Document, business_id: int, account: str, amount: int) -> None:
        if amount:
            self.accounts[what.org_id, business_id, account, what.currency] += amount


def without_zeros(sums: Sums) -> dict[tuple[object, ...], int]:
    """The sums that are something: a balance of nothing may or may not have a row."""
    return {key: value for key, value in sums.items() if value}
