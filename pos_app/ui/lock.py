"""Owns the lock of the till: a key or a time without a touch signs out, and what was begun waits.

Who comes back finds the screen that they left; who else comes finds an empty basket, and the one at hand is
parked under the name of whoever left it.  Nothing is being booked while the till locks: that is done before
the window comes to look, and a PIN that is being looked at is waited for.
"""

from dataclasses import dataclass
from typing import Protocol

from pos_app.language import _
from pos_app.ledger.house_rule import HouseRule
from pos_app.ui.screen import Screen
from pos_app.ui.session import Session
from pos_app.ui.sheets.approval import ApprovalSheet


@dataclass(frozen=True, slots=True)
class Left:
    """What was before a person when the till locked."""

    person_id: int
    name: str
    front: Screen
    trail: tuple[Screen, ...]


class Locked(Protocol):
    """The window, as its lock needs it."""

    def in_front(self) -> tuple[Screen, tuple[Screen, ...]]:
        """The screen in front, and the trail behind it."""
        ...

    def sign_out(self) -> None:
        """Nobody is at the till any more; the basket stays."""
        ...


class TillLock:
    """One till's lock."""

    def __init__(self, session: Session, window: Locked) -> None:
        self._session, self._window = session, window
        self._left: Left | None = None

    def lock(self) -> None:
        """Lock at once: the person goes away for a moment, and finds here what was begun."""
        name = self._lock()
        if name:
            self._session.warn(_("Locked. {name} finds here what was begun.", name=name))

    def when_idle(self, idle_s: float) -> None:
        """Lock where nobody has touched anything for as long as the house says; 0 minutes is never."""
        minutes = self._session.till.place.rules[HouseRule.IDLE_LOCK_MINUTES]
        if not minutes or idle_s < minutes * 60:
            return
        name = self._lock()
        if name:
            self._session.warn(
                _("Locked, for nobody touched the till. {name} finds here what was begun.", name=name)
            )

    def _lock(self) -> str:
        """Gives the name of whoever was at the till; empty where nobody was, or a PIN is being looked at."""
        person, sheet = self._session.till.person, self._session.sheet
        if person is None or (isinstance(sheet, ApprovalSheet) and sheet.checking()):
            return ""
        if sheet is not None:
            sheet.give_up()
        self._left = Left(person.person_id, person.name, *self._window.in_front())
        self._window.sign_out()
        return person.name

    def come_back(self) -> Left | None:
        """Somebody signed in: what they left behind, else none, and a basket of another's is parked."""
        left, person = self._left, self._session.till.person
        self._left = None
        if left is None or person is None:
            return None
        if person.person_id == left.person_id:
            return left
        basket = self._session.basket
        if basket.lines:
            self._session.attempt(lambda: basket.park(left.name), lambda _done: self._session.renew_basket())
        return None
