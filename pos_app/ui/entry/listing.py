"""Owns the screen that offers documents or people to choose one of, before goods are entered for it."""

from collections.abc import Hashable, Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent

from pos_app.language import _
from pos_app.ledger.errors import BohariError
from pos_app.ui.arrange import column, line, listing_head
from pos_app.ui.kit.button import PrimaryButton
from pos_app.ui.kit.card import Card
from pos_app.ui.kit.key_strip import KeyAction
from pos_app.ui.kit.label import Label
from pos_app.ui.kit.list_rows import Row, RowList
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.search_field import SearchField
from pos_app.ui.kit.tokens import Size, Space, Weight
from pos_app.ui.kit.typed import typed_text
from pos_app.ui.screen import Screen
from pos_app.ui.session import Session

_SEARCH_MS = 140


class ListingScreen(Screen):
    """A search field, rows, Enter.  A use case gives `rows` and `choose`."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_SEARCH_MS)
        self._pause.timeout.connect(self.look_up)

    def build(
        self,
        title: str,
        hint: str,
        heads: tuple[str, str],
        empty_text: str,
        action: str,
        *,
        green: KeyAction | None = None,
    ) -> None:
        """Put the screen together; `heads` stand above the rows, left and right.

        `action` is what Enter does with the marked row; `green` is the main action, where that is another.
        """
        self._enter = action
        self.search = SearchField(hint, "F2")
        self.search.setObjectName("listing-search")
        self.search.textChanged.connect(lambda _text: self._pause.start())
        self.list = RowList(title, empty_text=empty_text)
        self.list.setObjectName("listing")
        self.list.row_activated.connect(lambda _key: self.choose_marked())
        main = green or KeyAction("Enter", action, self.choose_marked)
        self.choose_button = PrimaryButton(main.label, main.key, bind=False)
        self.choose_button.setObjectName("choose")
        self.choose_button.setFixedWidth(max(px(240), self.choose_button.sizeHint().width()))
        self.choose_button.clicked.connect(main.callback)
        panel = Card(padding=1)
        panel.add_layout(listing_head(*heads))
        panel.add(self.list, 1)
        head = line(Label(title, Size.TITLE, "text", Weight.BOLD), 1, self.choose_button)
        whole = column(head, self.banner, self.search, spacing=Space.L)
        whole.addWidget(panel, 1)
        whole.setContentsMargins(px(22), Space.XL, px(22), Space.XL)
        self.setLayout(whole)

    # -- of the use case -------------------------------------------------------------------------

    def rows(self, words: str) -> Sequence[Row]:
        """What the words find.  Raises what the till raises."""
        raise NotImplementedError

    def choose(self, key: Hashable) -> None:
        """Go on with the row of this key."""
        raise NotImplementedError

    def more_keys(self) -> list[KeyAction]:
        """What can be done here beside choosing a row."""
        return []

    # -- coming and going ------------------------------------------------------------------------

    def keys(self) -> list[KeyAction]:
        return [
            KeyAction("↑ ↓", _("Choose"), lambda: self.list.select_step(1), bind=False),
            KeyAction("Enter", self._enter, self.choose_marked, bind=False),
            *self.more_keys(),
            self.back_key(),
        ]

    def entered(self) -> None:
        self.search.clear()
        self.look_up()
        self.search.setFocus()

    def refreshed(self) -> None:
        self.look_up()

    def look_up(self) -> None:
        """Show what the words find, now."""
        self._pause.stop()
        try:
            rows = list(self.rows(self.search.text().strip()))
        except BohariError as error:
            self.session.refuse(error.sentence)
            return
        self.list.set_rows(rows)
        if rows and self.list.selected() is None:
            self.list.select(rows[0].key)

    def choose_marked(self) -> None:
        """Go on with the marked row."""
        if self._pause.isActive():
            self.look_up()
        row = self.list.selected()
        if row is None:
            self.session.refuse(_("There is nothing to choose here."))
            return
        self.choose(row.key)

    def on_scan(self, text: str) -> None:
        self.search.setText(text.strip())
        self.look_up()
        if len(self.list.rows()) == 1:
            self.choose_marked()

    def key(self, event: QKeyEvent) -> bool:
        key, text = event.key(), typed_text(event)
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.choose_marked()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.list.select_step(1 if key == Qt.Key.Key_Down else -1)
        elif text:
            self.search.setFocus()
            self.search.insert(text)
        else:
            return False
        return True
