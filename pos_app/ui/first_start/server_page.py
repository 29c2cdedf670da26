"""Owns the address of the shop's server: typed, found, pasted or scanned; and what answers there."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from pos_app.language import _, plural
from pos_app.ui.first_start.deeds import FoundServer, SeenServer, Step
from pos_app.ui.first_start.page import Page, Wizard, line_to_write
from pos_app.ui.kit.key_strip import KeyAction
from pos_app.ui.kit.label import Paragraph
from pos_app.ui.kit.list_rows import Row, RowList
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.tokens import Size

#: A clock that is further off than this is said: dates stand on receipts.
_MOST_OFF_S = 120
_LIST_HEIGHT = 168


class ServerPage(Page):
    """Enter looks at the address; what is to be compared is shown, and the next Enter says it is right."""

    name = "first-server"

    def __init__(self, wizard: Wizard) -> None:
        super().__init__(
            wizard,
            _("Where is the shop's server?"),
            _(
                "Type its address, such as pos.shop.example or 192.168.1.10:8400, paste or scan the link that"
                " the server shows for a new till, or press F3 to find it."
            ),
            _("Look there"),
        )
        self.address = line_to_write("first-address", _("Address or link"), "store")
        self.found = RowList(_("Servers on this network"), empty_text=_("None found yet"))
        self.found.setObjectName("first-found")
        self.found.setFixedHeight(px(_LIST_HEIGHT))
        self.found.row_activated.connect(self._take)
        self.asked = Paragraph("", Size.BODY, "text")
        self.asked.setObjectName("first-compare")
        self.asked.hide()
        self.address.textChanged.connect(self._typed)
        self.found.hide()
        self.lay_out(self.address, self.found, self.asked)
        #: What is to be compared before it is believed; the code that came with a link.
        self._seen: SeenServer | None = None
        self.code = ""
        #: Where a centre answered that was believed.
        self.address_found = ""

    def begin(self, server: str) -> None:
        """Show the address of before."""
        self.address.setText(server)

    def entered(self) -> None:
        self.address.take_keyboard()

    def own_keys(self) -> list[KeyAction]:
        return [KeyAction("F3", _("Find it on this network"), self.search)]

    # -- finding -----------------------------------------------------------------------------------

    def search(self) -> None:
        """Listen who announces themselves."""
        self.wizard.do(_("Listening to the network…"), self.wizard.deeds.servers, self._show)

    def _show(self, servers: list[FoundServer]) -> None:
        self.found.show()
        self.found.set_rows([Row(one.url, one.name, detail=one.url, icon="store") for one in servers])
        if not servers:
            self.wizard.refuse(
                _(
                    "No server answered on this network. Is this PC on the shop's network, and does the"
                    " server"
                    " announce itself? Type its address instead."
                )
            )
            return
        self.found.select(servers[0].url)
        self.address.setText(servers[0].url)
        self.wizard.succeed(
            plural(
                len(servers),
                "{count} server answers; Enter looks there.",
                "{count} servers answer; choose with ↑ ↓.",
            )
        )

    def _take(self, url: object) -> None:
        self.address.setText(str(url))
        self.address.take_keyboard()

    def key(self, event: QKeyEvent) -> bool:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and self.found.rows():
            self.found.select_step(1 if event.key() == Qt.Key.Key_Down else -1)
            row = self.found.selected()
            if row is not None:
                self._take(row.key)
            return True
        return super().key(event)

    def on_scan(self, text: str) -> None:
        self.address.setText(text)
        self.go_on()

    # -- looking -----------------------------------------------------------------------------------

    def _typed(self) -> None:
        self._seen = None
        self.asked.hide()
        self.primary.set_text(_("Look there"))
        self.wizard.offer_keys()

    def go_on(self) -> None:
        if self._seen is not None:
            self._believe(self._seen)
            return
        typed = self.address.text().strip()
        if not typed:
            self.wizard.refuse(_("Type the server's address first, or press F3 to find it."))
            return
        self.wizard.do(_("Looking at the server…"), lambda: self.wizard.deeds.look(typed), self._look)

    def _look(self, seen: SeenServer) -> None:
        self.code = seen.code
        words = self._to_compare(seen)
        if not words:
            self._believe(seen)
            return
        self._seen = seen
        self.asked.setText("\n\n".join(words))
        # What is to be read has the room of the list.
        self.found.hide()
        self.asked.show()
        self.primary.set_text(_("It is right; go on"))
        self.wizard.offer_keys()
        self.wizard.warn(_("Look at this first; Enter says that it is right, Esc goes back."))

    def _to_compare(self, seen: SeenServer) -> list[str]:
        """What a person must look at before this server is believed; empty for nothing."""
        words: list[str] = []
        if seen.certificate:
            words.append(
                _(
                    "The server's certificate is its own: nobody else vouches for it. Its fingerprint must"
                    " be the one"
                    " that the server's keeper reads to you: {fingerprint}",
                    fingerprint=seen.certificate_print,
                )
            )
        if seen.is_open:
            words.append(
                _(
                    "The line to this server is open: whoever is on this network can read along. Only go"
                    " on where the"
                    " network is the shop's alone."
                )
            )
        if abs(seen.ahead_s) > _MOST_OFF_S:
            words.append(_clock(seen.ahead_s))
        return words

    def _believe(self, seen: SeenServer) -> None:
        self.wizard.do(
            _("Looking at the server…"),
            lambda: self.wizard.deeds.believe(seen),
            lambda _none: self._believed(seen),
        )

    def _believed(self, seen: SeenServer) -> None:
        self.address_found = seen.url
        self.wizard.go(Step.CODE)


def _clock(ahead_s: int) -> str:
    minutes = max(1, abs(ahead_s) // 60)
    span = (
        plural(minutes, "{count} minute", "{count} minutes")
        if minutes < 120
        else plural(minutes // 60, "{count} hour", "{count} hours")
    )
    if ahead_s > 0:
        return _(
            "This PC's clock is {span} behind the server's. Set it; its time stands on receipts.", span=span
        )
    return _(
        "This PC's clock is {span} ahead of the server's. Set it; its time stands on receipts.", span=span
    )
