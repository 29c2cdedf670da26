"""Owns the one-time code: typed, pasted or scanned; with it this home becomes a till of the centre."""

from pos_app.language import _
from pos_app.ui.first_start.deeds import Enrolled, SeenServer, Step
from pos_app.ui.first_start.page import Page, Wizard, line_to_write
from pos_app.ui.kit.label import Paragraph
from pos_app.ui.kit.tokens import Size

#: The letters of a one-time code without the fingerprint of the centre's key behind it.
_SHORT = 10


class CodePage(Page):
    """Enter enrols; the same code may be sent again when the line broke.

    A code without its end names no centre: then the fingerprint of the key is shown, to be compared.
    """

    name = "first-code"

    def __init__(self, wizard: Wizard) -> None:
        super().__init__(
            wizard,
            _("The one-time code"),
            _(
                "At the server: the page Tills, “One more till”, or the command bohari enrol-code. Type"
                " the whole"
                " code: its end proves that this is your shop's server. It works once, for a day."
            ),
            _("Make this a till"),
        )
        self.code = line_to_write("first-code-field", _("Code"), "lock")
        self.asked = Paragraph("", Size.BODY, "text")
        self.asked.setObjectName("first-key-compare")
        self.asked.hide()
        self.code.textChanged.connect(self._typed)
        self.lay_out(self.code, self.asked)
        self._server = ""
        #: The fingerprint that the person was asked to compare.
        self._compared = ""

    def begin(self, server: str, code: str) -> None:
        """Ask for the code of this server, or show the one that came with its link."""
        self._server = server
        if code:
            self.code.setText(code)

    def entered(self) -> None:
        self.code.take_keyboard()

    def on_scan(self, text: str) -> None:
        self.code.setText(text)
        self.go_on()

    def _typed(self) -> None:
        self._compared = ""
        self.asked.hide()
        self.primary.set_text(_("Make this a till"))
        self.wizard.offer_keys()

    def go_on(self) -> None:
        code = self.code.text().strip()
        letters = sum(sign.isalnum() for sign in code)
        if not letters:
            self.wizard.refuse(_("Type the code first; the server shows it for a new till."))
        elif letters <= _SHORT and not self._compared:
            server = self._server
            self.wizard.do(_("Looking at the server…"), lambda: self.wizard.deeds.look(server), self._compare)
        else:
            whole = f"{code}-{self._compared}" if self._compared else code
            self.wizard.do(
                _("The server makes this a till; prices and people come…"),
                lambda: self.wizard.deeds.enrol(whole),
                self._enrolled,
            )

    def _compare(self, seen: SeenServer) -> None:
        self._compared = seen.fingerprint
        self.asked.setText(
            _(
                "This code is without its end, so nothing proves whose server this is. Let its keeper read"
                " the fingerprint of its key to you, or run “bohari server-key show” there. Here it is:"
            )
            + f"\n\n{seen.fingerprint}"
        )
        self.asked.show()
        self.primary.set_text(_("It is the same; go on"))
        self.wizard.offer_keys()

    def _enrolled(self, made: Enrolled) -> None:
        self.code.clear()
        self.wizard.go(Step.PRINTER)
        tell_enrolled(self.wizard, made)


def tell_enrolled(wizard: Wizard, made: Enrolled) -> None:
    """Say which till this is now, and what has not come yet."""
    if made.trouble:
        wizard.warn(
            _(
                "This is till {number}, but prices and people have not come yet: {why}",
                number=made.number,
                why=made.trouble,
            )
        )
        return
    wizard.succeed(_("This is till {number} now; prices and people have come.", number=made.number))
