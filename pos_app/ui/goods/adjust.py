"""Owns the adjustment of stock: what was damaged, lost, used or found, and why."""

from pos_app.language import _
from pos_app.ledger.errors import Refused
from pos_app.ledger.stock import AdjustmentReason
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Approval
from pos_app.ui.entry.entry import EntryScreen, Write
from pos_app.ui.entry.lines import FieldHead, GoodsLines
from pos_app.ui.kit.button import OptionTile
from pos_app.ui.kit.key_strip import KeyAction
from pos_app.ui.kit.list_rows import Row
from pos_app.ui.session import Next, Session
from pos_app.ui.sheets.choice import ChoiceSheet

#: A reason, and for any other one whether it takes (-1) or gives (1): the till wants those signed.
Way = tuple[AdjustmentReason, int]

_WAYS: tuple[Way, ...] = (
    (AdjustmentReason.DAMAGE, 1),
    (AdjustmentReason.LOSS, 1),
    (AdjustmentReason.USE, 1),
    (AdjustmentReason.FOUND, 1),
    (AdjustmentReason.OTHER, -1),
    (AdjustmentReason.OTHER, 1),
)


def way_words(way: Way) -> tuple[str, str, str]:
    """Name, explanation and icon of a reason."""
    words = {
        _WAYS[0]: (_("Damaged"), _("broken, leaking, spoilt: less"), "triangle-alert"),
        _WAYS[1]: (_("Lost"), _("gone, nobody knows where: less"), "minus"),
        _WAYS[2]: (_("Used here"), _("used by the depot itself: less"), "minus"),
        _WAYS[3]: (_("Found"), _("there, though not in the books: more"), "plus"),
        _WAYS[4]: (_("Other, less"), _("say why in the note"), "minus"),
        _WAYS[5]: (_("Other, more"), _("say why in the note"), "plus"),
    }
    return words[way]


class AdjustScreen(EntryScreen):
    """Product, number, and one reason for all of them."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.setObjectName("adjust")
        self._way: Way | None = None
        lines = GoodsLines(
            _("product"),
            (),
            (FieldHead(_("how many")),),
            _("Choose the reason with F4; then scan, type how many, Enter."),
            remove_words=_("Take out"),
        )
        self.reason = OptionTile("", "circle-alert", "F4")
        self.reason.setObjectName("adjust-reason")
        self.reason.setCheckable(False)
        self.reason.clicked.connect(self.choose_reason)
        self.build(_("Adjust stock"), lines, _("Record the adjustment"), (self.reason,), _("Note"))
        self._show_reason()

    def more_keys(self) -> list[KeyAction]:
        return [KeyAction("F4", _("Reason"), self.choose_reason), *super().more_keys()]

    def choose_reason(self) -> None:
        """Why is the stock another than the books say?"""
        rows = []
        for number, way in enumerate(_WAYS):
            name, explanation, icon = way_words(way)
            rows.append(Row(number, name, "", explanation, icon=icon))
        sheet = ChoiceSheet(self.session, _("Why is it adjusted?"), "", _("Choose"), rows)

        def answer() -> Next:
            chosen = sheet.value()
            self._way = _WAYS[chosen] if isinstance(chosen, int) else None
            return self._chosen

        self.session.ask(sheet, answer)

    def _chosen(self) -> None:
        self._show_reason()
        if self._way is not None and self._way[0] is AdjustmentReason.OTHER and not self.note.text():
            self.note.setFocus()
        else:
            self.search.take_keyboard()

    def _show_reason(self) -> None:
        if self._way is None:
            self.reason.set_text(_("Choose a reason"), _("damaged, lost, used, found"))
            return
        name, explanation, _icon = way_words(self._way)
        self.reason.set_text(name, explanation)

    def clear(self) -> None:
        super().clear()
        self._way = None
        self._show_reason()

    def prepare(self) -> Write:
        quantities, note, way = self.quantities(), self.note.text(), self._way
        if way is None:
            raise Refused("no-reason-chosen")
        if way[0] is AdjustmentReason.OTHER and not note.strip():
            self.note.setFocus()
            raise Refused("adjustment-without-reason")
        reason, sign = way

        def write(approval: Approval | None) -> Recorded:
            return self.session.till.stock_adjustments.adjust(
                reason,
                {key: sign * value for key, value in quantities.items()},
                note=note,
                approval=approval,
                request_id=self.request_id,
            )

        return write
