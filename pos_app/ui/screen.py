"""Owns what every screen of the till has in common."""

from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from pos_app.language import _
from pos_app.ui.customer_view import CustomerView
from pos_app.ui.kit.accessible import Role
from pos_app.ui.kit.banner import Banner
from pos_app.ui.kit.key_strip import KeyAction
from pos_app.ui.session import Session


class Screen(QWidget):
    """One screen.  It has its place for the banner, its keys, and an answer to a scan.

    `passing` is a screen to which nobody goes back: what it was for is over once another is in front.
    """

    accessible_role = Role.Pane

    passing = False

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.banner = Banner(_("Dismiss"))

    def keys(self) -> list[KeyAction]:
        """The actions of the key strip, after F1."""
        return []

    def entered(self) -> None:
        """The screen was brought before the person: show the present state and take the keyboard."""

    def returned(self) -> None:
        """The person came back from a screen that was opened from here."""
        self.entered()

    def back(self) -> None:
        """Go where the person came from; what was entered stays."""
        self.session.back()

    def back_key(self) -> KeyAction:
        """The key that goes where the person came from, and says whether that is the basket."""
        return KeyAction("Esc", _("Back to basket") if self.session.leads_home() else _("Back"), self.back)

    def refreshed(self) -> None:
        """The feed brought news: prices, people or customers may be others now."""

    def busy(self) -> bool:
        """Whether the screen holds what a person entered and nothing has saved yet."""
        return False

    def unfinished(self) -> str:
        """What was begun here and waits while another screen is in front; empty when nothing does."""
        return ""

    def on_scan(self, text: str) -> None:
        """A barcode was scanned."""
        self.session.warn(_("A scan is not used on this screen; go back to the basket first."))

    def nothing_found(self) -> bool:
        """Whether what was scanned just now is known to nobody."""
        return False

    def for_customer(self) -> CustomerView | None:
        """What the customer's window shows while this screen is in front; None is the basket at hand."""
        return None

    def key(self, event: QKeyEvent) -> bool:
        """Take a key that no widget wanted; says whether it was of use."""
        return False
