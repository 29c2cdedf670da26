"""One device at work: the next invoice, its number, the question, and what became of it."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final, NamedTuple

from pos_app.fiscal.invoice import FiscalInvoice
from pos_app.fiscal.regime import (
    CLASS,
    ITEM,
    REFUSED,
    SENT,
    SIGNED,
    WAITING,
    Declined,
    Device,
    Held,
    Line,
    Regime,
    Signed,
)
from pos_app.language import Sentence, said
from pos_app.ledger.clock import Clock
from pos_app.ledger.errors import Damaged, Refused, Unavailable
from pos_app.log import fiscal_events
from pos_app.store.engine.engine import Database
from pos_app.store.fiscal import devices, drafting, receipts, settings
from pos_app.store.fiscal.devices import FiscalDevice
from pos_app.store.fiscal.receipts import Kept
from pos_app.store.master import letterheads

_CODES_EVERY: Final = timedelta(days=1)
#: So many numbers that a device counted without us are looked at one by one.
_MOST_FOREIGN: Final = 500


class Seat(NamedTuple):
    """The device of a business."""

    org_id: int
    business_id: int


class _Asked(NamedTuple):
    """What a device is asked with: its regime, line, and itself."""

    regime: Regime
    line: Line
    device: Device
    kept: FiscalDevice


class FiscalTurn:
    """The work of one device, a step at a time; `told` is what somebody should hear of."""

    def __init__(
        self,
        database: Database,
        seat: Seat,
        clock: Clock,
        connect: Callable[[str], Line],
        waits: tuple[timedelta, ...],
    ) -> None:
        self._database, self._seat, self._clock = database, seat, clock
        self._connect, self._waits = connect, waits
        self._line: Line | None = None
        self._address = ""
        self.told: list[dict[str, Any]] = []

    def close(self) -> None:
        """Let its line go."""
        close = getattr(self._line, "close", None)
        if close is not None:
            close()

    def step(self) -> bool:
        """One invoice, or what has to come before it; gives whether there may be more at once."""
        asked = self._ask()
        if asked is None:
            return False
        try:
            if asked.kept.registered_at is None:
                return self._register(asked)
            self._hear_codes(asked)
            return self._next(asked)
        except Unavailable as error:
            self._rests(error.said)
        return False

    # --- before the first invoice --------------------------------------------------------------------------

    def _ask(self) -> _Asked | None:
        with self._database.read() as connection:
            setting = settings.of_business(connection, *self._seat)
            kept = devices.find(connection, *self._seat)
            regime, now = setting.known, self._clock.now()
            rests = kept.rests_until is not None and kept.rests_until > now
            if regime is None or kept.stopped or rests or not kept.address:
                return None
            device = devices.opened(connection, kept, setting, self._pin(connection))
        return _Asked(regime, self._line_to(kept.address), device, kept)

    def _pin(self, connection: Any) -> str:
        seller = letterheads.sellers(connection, self._seat.org_id).get(self._seat.business_id)
        return "" if seller is None else seller.tax_number.replace(" ", "").upper()

    def _line_to(self, address: str) -> Line:
        if self._line is None or self._address != address:
            self.close()
            self._line, self._address = self._connect(address), address
        return self._line

    def _register(self, asked: _Asked) -> bool:
        try:
            asked.regime.check(asked.device)
        except Refused as error:
            self._stops(error.said)
            return False
        told = asked.regime.register(asked.line, asked.device)
        if isinstance(told, Declined):
            self._stops(told.says)
            return False
        with self._database.write() as connection:
            devices.registered(connection, asked.kept, told, self._clock.now())
        fiscal_events.FISCAL_REGISTERED.log(org_id=self._seat.org_id, business=self._seat.business_id)
        return True

    def _hear_codes(self, asked: _Asked) -> None:
        now = self._clock.now()
        if asked.kept.codes_at is not None and now - asked.kept.codes_at < _CODES_EVERY:
            return
        told = asked.regime.status(asked.line, asked.device)
        if isinstance(told, str):
            with self._database.write() as connection:
                devices.keep_codes(connection, asked.kept, told, now)

    # --- one invoice ---------------------------------------------------------------------------------------

    def _next(self, asked: _Asked) -> bool:
        with self._database.write() as connection:
            device = devices.find(connection, *self._seat, lock=True)
            kept = receipts.under_way(connection, *self._seat)
            was_sent = kept is not None
            original: Kept | None = None
            if kept is None:
                kept, original = self._choose(connection)
                if kept is None:
                    return False
                receipts.give_number(connection, kept, device.next_number)
                kept = _numbered(kept, device.next_number)
            else:
                original = receipts.original_of(connection, kept)
            number = 0 if original is None else original.receipt.number
            try:
                invoice = drafting.invoice_of(connection, kept, kept.receipt.number, number)
            except Damaged as error:
                receipts.refuse(connection, kept, error.said)
                return True
        if was_sent:
            held = asked.regime.find(asked.line, asked.device, invoice)
            if isinstance(held, Held):
                return self._adopt(asked, kept, invoice, held, original)
            if isinstance(held, Declined) and held.stops:
                self._stops(held.says)
                return False
        return self._sign(asked, kept, invoice, original)

    def _choose(self, connection: Any) -> tuple[Kept | None, Kept | None]:
        """The oldest that can be sent, and what it takes from; what can never be is refused on the way."""
        for kept in receipts.waiting(connection, *self._seat):
            if not kept.takes_back:
                return kept, None
            original = receipts.original_of(connection, kept)
            if original is not None and original.receipt.state == SIGNED:
                return kept, original
            why = self._no_original(connection, kept, original)
            if why is not None:
                receipts.refuse(connection, kept, why)
        return None, None

    def _no_original(self, connection: Any, kept: Kept, original: Kept | None) -> Sentence | None:
        """Why a credit note can never be sent as it is; None where it only waits."""
        if kept.original_id is None:
            return said("fiscal-original-unnamed")
        if original is not None and original.receipt.state in (WAITING, SENT, REFUSED):
            return None
        if original is None and not receipts.is_in_books(connection, kept.org_id, kept.original_id):
            return None
        return said("fiscal-original-unsigned")

    def _sign(self, asked: _Asked, kept: Kept, invoice: FiscalInvoice, original: Kept | None) -> bool:
        try:
            codes = self._entries(asked, invoice)
            if isinstance(codes, Declined):
                return self._declined(asked, kept, invoice, codes)
            outcome = asked.regime.sign(asked.line, asked.device, invoice, codes)
        except Refused as error:
            # Nothing was sent: the invoice itself cannot be said in the authority's words.
            self._refuse(kept, error.said)
            return True
        if isinstance(outcome, Signed):
            self._signed(kept, invoice.number, outcome, original)
            return True
        if outcome.is_double:
            held = asked.regime.find(asked.line, asked.device, invoice)
            if isinstance(held, Held):
                return self._adopt(asked, kept, invoice, held, original)
            raise Unavailable("fiscal-double-unknown", number=invoice.number)
        return self._declined(asked, kept, invoice, outcome)

    def _entries(self, asked: _Asked, invoice: FiscalInvoice) -> Mapping[tuple[str, int], str] | Declined:
        """Tell the device of what it does not know yet; gives the codes of all that the invoice names."""
        with self._database.read() as connection:
            chosen = devices.classes(connection, *self._seat, ITEM)
        codes: dict[tuple[str, int], str] = {}
        for entry in asked.regime.entries(asked.device, invoice, chosen):
            with self._database.write() as connection:
                known = devices.entry(connection, asked.kept, entry)
            code = known.code
            if not code or known.said != entry.said:
                told = asked.regime.enter(asked.line, asked.device, entry, known.number)
                if isinstance(told, Declined):
                    return told
                code = told
                with self._database.write() as connection:
                    devices.entered(connection, asked.kept, entry, code)
            codes[entry.kind, entry.key] = code
            if entry.class_code:
                codes[CLASS, entry.key] = entry.class_code
        return codes

    # --- what became of it ---------------------------------------------------------------------------------

    def _signed(self, kept: Kept, number: int, signed: Signed, original: Kept | None) -> None:
        name = "" if original is None else f"{original.receipt.unit}/{original.receipt.receipt_no}"
        with self._database.write() as connection:
            device = devices.find(connection, *self._seat, lock=True)
            receipts.sign(connection, kept, number, signed, name)
            devices.counts_on(connection, device, max(device.next_number, number + 1))
            devices.answered(connection, device, self._clock.now())

    def _adopt(
        self, asked: _Asked, kept: Kept, invoice: FiscalInvoice, held: Held, original: Kept | None
    ) -> bool:
        """The device has something under the number: ours, another of ours, or nobody's that we know."""
        if held.trader_no == kept.trader_no:
            if held.total != invoice.total:
                self._stops(said("fiscal-held-otherwise", number=kept.trader_no))
                return False
            self._signed(kept, invoice.number, held.signed, original)
            return True
        with self._database.write() as connection:
            device = devices.find(connection, *self._seat, lock=True)
            receipts.put_back(connection, kept)
            other = receipts.find(connection, *self._seat, held.trader_no)
            if other is not None:
                before = receipts.original_of(connection, other)
                name = "" if before is None else f"{before.receipt.unit}/{before.receipt.receipt_no}"
                receipts.sign(connection, other, invoice.number, held.signed, name)
            devices.counts_on(connection, device, max(device.next_number, invoice.number + 1))
        if other is None:
            fiscal_events.FISCAL_NUMBER_FOREIGN.log(
                org_id=self._seat.org_id, business=self._seat.business_id, number=invoice.number
            )
        return True

    def _declined(self, asked: _Asked, kept: Kept, invoice: FiscalInvoice, outcome: Declined) -> bool:
        if outcome.stops:
            with self._database.write() as connection:
                receipts.put_back(connection, kept)
            self._stops(outcome.says)
            return False
        if outcome.expected and outcome.expected != invoice.number:
            return self._count_on(asked, kept, invoice, outcome)
        self._refuse(kept, outcome.says)
        return True

    def _count_on(self, asked: _Asked, kept: Kept, invoice: FiscalInvoice, outcome: Declined) -> bool:
        """The device counts otherwise: further, where another program or a centre of before used it."""
        with self._database.write() as connection:
            receipts.put_back(connection, kept)
        if not 0 < outcome.expected - invoice.number <= _MOST_FOREIGN:
            self._stops(said("fiscal-counts-otherwise", expected=outcome.expected, number=invoice.number))
            return False
        for number in range(invoice.number, outcome.expected):
            held = asked.regime.find(asked.line, asked.device, replace(invoice, number=number))
            if isinstance(held, Held):
                self._adopt(asked, kept, replace(invoice, number=number, trader_no=""), held, None)
        with self._database.write() as connection:
            devices.counts_on(connection, asked.kept, outcome.expected)
        return True

    def _refuse(self, kept: Kept, says: Sentence) -> None:
        with self._database.write() as connection:
            receipts.refuse(connection, kept, says)
        self._tell("invoice refused by the fiscal device", kept.trader_no, says)
        fiscal_events.FISCAL_REFUSED.log(org_id=self._seat.org_id, number=kept.trader_no, because=says.code)

    def _stops(self, says: Sentence) -> None:
        with self._database.write() as connection:
            devices.stops(connection, devices.find(connection, *self._seat), says)
        self._tell("fiscal device stopped", "", says)
        fiscal_events.FISCAL_STOPPED.log(
            org_id=self._seat.org_id, business=self._seat.business_id, because=says.code
        )

    def _rests(self, says: Sentence) -> None:
        with self._database.write() as connection:
            kept = devices.find(connection, *self._seat, lock=True)
            wait = self._waits[min(kept.failures, len(self._waits) - 1)]
            devices.rests(connection, kept, says, self._clock.now() + wait)
        if kept.failures == 0:
            fiscal_events.FISCAL_SILENT.log(
                org_id=self._seat.org_id, business=self._seat.business_id, because=says.code
            )

    def _tell(self, what: str, number: str, says: Sentence) -> None:
        with suppress(ValueError):
            told = {"alert": what, "org_id": self._seat.org_id, "number": number, "sentence": str(says)}
            self.told.append(told)


def _numbered(kept: Kept, number: int) -> Kept:
    return replace(kept, receipt=replace(kept.receipt, state=SENT, number=number))
