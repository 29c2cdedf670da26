"""Owns the printer test: choose one, let it print, say whether it did."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from pos_app.language import _, plural
from pos_app.ui.first_start.deeds import Printer, Step
from pos_app.ui.first_start.page import Page, Wizard, line_to_write
from pos_app.ui.kit.key_strip import KeyAction
from pos_app.ui.kit.list_rows import Row, RowList
from pos_app.ui.kit.scale import px

_LIST_HEIGHT = 224
#: Rows that are no address: one that is typed, and none.
_TYPED, _NONE = "typed", ""
_EXAMPLES = "network://192.168.1.50, serial:///dev/ttyS0, file:///dev/usb/lp0"


class PrinterPage(Page):
    """Enter prints a test page on the marked printer; then Enter says that it did, F6 that nothing came."""

    name = "first-printer"
    has_back = False

    def __init__(self, wizard: Wizard) -> None:
        super().__init__(
            wizard,
            _("The receipt printer"),
            _("Choose it with ↑ ↓ and let it print a test page. F5 looks again, after you plugged it in."),
            _("Print a test page"),
        )
        self.list = RowList(_("Printers"))
        self.list.setObjectName("first-printers")
        self.list.setFixedHeight(px(_LIST_HEIGHT))
        self.list.row_activated.connect(lambda _key: self._marked())
        self.list.selectionModel().currentChanged.connect(lambda *_now: self._marked())
        self.address = line_to_write("first-printer-address", _EXAMPLES, "printer")
        self.address.textChanged.connect(self._forget)
        self.address.hide()
        self.lay_out(self.list, self.address)
        #: The address that printed a page which nobody has looked at yet.
        self._printed = ""
        self._show([])

    def entered(self) -> None:
        self.setFocus()
        self._forget()
        # What was said of the page before stays.
        self.wizard.do(_("Looking for printers…"), self.wizard.deeds.printers, self._show)

    def own_keys(self) -> list[KeyAction]:
        keys = [KeyAction("F5", _("Look again"), self.search)]
        if self._printed:
            keys.append(KeyAction("F6", _("Nothing came out"), self.nothing_came))
        return keys

    def search(self) -> None:
        """Look which printers there are."""
        self.wizard.do(_("Looking for printers…"), self.wizard.deeds.printers, self._found)

    def _found(self, printers: list[Printer]) -> None:
        self._show(printers)
        self.wizard.succeed(
            plural(len(printers), "{count} printer was found.", "{count} printers were found.")
        )

    def _show(self, printers: list[Printer]) -> None:
        joined = {
            "usb": _("USB"),
            "serial": _("Serial line"),
            "queue": _("Printer of this system"),
            "network": _("Network"),
        }
        rows = [
            Row(one.address, one.name, detail=f"{joined.get(one.how, '')} · {one.address}", icon="printer")
            for one in printers
        ]
        rows += [
            Row(_TYPED, _("Another one: type its address"), icon="plus"),
            Row(_NONE, _("No printer yet"), detail=_("Receipts are kept as pictures."), icon="x"),
        ]
        self.list.set_rows(rows)
        self.list.select(rows[0].key)

    def _chosen(self) -> str:
        row = self.list.selected()
        return _NONE if row is None else str(row.key)

    def _marked(self) -> None:
        self._forget()
        is_typed = self._chosen() == _TYPED
        self.address.setVisible(is_typed)
        if is_typed:
            self.address.setFocus()
        else:
            self.setFocus()

    def _forget(self) -> None:
        """Another printer than the one that printed is meant."""
        self._printed = ""
        self.primary.set_text(_("Go on without") if self._chosen() == _NONE else _("Print a test page"))
        self.wizard.offer_keys()

    def key(self, event: QKeyEvent) -> bool:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.list.select_step(1 if event.key() == Qt.Key.Key_Down else -1)
            return True
        return super().key(event)

    def go_on(self) -> None:
        if self._printed or self._chosen() == _NONE:
            self._keep(self._printed)
            return
        address = self.address.text().strip() if self._chosen() == _TYPED else self._chosen()
        if not address:
            self.wizard.refuse(_("Type the printer's address first, or choose another line."))
            return
        self.wizard.do(
            _("Printing a test page…"),
            lambda: self.wizard.deeds.print_trial(address),
            lambda _none: self._ask(address),
        )

    def _ask(self, address: str) -> None:
        self._printed = address
        self.primary.set_text(_("It printed; go on"))
        self.wizard.offer_keys()
        self.wizard.warn(_("Did a test page come out, with both edges? Enter: yes. F6: nothing came out."))

    def nothing_came(self) -> None:
        """Nobody saw a page: nothing is kept."""
        self._forget()
        self.wizard.refuse(
            _(
                "Is it switched on, with paper, and its cover shut? Try again with Enter, or choose"
                " another one."
            )
        )

    def _keep(self, address: str) -> None:
        self.wizard.do(
            _("Looking for printers…"),
            lambda: self.wizard.deeds.keep_printer(address),
            lambda _none: self.wizard.go(Step.SCANNER),
        )
