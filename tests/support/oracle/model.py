"""An independent model of the books: a list of documents and plain sums.

Written from what the documents mean to a shopkeeper, not from the posting rules: the product's answers are
compared with it, balance by balance, after every document; `model_sums` adds up and compares.

2026-11-21  A realised exchange difference is with the business of the document that realises it.  Where a
payment of one business settles the invoice of another, that other gets over the clearing account what
the invoice stands at, and is even; who took the money took the risk of the day.  Likewise goods that one
business received and another one's bill pays for.
"""

from collections.abc import Iterable
from fractions import Fraction
from typing import Final

from pos_app.ledger import canonical
from pos_app.ledger.document import (
    Bill,
    CashMovement,
    CashReason,
    CreditNote,
    DepositReturn,
    Document,
    DrawerClose,
    DrawerOpen,
    Expense,
    GoodsReceipt,
    Head,
    Invoice,
    JournalEntry,
    LandedCost,
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
    Settlement,
    StockAdjustment,
    StockCount,
    StockValuation,
    TransferReceived,
    TransferSent,
    VendorCredit,
    VendorPayment,
    WriteOff,
)
from pos_app.ledger.invoicing import BillLine
from pos_app.ledger.line import Change, GoodsLine, PartyRole, ReturnableLine, Tender, TenderKind
from pos_app.ledger.settlement import Allocation
from pos_app.ledger.treasury import PartyReason
from tests.support.oracle import bags
from tests.support.oracle.model_sums import Books, Worth, rounded, worth

_CUSTOMER, _VENDOR, _DEPOSITOR = PartyRole.CUSTOMER, PartyRole.VENDOR, PartyRole.DEPOSITOR
#: For these we hand the money out, for the others it comes in.
_OUT: Final = (
    PartyReason.EMPLOYEE_ADVANCE,
    PartyReason.MEMBER_WITHDRAWAL,
    PartyReason.MEMBER_SHARE_RETURN,
    PartyReason.CUSTOMER_DEPOSIT_RETURN,
    PartyReason.CUSTOMER_CREDIT_RETURN,
)
_ROLES: Final = {
    PartyReason.EMPLOYEE_ADVANCE: PartyRole.EMPLOYEE,
    PartyReason.EMPLOYEE_REPAYMENT: PartyRole.EMPLOYEE,
    PartyReason.MEMBER_DEPOSIT: PartyRole.MEMBER,
    PartyReason.MEMBER_WITHDRAWAL: PartyRole.MEMBER,
    PartyReason.MEMBER_SHARE: PartyRole.SHAREHOLDER,
    PartyReason.MEMBER_SHARE_RETURN: PartyRole.SHAREHOLDER,
    PartyReason.CUSTOMER_DEPOSIT: PartyRole.DEPOSITOR,
    PartyReason.CUSTOMER_DEPOSIT_RETURN: PartyRole.DEPOSITOR,
    PartyReason.CUSTOMER_CREDIT_RETURN: PartyRole.CUSTOMER,
    PartyReason.VENDOR_PREPAYMENT_RETURN: PartyRole.VENDOR,
}


class Model(Books):
    """Balances as somebody with pencil and paper would have them after the documents so far."""

    def __init__(self) -> None:
        super().__init__()
        self.documents: list[Document] = []

    def add(self, document: Document) -> None:
        """One more document happened."""
        self.documents.append(document)
        self._apply(document, document, 1)

    def _apply(self, what: Document, head: Document, sign: int) -> None:
        match what:
            case Reversal():
                self._apply(canonical.decode(bytes(what.original)), head, -sign)
            case Sale() | Refund() | Invoice() | CreditNote():
                self._sold(what, head, sign)
            case Bill() | VendorCredit() | Expense():
                self._bought(what, head, sign)
            case Payment() | VendorPayment() | Settlement() | WriteOff():
                self._settled(what, sign)
            case PurchaseOrder() | ServiceOrder() | ServiceStep():
                self._promised(what, head, sign)
            case GoodsReceipt() | LandedCost():
                self._received(what, head, sign)
            case CashMovement() | DrawerOpen() | DrawerClose():
                self._drawer(what, sign)
            case PartyMoney() | MoneyTransfer() | DepositReturn():
                self._money_moved(what, sign)
            case StockCount() | StockValuation() | bags.BankBag() | bags.BagBanked():
                bags.moved(self, what, sign) if isinstance(what, bags.BAGS) else self._valued(what, sign)
            case TransferSent() | TransferReceived() | StockAdjustment() | ReturnableMove():
                self._goods_moved(what, sign)
            case JournalEntry():
                self._by_hand(what, sign)
            case _:
                raise TypeError(f"the model does not know what a {type(what).__name__} means: tell it here")

    def _promised(self, what: PurchaseOrder | ServiceOrder | ServiceStep, head: Document, sign: int) -> None:
        """Nothing is owed and nothing moves yet; the paper has its totals all the same."""
        if isinstance(what, PurchaseOrder):
            self.total(head, sign * what.total, 0)
        elif isinstance(what, ServiceOrder):
            self.total(head, sign * what.subtotal, sign * what.tax_total)

    # --- goods and services given, to be paid now or later -----------------------------------------

    def _sold(self, what: Sale | Refund | Invoice | CreditNote, head: Document, sign: int) -> None:
        way = -sign if isinstance(what, Refund | CreditNote) else sign
        self._goods(what, what.lines, way)
        self._returnables(what, what.returnables, sign)
        self.total(head, way * what.subtotal, way * what.tax_total)
        whole = worth(what.total, what.rate_micro)
        match what:
            case Sale() | Refund():
                self._tenders(what, what.party_id, what.tenders, what.change, way)
            case Invoice():
                owed = rounded(what.total, what.rate_micro) * sign
                customer = (_CUSTOMER, what.party_id)
                self.post(what, what.receivable_account, owed, party=customer)
                self.open(what, customer, what.document_id, what.due_on, owed)
            case CreditNote():
                self._take_off(
                    what,
                    Allocation(
                        invoice_id=what.invoice_id,
                        due_on=what.invoice_due_on,
                        amount=what.total,
                        base_amount=what.base_amount,
                        business_id=what.invoice_business_id,
                    ),
                    whole,
                    (_CUSTOMER, what.party_id, what.receivable_account, what.difference_account),
                    sign,
                )

    def _goods(self, what: Head, lines: Iterable[GoodsLine], way: int) -> None:
        for line in lines:
            net, tax = worth(line.net, what.rate_micro), worth(line.tax, what.rate_micro)
            self.post(what, line.revenue_account, net * -way, business_id=line.business_id)
            self.post(what, line.tax_account, tax * -way, business_id=line.business_id)
            # The money is the document's business's; what is another's is owed to it.
            self.between(what, line.business_id, (net + tax) * -way)
            if line.location_id is not None:
                self.move(what, line.location_id, line.product_id, -way * line.quantity)
            if line.chit is not None:
                self.chit(what, line.chit, "", way * line.net)

    def _returnables(self, what: Head, lines: Iterable[ReturnableLine], sign: int) -> None:
        """What is given is positive, whichever way the trade goes."""
        for line in lines:
            self.move(what, line.location_id, line.product_id, -sign * line.quantity)
            self.move(what, line.party_location_id, line.product_id, sign * line.quantity)

    # --- bills, expenses and goods that come -------------------------------------------------------

    def _bought(self, what: Bill | VendorCredit | Expense, head: Document, sign: int) -> None:
        way = -sign if isinstance(what, VendorCredit) else sign
        for line in what.lines:
            self._bought_line(what, line, way)
        self.total(head, way * what.subtotal, way * what.tax_total)
        match what:
            case Expense():
                self._tenders(what, what.party_id, what.tenders, None, -sign)
            case Bill():
                owed = rounded(what.total, what.rate_micro) * sign
                vendor = (_VENDOR, what.party_id)
                self.post(what, what.payable_account, -owed, party=vendor)
                self.open(what, vendor, what.document_id, what.due_on, owed)
            case VendorCredit():
                self._take_off(
                    what,
                    Allocation(
                        invoice_id=what.bill_id,
                        due_on=what.bill_due_on,
                        amount=what.total,
                        base_amount=what.base_amount,
                        business_id=what.bill_business_id,
                    ),
                    worth(what.total, what.rate_micro),
                    (_VENDOR, what.party_id, what.payable_account, what.difference_account),
                    sign,
                )

    def _bought_line(self, what: Bill | VendorCredit | Expense, line: BillLine, way: int) -> None:
        net, tax = worth(line.net, what.rate_micro), worth(line.tax, what.rate_micro)
        own = line.business_id
        cost = net
        if line.received_net is None:
            self.post(what, line.account, net * way, business_id=own)
        else:
            # What waited for this bill goes at what it was received at; the rest is the price's fault.
            received = worth(line.received_net, what.rate_micro)
            self.post(what, line.price_variance_account, (net - received) * way, business_id=own)
            waited = received
            if line.received_base is not None:
                assert not isinstance(what, Expense)
                waited = Worth(line.received_net, line.received_base)
                by_rate = (received - waited).base_only
                self.post(what, what.difference_account, by_rate * way)
            self.post(what, line.account, waited * way, business_id=own)
            cost = net - received + waited
        self.post(what, line.tax_account, tax * way, business_id=own)
        self.between(what, own, (cost + tax) * way)
        if line.location_id is not None and line.product_id is not None and line.quantity is not None:
            self.move(what, line.location_id, line.product_id, way * line.quantity)
            self.cost(what, own, line.product_id, way * line.quantity, net * way)

    def _received(self, what: GoodsReceipt | LandedCost, head: Document, sign: int) -> None:
        if isinstance(what, LandedCost):
            for freight in what.lines:
                value = worth(freight.value, what.rate_micro) * sign
                self.post(what, freight.inventory_account, value, business_id=freight.business_id)
                self.post(what, what.accrued_account, -value, business_id=freight.business_id)
                self.cost(what, freight.business_id, freight.product_id, 0, value)
            return
        self.total(head, sign * what.total, 0)
        for line in what.lines:
            value = worth(line.net, what.rate_micro) * sign
            self.post(what, line.inventory_account, value, business_id=line.business_id)
            self.post(what, line.grni_account, -value, business_id=line.business_id)
            self.move(what, what.location_id, line.product_id, sign * line.quantity)
            self.cost(what, line.business_id, line.product_id, sign * line.quantity, value)

    # --- settling what is open ---------------------------------------------------------------------

    def _settled(self, what: Payment | VendorPayment | Settlement | WriteOff, sign: int) -> None:
        if isinstance(what, Settlement):
            self._settlement(what, sign)
            return
        if isinstance(what, WriteOff):
            for one in what.allocations:
                lost = Worth(one.amount, one.base_amount) * sign
                own = one.business_id or what.business_id
                self.post(what, what.receivable_account, -lost, business_id=own,
                          party=(_CUSTOMER, what.party_id))  # fmt: skip
                self.post(what, what.bad_debt_account, lost, business_id=own)
                self.open(
                    what, (_CUSTOMER, what.party_id), one.invoice_id, one.due_on, -lost, business_id=own
                )
            return
        if isinstance(what, Payment):
            role, account, change = what.party_role, what.receivable_account, what.change
            self._tenders(what, what.party_id, what.tenders, change, sign)
        else:
            role, account = _VENDOR, what.payable_account
            self._tenders(what, what.party_id, what.tenders, None, -sign)
        rest = what.total
        for one in what.allocations:
            money = worth(one.amount, what.rate_micro)
            self._take_off(what, one, money, (role, what.party_id, account, what.difference_account), sign)
            rest -= one.amount
        claim = worth(rest, what.rate_micro) * _direction(role)
        self.post(what, account, claim * -sign, party=(role, what.party_id))

    def _settlement(self, what: Settlement, sign: int) -> None:
        """Money that came before: it leaves where it lay at what it was worth then."""
        role = what.party_role
        for one in what.allocations:
            # Its part of the whole; the parts of all add up to the whole again.
            money = Worth(one.amount, Fraction(what.base_amount * one.amount, what.total))
            names = (role, what.party_id, what.account, what.difference_account)
            self._take_off(what, one, money, names, sign)
        whole = Worth(what.total, what.base_amount) * (sign * _direction(role))
        whole -= self._credits(what, what.credits, (role, what.party_id, what.account), sign)
        account = what.deposit_account or what.account
        party = (_DEPOSITOR if what.deposit_account else role, what.party_id)
        whole -= self.shares(what, what.shares, (*party, account), sign * _direction(role))
        self.post(what, account, whole, party=party)

    def _credits(
        self, what: Head, used: Iterable[Allocation], names: tuple[PartyRole, int, str], sign: int
    ) -> Worth:
        """Credit that lay on an invoice is used up: it lies there no longer, and is owed to its business by
        whoever used it.  Gives what was used, as a claim of the party's kind.
        """
        role, party_id, account = names
        whole = Worth(0, 0)
        for one in used:
            own = one.business_id or what.business_id
            gone = Worth(one.amount, one.base_amount) * sign
            claim = gone * _direction(role)
            self.post(what, account, claim, business_id=own, party=(role, party_id))
            self.between(what, own, claim)
            self.open(what, (role, party_id), one.invoice_id, one.due_on, gone, business_id=own)
            whole += claim
        return whole

    def _take_off(
        self,
        what: Head,
        one: Allocation,
        money: Worth,
        names: tuple[PartyRole, int, str, str],
        sign: int,
    ) -> None:
        """An invoice or bill is lowered by what it stood at; `money` is what was given for it."""
        role, party_id, account, difference_account = names
        own = one.business_id or what.business_id
        off = Worth(one.amount, one.base_amount) * sign
        claim, given = off * _direction(role), money * (sign * _direction(role))
        self.post(what, account, -claim, business_id=own, party=(role, party_id))
        self.between(what, own, -claim)
        self.post(what, difference_account, (claim - given).base_only)
        self.open(what, (role, party_id), one.invoice_id, one.due_on, -off, business_id=own)

    # --- money -------------------------------------------------------------------------------------

    def _tenders(
        self, what: Head, party_id: int | None, tenders: Iterable[Tender], change: Change | None, way: int
    ) -> None:
        """Money that comes in (`way` 1) or goes out (-1), and what its coins are rounded by."""
        if isinstance(what, Sale | Refund | Payment | Expense | PartyMoney | DepositReturn | VendorPayment):
            self.post(what, what.rounding_account, worth(what.rounding, what.rate_micro) * -way)
        for tender in tenders:
            amount = worth(tender.amount, what.rate_micro) * way
            if tender.paid_currency:
                self._exchanged(
                    what,
                    place=(tender.account, tender.drawer_id, None),
                    paid=(tender.paid, tender.paid_currency, tender.paid_rate_micro),
                    accounts=(tender.exchange_account, tender.difference_account),
                    amount=amount,
                    way=way,
                )
                continue
            if tender.chit is not None:
                self.chit(what, tender.chit, tender.account, -way * tender.amount)
                continue
            party = None
            if tender.kind is TenderKind.ACCOUNT:
                assert party_id is not None
                party = (_CUSTOMER, party_id)
            own = tender.business_id or what.business_id
            self.post(what, tender.account, amount, business_id=own, party=party, drawer_id=tender.drawer_id)
            self.between(what, own, amount)
        if change is not None:
            back = worth(change.amount, what.rate_micro) * -way
            self.post(what, change.account, back, drawer_id=change.drawer_id)

    def _exchanged(
        self,
        what: Head,
        *,
        place: tuple[str, int | None, int | None],
        paid: tuple[int, str, int],
        accounts: tuple[str, str],
        amount: Worth,
        way: int,
    ) -> None:
        """Money of another currency, for `amount` of the document's: two currencies pass through the
        exchange account, which keeps nothing in base currency; what is left of that is gain or loss.
        """
        account, drawer_id, business_id = place
        foreign = rounded(paid[0], paid[2]) * way
        exchange, difference = accounts
        self.post(what, account, foreign, currency=paid[1], drawer_id=drawer_id, business_id=business_id)
        self.post(what, exchange, -foreign, currency=paid[1], business_id=business_id)
        through = Worth(amount.amount, foreign.base)
        self.post(what, exchange, through, business_id=business_id)
        self.post(what, difference, (amount - through).base_only, business_id=business_id)

    def _drawer(self, what: CashMovement | DrawerOpen | DrawerClose, sign: int) -> None:
        def cash(amount: int, account: str, other: int, whose: int = 0) -> None:
            value = worth(sign * amount, what.rate_micro)
            self.post(what, what.cash_account, value, drawer_id=what.drawer_id)
            own, theirs = whose or what.business_id, worth(sign * other, what.rate_micro)
            self.post(what, account, theirs, business_id=own)
            self.between(what, own, theirs)

        match what:
            case CashMovement():
                comes = 1 if what.reason in (CashReason.FLOAT, CashReason.PAY_IN) else -1
                cash(comes * what.amount, what.contra_account, -comes * what.amount, what.contra_business_id)
            case DrawerOpen():
                cash(what.float_amount, what.safe_account, -what.float_amount)
            case DrawerClose():
                found = what.counted - what.expected
                cash(found, what.over_short_account, -found, what.over_short_business_id)
                cash(-what.removed, what.safe_account, what.removed)

    def _money_moved(self, what: PartyMoney | MoneyTransfer | DepositReturn, sign: int) -> None:
        if isinstance(what, DepositReturn):  # money goes out for what was owed
            self._tenders(what, None, what.tenders, None, -sign)
            return self.chit(what, what.chit, what.deposit_account, -sign * what.total)
        if isinstance(what, PartyMoney):
            way = -sign if what.reason in _OUT else sign
            self._tenders(what, what.party_id, what.tenders, what.change, way)
            money = worth(what.total, what.rate_micro)
            theirs = money if what.base_amount is None else Worth(what.total, what.base_amount)
            party = (_ROLES[what.reason], what.party_id)
            named = self._credits(what, what.credits, (*party, what.party_account), sign)
            named += self.shares(what, what.shares, (*party, what.party_account), -way)
            self.post(what, what.party_account, theirs * -way - named, party=party)
            if what.base_amount is not None:
                self.post(what, what.difference_account, (theirs - money).base_only * way)
            return
        left = worth(what.amount, what.rate_micro) * sign
        self.post(what, what.from_account, -left, drawer_id=what.from_drawer)
        to = what.business_id if what.to_business_id is None else what.to_business_id
        self.between(what, to, left)
        if what.to_currency:
            self._exchanged(
                what,
                place=(what.to_account, what.to_drawer, to),
                paid=(what.to_amount, what.to_currency, what.to_rate_micro),
                accounts=(what.exchange_account, what.difference_account),
                amount=left,
                way=sign,
            )
        else:
            self.post(what, what.to_account, left, business_id=to, drawer_id=what.to_drawer)

    # --- stock -------------------------------------------------------------------------------------

    def _goods_moved(
        self, what: TransferSent | TransferReceived | StockAdjustment | ReturnableMove, sign: int
    ) -> None:
        match what:
            case TransferSent():
                for sent in what.lines:
                    self.move(what, what.from_location, sent.product_id, -sign * sent.quantity)
                    self.move(what, what.transit_location, sent.product_id, sign * sent.quantity)
            case TransferReceived():
                for came in what.lines:
                    self.move(what, what.transit_location, came.product_id, -sign * came.received)
                    self.move(what, what.to_location, came.product_id, sign * came.received)
            case StockAdjustment():
                for line in what.lines:
                    self.move(what, what.location_id, line.product_id, sign * line.quantity)
            case ReturnableMove():
                for one in what.lines:
                    self.move(what, what.location_id, one.product_id, -sign * one.quantity)
                    self.move(what, what.party_location_id, one.product_id, sign * one.quantity)

    def _valued(self, what: StockCount | StockValuation, sign: int) -> None:
        if isinstance(what, StockValuation):
            for gone in what.lines:
                value = worth(gone.value, what.rate_micro) * sign
                self.post(what, gone.contra_account, value, business_id=gone.business_id)
                self.post(what, gone.inventory_account, -value, business_id=gone.business_id)
                self.cost(what, gone.business_id, gone.product_id, -sign * gone.quantity, -value)
            return
        for line in what.lines:
            found = line.counted - line.expected
            self.move(what, what.location_id, line.product_id, sign * found)
            if line.unit_cost is None:
                continue
            own = what.business_id if line.business_id is None else line.business_id
            # A cost of one for thousandths: shillings of a sack and a half, rounded to the cent.
            value = rounded(found * line.unit_cost, 1_000)
            value = Worth(int(value.base), value.base) * sign
            self.post(what, line.inventory_account, value, business_id=own)
            self.post(what, line.contra_account, -value, business_id=own)
            self.cost(what, own, line.product_id, sign * found, value)

    # --- by hand -----------------------------------------------------------------------------------

    def _by_hand(self, what: JournalEntry, sign: int) -> None:
        for line in what.lines:
            if line.base_amount is None:
                value = worth(line.amount, what.rate_micro) * sign
            else:
                value = Worth(line.amount, line.base_amount) * sign
            party = None
            if line.party_role is not None and line.party_id is not None:
                party = (line.party_role, line.party_id)
            self.post(what, line.account, value, business_id=line.business_id, currency=line.currency,
                      party=party, drawer_id=line.drawer_id)  # fmt: skip
            if line.due_on is not None and party is not None:
                still = value * _direction(party[0])
                self.open(what, party, what.document_id, line.due_on, still, business_id=line.business_id)


def _direction(role: PartyRole) -> int:
    """Whether what is open is a claim of ours (a debit) or a debt."""
    return -1 if role is _VENDOR else 1
