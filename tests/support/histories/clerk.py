"""Who writes the documents of a random history, and what they know (see `histories`)."""

from datetime import timedelta
from typing import Any, Final, NamedTuple, TypeVar

import msgspec

from pos_app.ledger import day
from pos_app.ledger.bank_bag import BagBanked, BankBag
from pos_app.ledger.document import (
    Bill,
    Document,
    GoodsReceipt,
    Head,
    Invoice,
    LandedCost,
    PurchaseOrder,
    Reversal,
    Sale,
    ServiceOrder,
    ServiceStep,
    TransferReceived,
    TransferSent,
)
from pos_app.ledger.line import PartyRole, Tender, TenderKind
from pos_app.ledger.settlement import Allocation, base_of
from pos_app.store.documents.rows import Sealed
from tests.support.documents import specimens
from tests.support.documents.book_specimens import R, foreign_tender
from tests.support.documents.specimens import BUSINESSES, MOMENT, account
from tests.support.histories.choices import Choices
from tests.support.oracle.model import Model

BASE, DOLLAR = "KES", "USD"
#: Shillings for a dollar in millionths; a whole number is exact in the model, the others nearly.
RATES: Final = (130_000_000, 129_550_000, 131_257_125)
ONE: Final = 1_000_000
CUSTOMERS: Final = (501, 502, 601)
VENDORS: Final = (601, 602, 501)
EMPLOYEES: Final = (701, 501)
MEMBERS: Final = (801, 502)
DRAWERS: Final = (7, 8)
PLACES: Final = (11, 12, 14)
TRANSIT: Final = 13
PRODUCTS: Final = (1, 2, 3, 4)
RETURNABLES: Final = (5, 6)

Draft = TypeVar("Draft", bound=Head)
Part = TypeVar("Part", bound=msgspec.Struct)


class Item(NamedTuple):
    """An open invoice or bill; amounts as on the open item, `business_id` where it is owed."""

    role: PartyRole
    party_id: int
    invoice_id: int
    due_on: int
    currency: str
    amount: int
    base_amount: int
    business_id: int

    def share(self, amount: int) -> int:
        """What a part of it stands at in base currency."""
        return base_of(amount, self.amount, self.base_amount)


class Clerk:
    """Who writes the documents, and what they know."""

    def __init__(self, choices: Choices, org_id: int = specimens.ORG) -> None:
        self.choices = choices
        self.org_id = org_id
        self.model = Model()
        self._sealed: dict[int, Sealed] = {}
        self._voided: set[int] = set()

    # --- what happened ---------------------------------------------------------------------------

    def note(self, sealed: Sealed) -> None:
        """A document was recorded."""
        document = sealed.document
        self.model.add(document)
        self._sealed[document.document_id] = sealed
        if isinstance(document, Reversal):
            self._voided.add(document.original_id)

    def standing(self, kind: type[Draft]) -> list[Draft]:
        """The documents of a type that were not voided."""
        return [
            one.document
            for key, one in self._sealed.items()
            if isinstance(one.document, kind) and key not in self._voided
        ]

    def open(self, role: PartyRole) -> list[Item]:
        """What is still to be paid."""
        found = []
        for key, (amount, base) in self.model.figures("open_invoice").items():
            if amount <= 0 or base < 0 or key[1] != role.value:
                continue
            _, _, party, business, invoice, due_on, currency = key
            found.append(Item(role, party, invoice, due_on, currency, amount, base, business))
        return found

    def credit(self, role: PartyRole, party_id: int, currency: str) -> list[Item]:
        """What was credited or paid beyond what was open, with its amount above nothing."""
        found = []
        for key, (amount, base) in self.model.figures("open_invoice").items():
            _, whose, party, business, invoice, due_on, money = key
            if (whose, party, money) == (role.value, party_id, currency) and amount < 0 and base <= 0:
                found.append(Item(role, party, invoice, due_on, money, -amount, -base, business))
        return found

    def billed(self) -> set[tuple[int | None, int | None]]:
        """The lines of receipts for which a bill came."""
        return {(line.receipt_id, line.receipt_line) for bill in self.standing(Bill) for line in bill.lines}

    def balance(self, role: PartyRole, party_id: int, currency: str) -> tuple[int, ...]:
        """What stands between us and a party: amount and base amount."""
        return self.model.of("party_balance", self.org_id, role.value, party_id, currency)

    # --- parts of documents ----------------------------------------------------------------------

    def head(self, currency: str | None = None) -> dict[str, Any]:
        """A business, a moment of this year or the last one, a currency and its rate."""
        choose = self.choices
        if currency is None:
            currency = DOLLAR if choose.now_and_then(3) else BASE
        moment = MOMENT - timedelta(days=choose.number(0, 500))
        return {
            "business_id": choose.pick(BUSINESSES),
            "occurred_at": moment,
            "currency": currency,
            "rate_micro": ONE if currency == BASE else choose.pick(RATES),
            "clearing_account": account(R.CLEARING),
        }

    def amount(self, most: int = 5_000_000) -> int:
        """An amount in minor units, more than nothing."""
        return self.choices.number(1, most)

    def quantity(self) -> int:
        """A quantity in thousandths, more than nothing; mostly whole pieces."""
        if self.choices.now_and_then(4):
            return self.choices.number(1, 20_000)
        return 1_000 * self.choices.number(1, 20)

    def due(self) -> int:
        """A due date: some are past."""
        return day.later(day.from_date(MOMENT.date()), self.choices.number(-120, 60))

    def money(self, head: dict[str, Any], total: int, *, change: int = 0) -> dict[str, Any]:
        """Tenders of a total and the change out of them; some of it, at times, in the other currency."""
        choose, business = self.choices, head["business_id"]
        drawer = choose.pick(DRAWERS)
        tenders = []
        rest = total
        if rest and choose.now_and_then(3):
            part = choose.number(1, rest)
            tenders.append(self._foreign(head, part, drawer))
            rest -= part
        if rest and choose.now_and_then(3):
            part = choose.number(1, rest)
            kind = choose.pick((TenderKind.MPESA, TenderKind.BANK, TenderKind.CARD))
            # M-Pesa goes to the number of the business whose goods they are, at times another than this.
            whose = choose.pick(BUSINESSES) if kind is TenderKind.MPESA else business
            made = self.tender(kind, part, whose)
            tenders.append(altered(made, business_id=0 if whose == business else whose))
            rest -= part
        if rest or change:
            tenders.append(self.tender(TenderKind.CASH, rest + change, business, drawer))
        back = specimens.change(change)
        if back is not None:
            back = altered(back, account=account(R.CASH, business), drawer_id=drawer)
        return {"tenders": tuple(tenders), "change": back}

    def tender(self, kind: TenderKind, amount: int, business: int, drawer: int | None = None) -> Tender:
        """Money of one kind, on the business's own account."""
        made = specimens.tender(kind, amount)
        code = made.account
        if kind in (TenderKind.CASH, TenderKind.MPESA):
            code = account(R.CASH if kind is TenderKind.CASH else R.MPESA, business)
        return altered(made, account=code, drawer_id=drawer)

    def _foreign(self, head: dict[str, Any], amount: int, drawer: int) -> Tender:
        if head["currency"] == BASE:
            rate = self.choices.pick(RATES)
            made = foreign_tender(max(1, amount * ONE // rate), amount, rate, DOLLAR)
        else:
            made = foreign_tender(amount * head["rate_micro"] // ONE + 7, amount, ONE, BASE)
        return altered(made, account=account(R.CASH, head["business_id"]), drawer_id=drawer)

    def allocations(self, items: list[Item], business: int) -> tuple[Allocation, ...]:
        """Some of these open items, each in part or whole."""
        made = []
        for item in self.choices.some(items, 3):
            whole = self.choices.now_and_then(2)
            amount = item.amount if whole else self.choices.number(1, item.amount)
            made.append(
                Allocation(
                    invoice_id=item.invoice_id,
                    due_on=item.due_on,
                    amount=amount,
                    base_amount=item.share(amount),
                    business_id=0 if item.business_id == business else item.business_id,
                )
            )
        return tuple(made)

    # --- voids -----------------------------------------------------------------------------------

    def voidable(self) -> list[Sealed]:
        """What may be voided: nothing was built upon it."""
        built_upon: set[int | None] = {one.order_id for one in self.standing(GoodsReceipt)}
        built_upon |= {one.sent_id for one in self.standing(TransferReceived)}
        built_upon |= {one.receipt_id for one in self.standing(LandedCost)}
        built_upon |= {one.order_id for one in self.standing(ServiceStep)}
        built_upon |= {one.bag_id for one in self.standing(BagBanked)}
        trades: list[Sale | Invoice] = [*self.standing(Sale), *self.standing(Invoice)]
        built_upon |= {one.order_id for one in trades}
        return [
            one
            for key, one in self._sealed.items()
            if key not in self._voided
            and not isinstance(one.document, Reversal)
            and not (
                isinstance(one.document, PurchaseOrder | TransferSent | GoodsReceipt | ServiceOrder | BankBag)
                and key in built_upon
            )
            and not (isinstance(one.document, Invoice | Bill) and self._paid_on(one.document))
            and not self._used(one.document)
        ]

    def _paid_on(self, document: Invoice | Bill) -> bool:
        role = PartyRole.CUSTOMER if isinstance(document, Invoice) else PartyRole.VENDOR
        whose = (role.value, document.party_id, document.business_id)
        key = (*whose, document.document_id, document.due_on, document.currency)
        return self.model.of("open_invoice", self.org_id, *key)[0] != document.total

    def _used(self, document: Document) -> bool:
        """Whether something was taken from a chit that it issued, and stays taken."""
        if not isinstance(document, Sale):
            return False
        issued = [line for line in document.lines if line.chit is not None and not line.chit.document_id]
        for line in issued:
            assert line.chit is not None
            whose = (line.chit.role.value, line.chit.number, line.chit.business_id)
            key = (*whose, document.document_id, line.chit.expires_on, document.currency)
            if self.model.of("open_invoice", self.org_id, *key)[0] != line.net:
                return True
        return False

    def void(self) -> Document | None:
        """Any document that may be voided, voided."""
        found = self.voidable()
        return void_of(self.choices.pick(found)) if found else None


def void_of(one: Sealed) -> Reversal:
    """The void of a recorded document."""
    original = one.document
    return specimens.reversal(
        original,
        one.hash,
        currency=original.currency,
        business_id=original.business_id,
        occurred_at=original.occurred_at,
    )


def altered(struct: Part, **changes: Any) -> Part:
    """The struct with some fields set to something else."""
    return msgspec.structs.replace(struct, **changes)
