"""Owns the screen for staff and members: who, then what, how much and how."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from pos_app.language import _
from pos_app.ledger.treasury import PAID_OUT
from pos_app.till.receivables.customer import Party
from pos_app.till.session.recorded import Recorded
from pos_app.ui.arrange import column
from pos_app.ui.kit.key_strip import KeyAction
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.tokens import Space
from pos_app.ui.kit.typed import typed_text
from pos_app.ui.session import Session
from pos_app.ui.treasury.form import FormScreen
from pos_app.ui.treasury.party.form_page import PartyFormPage
from pos_app.ui.treasury.party.groups import GROUPS, PartyGroup, group_name
from pos_app.ui.treasury.party.list_page import PartyListPage


class PartyScreen(FormScreen):
    """The list, and behind it the form for one of them."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.setObjectName("party-money")
        self.list, self.page = PartyListPage(session), PartyFormPage(session)
        self.list.chosen.connect(self.show_form)
        self.page.lay_out(self.lay_form(*self.page.parts()))
        # One banner for both pages: it goes where the person looks.
        self._banner_places = column(), self.page.banner_place
        self.page.finish.connect(self.finish)
        self._pages = QStackedWidget()
        self._list_page = QWidget()
        around = column(self._banner_places[0], spacing=Space.M)
        around.addWidget(self.list, 1)
        around.setContentsMargins(px(22), Space.XL, px(22), Space.XL)
        self._list_page.setLayout(around)
        self._pages.addWidget(self._list_page)
        self._pages.addWidget(self.page)
        whole = column(spacing=0)
        whole.addWidget(self._pages, 1)
        self.setLayout(whole)

    # -- coming and going ------------------------------------------------------------------------

    def entered(self) -> None:
        self.show_list()

    def refreshed(self) -> None:
        if self._choosing():
            self.list.look_up()
        else:
            self.page.show_sums()

    def _choosing(self) -> bool:
        return self._pages.currentWidget() is self._list_page

    def busy(self) -> bool:
        return not self._choosing() and bool(self.page.amount.minor() or self.page.note.text())

    def keys(self) -> list[KeyAction]:
        if self._choosing():
            return [
                KeyAction("Enter", _("Choose"), self.list.choose_marked, bind=False),
                *(self._group_key(f"F{number}", group) for number, group in enumerate(GROUPS, 3)),
                self.back_key(),
            ]
        return [
            KeyAction("Enter", _("Next field"), lambda: self.step(1), bind=False),
            KeyAction("F12", self.page.side.action.text(), self.finish),
            KeyAction("Esc", _("Back"), self.show_list),
        ]

    def _group_key(self, key: str, group: PartyGroup) -> KeyAction:
        return KeyAction(key, group_name(group), lambda: self.list.show_group(group))

    def show_list(self) -> None:
        """Choose who."""
        self._banner_places[0].addWidget(self.banner)
        self._pages.setCurrentWidget(self._list_page)
        self.list.begin()
        self.session.keys_changed.emit()

    def show_form(self, party: Party) -> None:
        """Money with this one."""
        self.banner.dismiss()
        self._banner_places[1].addWidget(self.banner)
        self._pages.setCurrentWidget(self.page)
        self.page.begin(self.list.group, party)
        self.session.keys_changed.emit()

    # -- recording -------------------------------------------------------------------------------

    def finish(self) -> None:
        """Record what stands in the form."""
        page, party = self.page, self.page.party
        if party is None:
            return
        reason, amount, note = page.reason(), page.amount.minor() or 0, page.note.text()
        given, request = page.how.given(amount), self.request_id
        take = self.session.till.party_money.record
        self.record(
            lambda approval: take(
                reason, party.party_id, amount, given, note=note, approval=approval, request_id=request
            ),
            lambda done: self._done(done, reason in PAID_OUT),
        )

    def _done(self, done: Recorded, paid_out: bool) -> None:
        self.page.amount.clear()
        self.page.note.clear()
        self.session.ways.done(_("Hand out") if paid_out else _("Taken"), done.total, done)

    # -- keys and scans --------------------------------------------------------------------------

    def on_scan(self, text: str) -> None:
        if self._choosing():
            self.list.choose_code(text)
        else:
            self.session.warn(_("Finish this first, or go back with Esc; then scan."))

    def step(self, by: int) -> None:
        self.page.form.step(by)

    def take_word(self, word: str) -> bool:
        return self.page.form.take_word(word)

    def key(self, event: QKeyEvent) -> bool:
        if not self._choosing():
            return super().key(event)
        key, text = event.key(), typed_text(event)
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.list.list.select_step(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.list.choose_marked()
        elif text:
            self.list.search.setFocus()
            self.list.search.insert(text)
        else:
            return False
        return True
