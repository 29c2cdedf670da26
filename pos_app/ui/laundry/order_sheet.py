"""Owns the sheet with the lines of one order: what was brought, what is said of it, what it costs."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from pos_app.language import _
from pos_app.till.laundry.service_orders import OpenService
from pos_app.ui.arrange import SumLine, column
from pos_app.ui.kit.dialog import Sheet
from pos_app.ui.kit.list_rows import Badge, Row, RowList
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.tokens import Size
from pos_app.ui.laundry.words import amount_words, day_words
from pos_app.ui.parts.promotion_words import promotion_badge
from pos_app.ui.session import Session

_ROWS_SHOWN = 5


class OrderSheet(Sheet):
    """The lines of an order, and what is to be paid for what is still here."""

    def __init__(self, session: Session, service: OpenService) -> None:
        body = QWidget()
        self.list = RowList(_("What is here"))
        self.list.setMinimumHeight(_ROWS_SHOWN * px(56))
        self.list.set_rows([self._row(session, service, place) for place in range(len(service.order.lines))])
        self.due = SumLine(_("To pay {currency}", currency=session.till.currency.code), "text", Size.LEAD)
        self.due.say(self.due.what.text(), session.money(service.due))
        body.setLayout(column(self.list, self.due))
        said = [
            service.number if service.number != service.tag else "",
            service.customer,
            _("promised {day}", day=day_words(service.order.promised_on)),
            _("overdue") if service.is_overdue else "",
            _("ready") if service.is_ready else _("in work"),
            service.order.note,
        ]
        super().__init__(
            session.overlay_parent(),
            service.tag,
            _("Close"),
            _("Back"),
            body=body,
            explanation=" · ".join(part for part in said if part),
            dismiss_name=_("Dismiss"),
            width=px(560),
        )

    @staticmethod
    def _row(session: Session, service: OpenService, place: int) -> Row:
        line, left = service.order.lines[place], service.left[place]
        words = f"{amount_words(line.quantity, line.unit)} × {session.price(line.price)}"
        badges: tuple[Badge, ...] = ()
        if not left:
            badges = (Badge(_("gone")),)
        elif left != line.quantity:
            badges = (Badge(_("{count} still here", count=amount_words(left, line.unit)), "warn"),)
        if line.promotion_id is not None:
            badges = (*badges, promotion_badge(line.promotion, session.money(-line.discount)))
        return Row(
            place,
            line.description,
            session.money(line.extended),
            " · ".join(part for part in (words, line.note) if part),
            badges,
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.list.select_step(1 if event.key() == Qt.Key.Key_Down else -1)
            event.accept()
            return
        super().keyPressEvent(event)
