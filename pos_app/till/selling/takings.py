"""Money taken tender by tender, and what goes back of it: one shape for a basket, a payment and a deposit.

Decisions
---------
2026-11-29  The tender screen takes a `Takings`, whatever the money is for: a sale, a payment and money with a
party differ in what they settle and in what they become, not in how tenders are laid down.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from pos_app.ledger.chit import barcode_of
from pos_app.ledger.errors import Refused
from pos_app.ledger.goods_only import pays_goods_only
from pos_app.ledger.line import Change, Cheque, Tender, TenderKind
from pos_app.ledger.making.tenders import TenderInput
from pos_app.ledger.money import grouped_text
from pos_app.store.receivables.chits import Standing
from pos_app.till.selling import standing_chits, tendering
from pos_app.till.selling.basket_state import TenderEntry
from pos_app.till.selling.mpesa_places import MpesaPlace, places_of
from pos_app.till.selling.tendering import Due
from pos_app.till.session.context import Context, new_request
from pos_app.till.session.exchange import Rate, rate_of
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Approval


class Takings(ABC):
    """One taking of money: what is due, the tenders, and the one press that records it.

    `rate` is the currency of what is settled.  `of_basket` is whether goods are paid: then it may go on the
    customer's account, or be invoiced instead.  `cash_step` is the smallest coin to which what is paid in
    cash is rounded, in minor units, and `cash_most` what it may come to by that (None: the nearest).
    """

    of_basket = False
    cash_step = 1
    cash_most: int | None = None

    def __init__(self, context: Context, rate: Rate) -> None:
        self._context = context
        self.rate = rate

    @property
    @abstractmethod
    def total(self) -> int:
        """What is settled, in minor units and never below 0; `hands_back` says in which direction."""

    @property
    @abstractmethod
    def request_id(self) -> str:
        """Under which it is recorded, however often it is pressed."""

    @property
    def hands_back(self) -> bool:
        """Whether it is us who pay."""
        return False

    @property
    @abstractmethod
    def tenders(self) -> Sequence[TenderEntry]:
        """What was tendered so far."""

    @abstractmethod
    def _keep(self, tenders: list[TenderEntry]) -> None:
        """These are the tenders now.  Raises `Unavailable` where they cannot be saved."""

    @abstractmethod
    def _check(self, tenders: Sequence[TenderEntry]) -> None:
        """Raise `Refused` where these cannot be the tenders, the last of them new."""

    @abstractmethod
    def complete(self, approval: Approval | None = None, *, paper: bool = True) -> Recorded:
        """Record it; pressing twice gives the same document.  Raises `Refused`, `NeedsApproval`."""

    def due(self) -> Due:
        """What is due, taken and going back, in minor units."""
        return tendering.due(self.total, self.tenders, self.cash_step, self.cash_most)

    def cash_due(self) -> int:
        """What is still due if the rest is paid in cash, in minor units."""
        return self.due().in_cash

    def exact_due(self) -> int:
        """What can still be paid to the cent, in minor units: also a rest that no coin pays."""
        return max(self.total - self.due().taken, 0)

    def due_with(self, kind: TenderKind, amount: int, *, foreign: bool = False) -> Due:
        """What would be due with so much more, in minor units of what is settled; for the screen."""
        if amount <= 0:
            return self.due()
        laid = TenderEntry(kind=kind, amount=amount, paid_currency="other" if foreign else "")
        return tendering.due(self.total, [*self.tenders, laid], self.cash_step, self.cash_most)

    def goods_left(self) -> int:
        """What vouchers and points can still pay of it, in minor units: they pay for goods alone."""
        return 0

    def points_left(self) -> int:
        """What the customer's points can still pay of it, in minor units."""
        return 0

    def deposit_left(self) -> int:
        """What the customer's deposit can still pay of it, in minor units, by what this till knows of it."""
        return 0

    def most_by(self, standing: Standing, amount: int) -> int:
        """How much of an amount a chit pays: no more than is left on it, a voucher no more than the goods."""
        goods = self.goods_left() if pays_goods_only(TenderKind.VOUCHER, standing.chit) else 0
        # Where there are no goods the refusal says so.
        return min(amount, standing.left, goods or amount)

    def by_business(self) -> Mapping[int, int]:
        """What is settled of each business, by its key, in minor units: the depot's where no goods are."""
        return {self._context.place.business.business_id: self.total}

    def mpesa_places(self) -> list[MpesaPlace]:
        """Every number that takes M-Pesa, with what is to go there; first where something is."""
        return places_of(self._context.place, self.by_business(), self.tenders, self.exact_due())

    def add_tender(
        self,
        kind: TenderKind,
        amount: int,
        reference: str = "",
        currency: str = "",
        business_id: int = 0,
        *,
        cheque: Cheque | None = None,
    ) -> Due:
        """Take a tender, in minor units of `currency` (empty: that of what is settled) at today's rate.

        `business_id` is to whose M-Pesa it went (0: where the next sum is to go), `cheque` of which bank a
        cheque is and its day; its number is the reference.
        Raises `Refused` with what to do.
        """
        if kind is TenderKind.ACCOUNT and not self.of_basket:
            raise Refused("payment-on-account")
        entry = self._entry(TenderInput(kind, amount, reference, currency, cheque=cheque))
        if kind is TenderKind.MPESA:
            entry.business_id = self._mpesa_business(amount, business_id)
        if kind is TenderKind.VOUCHER:
            entry = self._by_voucher(entry)
        if kind is TenderKind.POINTS:
            self._need_points(amount)
        if kind is TenderKind.DEPOSIT:
            self._need_deposit(amount)
        if kind is TenderKind.CHEQUE:
            self._need_cheque(reference, cheque)
        tenders = tendering.add_tender(
            self._context,
            self.total,
            self.tenders,
            entry,
            cash_step=self.cash_step,
            document=self._document_rate(),
            most=self.cash_most,
        )
        self._check(tenders)
        self._keep(tenders)
        return self.due()

    def _mpesa_business(self, amount: int, named: int) -> int:
        """To whose M-Pesa a sum went.  Raises `Refused` where it is more than goes to one number, unsaid."""
        own = self._context.place.business.business_id
        places = self.mpesa_places()
        if named:
            if all(one.business_id != named for one in places):
                raise Refused("business-takes-no-mpesa")
            return named
        wanted = [one for one in places if one.due]
        if len(wanted) > 1 and amount > wanted[0].due:
            sums = ", ".join(f"{one.words}: {grouped_text(one.due, self.rate.currency)}" for one in wanted)
            raise Refused("mpesa-of-several-businesses", sums=sums)
        return wanted[0].business_id if wanted else own

    def _by_voucher(self, entry: TenderEntry) -> TenderEntry:
        """A tender with the chit that its reference names.  Raises `Refused` for none that pays."""
        if not self.of_basket or self.hands_back:
            raise Refused("voucher-for-goods-only")
        chit = standing_chits.laid_down(self._context, entry.reference, entry.amount, self.tenders)
        if pays_goods_only(entry.kind, chit):
            self._need_goods(entry.amount)
        return TenderEntry(
            kind=entry.kind,
            amount=entry.amount,
            reference=barcode_of(chit.role, chit.number),
            business_id=chit.business_id,
            chit=chit,
        )

    def _need_points(self, amount: int) -> None:
        """Raise `Refused` for more than the customer's points can pay."""
        if not self.of_basket or self.hands_back:
            raise Refused("points-for-goods-only")
        left = self.points_left()
        if amount > left:
            self._need_goods(amount)
            raise Refused("points-too-few", left=grouped_text(left, self._context.place.currency))

    def _need_deposit(self, amount: int) -> None:
        """Raise `Refused` for more than the customer has on deposit."""
        if not self.of_basket or self.hands_back:
            raise Refused("deposit-for-sales-only")
        left = self.deposit_left()
        if amount > left:
            raise Refused("deposit-left-less", left=grouped_text(left, self._context.place.currency))

    def _need_cheque(self, number: str, cheque: Cheque | None) -> None:
        """Raise `Refused` for one without its number and bank, and where it is us who pay."""
        if self.hands_back:
            raise Refused("cheque-pays-us-only")
        if cheque is None or not number.strip():
            raise Refused("cheque-number-missing")

    def _need_goods(self, amount: int) -> None:
        """Raise `Refused` for more than is still to be paid of goods."""
        left = self.goods_left()
        if amount > left:
            raise Refused("goods-only-pays", left=grouped_text(left, self._context.place.currency))

    def worth(self, kind: TenderKind, amount: int, currency: str) -> int:
        """What so much of a currency would settle, in minor units of what is settled.  Raises `Refused`."""
        return self._entry(TenderInput(kind, amount, "", currency)).amount

    def remove_tender(self, index: int) -> Due:
        """Give a tender back."""
        if not 0 <= index < len(self.tenders):
            raise Refused("no-tender-chosen")
        self._keep([*self.tenders[:index], *self.tenders[index + 1 :]])
        return self.due()

    def _entry(self, given: TenderInput) -> TenderEntry:
        return tendering.entry_of(self._context, given, self.exact_due(), document=self._document_rate())

    def _use_rates_of(self, connection: Connection) -> None:
        """Raise `Refused` where money of another currency was laid down at a rate that holds no more.

        It is given back then: laid down once more it is worth what it is today.
        """
        context, own = self._context, self.rate
        self.rate = rate_of(context, connection, own.currency.code)
        stale = [
            one
            for one in self.tenders
            if one.paid_currency
            and (
                self.rate.minor != own.minor
                or one.paid_rate_micro != rate_of(context, connection, one.paid_currency).minor
            )
        ]
        if stale:
            self._forget([one for one in self.tenders if one not in stale])
            raise Refused("tender-rate-changed", currency=stale[0].paid_currency)

    @abstractmethod
    def _forget(self, tenders: list[TenderEntry]) -> None:
        """These are left of the tenders; nothing is written, for a transaction is open."""

    def _document_rate(self) -> Rate | None:
        return None if self.rate.is_home else self.rate


class AmountTakings(Takings):
    """The tenders of one amount without goods, in minor units of a currency; kept until they are recorded."""

    def __init__(self, context: Context, amount: int, currency: str = "") -> None:
        """`currency` empty is ours.  Raises `Refused` for a currency without a rate."""
        with context.database.read() as connection:
            super().__init__(context, rate_of(context, connection, currency))
        self.amount = amount
        self._request = new_request()
        self._tenders: list[TenderEntry] = []

    @property
    def total(self) -> int:
        return self.amount

    @property
    def request_id(self) -> str:
        return self._request

    @property
    def tenders(self) -> Sequence[TenderEntry]:
        return self._tenders

    def _keep(self, tenders: list[TenderEntry]) -> None:
        self._tenders = tenders

    _forget = _keep

    def _check(self, tenders: Sequence[TenderEntry]) -> None:
        with self._context.database.read() as connection:
            tendering.need_unused(self._context, connection, tenders[-1:])

    def lines(self) -> tuple[tuple[Tender, ...], Change | None]:
        """Tenders and change as the document keeps them.  Raises `Refused` when not all is given."""
        due = self.due()
        if due.still_due:
            raise Refused("still-due", due=grouped_text(due.still_due, self.rate.currency))
        return tendering.as_lines(self._context, self.tenders, due.change, in_drawer=True)

    @property
    def has_cash(self) -> bool:
        """Whether the drawer opens for them."""
        return tendering.moves_cash(self.tenders, self.due().change)
