"""Owns the customer's window over a till's life: on which screen it is, and what is seen there now."""

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from pos_app.language import _
from pos_app.ui.customer_view import IDLE, CustomerView, basket_view
from pos_app.ui.screen import Screen
from pos_app.ui.session import Session

if TYPE_CHECKING:
    from pos_app.ui.customer_display import CustomerDisplay


class Window(Protocol):
    """The till's window, as the customer's needs it."""

    def current(self) -> Screen:
        """The screen in front."""
        ...


class SecondWindow(QObject):
    """Shows the customer's window on a screen while that is there; nothing is made before one is chosen."""

    def __init__(self, session: Session, window: Window, around: QWidget) -> None:
        super().__init__(around)
        self._session, self._window, self._around = session, window, around
        self._name = ""
        self.display: CustomerDisplay | None = None
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.screenAdded.connect(lambda _screen: self.place())
            application.screenRemoved.connect(lambda _screen: self.place())

    def choose(self, name: str) -> None:
        """Stand on the screen of this name, on any other than the till's, or (empty) on none."""
        self._name = name
        self.place()

    def place(self) -> None:
        """Screens came or went, or the till's window is on another: stand where it is right now."""
        if not self._name and self.display is None:
            return
        # Loaded where it is wanted: most tills have one screen.
        from pos_app.ui.customer_display import CustomerDisplay, screen_named

        screen = screen_named(self._name, self._around.screen()) if self._name else None
        if screen is None and self.display is None:
            return
        if self.display is None:
            self.display = CustomerDisplay(self.look, self._shop)
        had_keyboard = self._around.isActiveWindow()
        self.display.stand_on(screen)
        if had_keyboard:
            # Some desktops give the keyboard to whatever fills a screen, whatever it asks for.
            self._around.activateWindow()

    def close(self) -> None:
        """The till's window is closed: this one goes too."""
        if self.display is not None:
            self.display.close()

    def look(self) -> CustomerView:
        """What the customer may see now."""
        if self._session.till.person is None:
            # Signed out or locked: what was begun waits, and is nobody's to read meanwhile.
            return IDLE
        of_screen = self._window.current().for_customer()
        if of_screen is not None:
            return of_screen
        return basket_view(self._session, _("Total {currency}", currency=self._session.till.currency.code))

    def _shop(self) -> tuple[str, str]:
        place = self._session.till.place
        return place.business.name, place.depot_name
