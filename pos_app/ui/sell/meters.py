"""Owns the readings of a customer's meters: offered when they are chosen, one after the other, by keys.

Decisions
---------
2026-12-01  The meters come one by one and not as a form: a reading and Enter is one meter, Enter alone leaves
one as it stands, Esc leaves the rest.  So three meters are three readings, and no field is scrolled to.
"""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from pos_app.language import _
from pos_app.ledger.errors import BohariError, Refused
from pos_app.ledger.lot import NO_LOT, Lot
from pos_app.ledger.metering import turn_of
from pos_app.ledger.quantity import ONE, extend, quantity_text
from pos_app.till.selling.meters import OwnMeter
from pos_app.ui.arrange import column
from pos_app.ui.kit.amount_field import AmountField
from pos_app.ui.kit.dialog import Sheet
from pos_app.ui.kit.label import Label
from pos_app.ui.kit.list_rows import Row
from pos_app.ui.kit.tokens import Size
from pos_app.ui.session import Next, Session
from pos_app.ui.sheets.amount import AmountSheet
from pos_app.ui.sheets.choice import ChoiceSheet

_PLACES = 3
_AGAIN, _TURNED, _CHANGED = "again", "turned", "changed"


class ReadingSheet(Sheet):
    """Where a customer's meter stands now, or what ran through it; thousandths of its unit."""

    def __init__(self, session: Session, meter: OwnMeter, place: str = "") -> None:
        body = QWidget()
        self._session, self._meter = session, meter
        self.now = AmountField(_("Meter now"), _PLACES, Size.FIGURE)
        self.used = AmountField(_("or what was used"), _PLACES, Size.LEAD)
        self.worth = Label("", Size.BODY, "text", tabular=True)
        name = " · ".join(part for part in (meter.code, meter.product.name, meter.serial, place) if part)
        super().__init__(
            session.overlay_parent(),
            _("By meter"),
            _("Set"),
            _("Back"),
            body=body,
            explanation=name,
            dismiss_name=_("Dismiss"),
        )
        last = Label(
            _("Last reading {last}", last=quantity_text(meter.stood)), Size.BODY, "text", tabular=True
        )
        last.setObjectName("last-reading")
        now, used = (Label(field.accessibleName(), Size.SMALL, "muted") for field in (self.now, self.used))
        body.setLayout(column(last, now, self.now, used, self.used, self.worth))
        self.now.changed.connect(self._show)
        self.used.changed.connect(self._show)
        self._show()

    def is_empty(self) -> bool:
        """Whether nothing was typed."""
        return self.now.minor() is None and self.used.minor() is None

    def value(self) -> int:
        """The reading.  Raises `Refused` for none, and for a reading beside what was used that is another."""
        now, used = self.now.minor(), self.used.minor()
        if now is None and used is None:
            raise Refused("meter-not-read")
        if used is None:
            return now or 0
        if now is not None and now != self._meter.stood + used:
            raise Refused("meter-read-twice")
        return self._meter.stood + used

    def _show(self) -> None:
        """What it comes to, at this customer's rate."""
        meter = self._meter
        now, used = self.now.minor(), self.used.minor()
        ran = used if used is not None else None if now is None else now - meter.stood
        rate = self._session.price(meter.rate)
        unit = meter.product.unit
        if ran is None or ran <= 0:
            self.worth.set_text(_("{rate} per {unit}", rate=rate, unit=unit))
            return
        amount = self._session.money(extend(meter.rate, ran))
        words = _(
            "{count} {unit} × {rate} = {amount}",
            count=quantity_text(ran),
            unit=unit,
            rate=rate,
            amount=amount,
        )
        self.worth.set_text(words)


class ChangedSheet(Sheet):
    """What the old meter showed when it was taken away, and where the new one began."""

    def __init__(self, session: Session, meter: OwnMeter) -> None:
        body = QWidget()
        self.old = AmountField(_("The old one showed"), _PLACES, Size.LEAD)
        self.new = AmountField(_("The new one began at"), _PLACES, Size.LEAD)
        super().__init__(
            session.overlay_parent(),
            _("The meter was changed"),
            _("Set"),
            _("Back"),
            body=body,
            explanation=f"{meter.code} · {meter.product.name}",
            dismiss_name=_("Dismiss"),
        )
        old, new = (Label(field.accessibleName(), Size.SMALL, "muted") for field in (self.old, self.new))
        body.setLayout(column(old, self.old, new, self.new))
        self.old.set_minor(meter.stood)
        self.new.set_minor(0)


class MeterReadings:
    """Reads the meters of the customer at hand; `added` is told which line came last."""

    def __init__(self, session: Session, added: Callable[[int], object]) -> None:
        self._session, self._added = session, added
        self._offered_to = session.basket.state.party_id

    def offer(self) -> None:
        """A customer was chosen: their meters are read, where they have any and none is read yet."""
        session = self._session
        state = session.basket.state
        if state.party_id == self._offered_to:
            return
        self._offered_to = state.party_id
        if any(line.meter for line in state.lines):
            return
        try:
            every = session.till.meters.of(state)
        except BohariError as error:
            session.refuse(error.sentence)
            return
        # What is sold by meter only now and then is not asked of whoever has one.
        self._ask_next([one for one in every if one.product.behaviour.by_meter], 0)

    def _ask_next(self, meters: Sequence[OwnMeter], at: int) -> None:
        if at < len(meters):
            place = "" if len(meters) < 2 else _("{number} of {all}", number=at + 1, all=len(meters))
            self.ask(meters[at], place=place, then=lambda: self._ask_next(meters, at + 1))

    def ask(
        self,
        meter: OwnMeter,
        lot: Lot = NO_LOT,
        *,
        place: str = "",
        then: Callable[[], object] | None = None,
        added: Callable[[int], object] | None = None,
    ) -> None:
        """Where does it stand?  `then` is what follows, `added` who is told of the line instead."""
        session = self._session
        sheet = ReadingSheet(session, meter, place)

        def told(at: int) -> None:
            (added or self._added)(at)
            if then is not None:
                then()

        def answer() -> Next:
            if then is not None and sheet.is_empty():
                return then
            now = sheet.value()
            if now < meter.stood:
                return lambda: self._ask_why(
                    meter, now, lot, told, lambda: self.ask(meter, lot, place=place, then=then, added=added)
                )
            at = session.basket.add_metered(meter.product, meter.stood, now, lot, meter=meter.code)
            return lambda: told(at)

        session.ask(sheet, answer)

    # -- below the last one ----------------------------------------------------------------------

    def _ask_why(
        self,
        meter: OwnMeter,
        now: int,
        lot: Lot,
        told: Callable[[int], object],
        again: Callable[[], object],
    ) -> None:
        """Why does it show less than last time?"""
        session = self._session
        rows = [
            Row(_AGAIN, _("It was read wrong"), "", _("Type it again")),
            Row(_TURNED, _("It turned over"), "", _("It began again with nothing")),
            Row(_CHANGED, _("The meter was changed"), "", _("Another one was put in")),
        ]
        words = _("{now} is below {last}", now=quantity_text(now), last=quantity_text(meter.stood))
        sheet = ChoiceSheet(session, _("Why is it less?"), words, _("Choose"), rows)

        def answer() -> Next:
            if sheet.value() == _TURNED:
                return lambda: self._ask_turn(meter, now, lot, told)
            if sheet.value() == _CHANGED:
                return lambda: self._ask_changed(meter, now, lot, told)
            return again

        session.ask(sheet, answer)

    def _ask_turn(self, meter: OwnMeter, now: int, lot: Lot, told: Callable[[int], object]) -> None:
        session = self._session
        explanation = _("How many digits has it before the point?")
        digits = len(str(meter.stood // ONE))
        sheet = AmountSheet(session, _("It turned over"), explanation, _("Set"), places=0, start=digits)

        def answer() -> Next:
            turn = turn_of(sheet.value())
            at = session.basket.add_metered(meter.product, meter.stood, now, lot, meter=meter.code, turn=turn)
            return lambda: told(at)

        session.ask(sheet, answer)

    def _ask_changed(self, meter: OwnMeter, now: int, lot: Lot, told: Callable[[int], object]) -> None:
        session = self._session
        sheet = ChangedSheet(session, meter)

        def answer() -> Next:
            old, new = sheet.old.minor() or 0, sheet.new.minor() or 0
            at = session.basket.add_changed_meter(
                meter.product, meter.code, (meter.stood, old), (new, now), lot
            )
            return lambda: told(at)

        session.ask(sheet, answer)
