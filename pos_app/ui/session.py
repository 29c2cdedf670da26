"""Owns what all screens share: the till, the basket at hand, the ways between screens, what is said."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from pos_app.ledger.errors import BohariError
from pos_app.ledger.money import grouped_text
from pos_app.ledger.price import Price, price_text
from pos_app.till.selling.refilling import RefillingBasket
from pos_app.till.session.errors import NeedsApproval
from pos_app.till.session.sign_in import Action, Approval
from pos_app.till.till import Till
from pos_app.ui.kit.banner import Banner
from pos_app.ui.kit.dialog import Sheet
from pos_app.ui.ways import Ways

if TYPE_CHECKING:
    # The spool brings the log with it, which the first picture of the window need not wait for.
    from pos_app.till.paper.spool import Spool

T = TypeVar("T")
S = TypeVar("S")

#: What a sheet's answer may lead to, once the sheet is gone.
Next = Callable[[], object] | None


class InFront(Protocol):
    """The screen before the person, as another hands a scan or a key on to it."""

    def on_scan(self, text: str) -> None:
        """A barcode was scanned."""
        ...

    def key(self, event: QKeyEvent) -> bool:
        """Take a key that no widget wanted; says whether it was of use."""
        ...


class Navigator(Protocol):
    """The window, as screens need it.  It keeps the trail: the screens behind the one in front."""

    def open(self, screen: Callable[["Session"], S]) -> S:
        """Bring a screen before the person; `back` leads from it to the one in front now."""
        ...

    def back(self) -> None:
        """Bring the screen before the person from which they came to this one."""
        ...

    def home(self) -> InFront:
        """Bring the basket before the person, or the sign-in when nobody is signed in; the trail ends."""
        ...

    def leads_home(self) -> bool:
        """Whether `back` leads to the basket."""
        ...

    def ask_approval(
        self,
        needed: NeedsApproval,
        approved: Callable[[Approval], object],
        given_up: Callable[[], object] | None,
        request: str = "",
    ) -> None:
        """Ask a manager for their PIN; `given_up` is called when none gives it.

        With the `request` that it is for, somebody who is not here may be asked too.
        """
        ...

    def banner(self) -> Banner:
        """Where the screen in front says what was refused."""
        ...

    def overlay_parent(self) -> QWidget:
        """What sheets are laid over."""
        ...


class Session(QObject):
    """One terminal at work, as the screens see it."""

    keys_changed = Signal()
    state_changed = Signal()
    #: Something was refused, with its sentence.
    refused = Signal(str)
    #: Something went otherwise than a person may think, with its sentence.
    warned = Signal(str)

    def __init__(self, till: Till, spool: "Spool | None", navigator: Navigator, ways: Ways) -> None:
        super().__init__()
        self.till, self.spool, self.ways, self._navigator = till, spool, ways, navigator
        self.trouble = ""
        self.basket: RefillingBasket = self._resume()
        self.sheet: Sheet | None = None
        #: Writes what was found into a file for whoever helps; None where there is no place for it.
        self.make_support: Callable[[Mapping[str, Any]], Path] | None = None
        #: Opens the window in which people learn this till; None where there is none.
        self.train: Callable[[], object] | None = None

    def _resume(self) -> RefillingBasket:
        """The basket that was open when the till last ran; a damaged one is left where it is."""
        try:
            return self.till.baskets.resume()
        except BohariError as error:
            self.trouble = error.sentence
            return self.till.baskets.new()

    # -- ways ------------------------------------------------------------------------------------

    def open(self, screen: Callable[["Session"], S]) -> S:
        """Go to a screen."""
        return self._navigator.open(screen)

    def back(self) -> None:
        """Go where the person came from."""
        self._navigator.back()

    def leads_home(self) -> bool:
        """Whether `back` leads to the basket."""
        return self._navigator.leads_home()

    def home(self) -> InFront:
        """Go back to the basket, or to the sign-in when nobody is signed in; gives what is in front then."""
        return self._navigator.home()

    def renew_basket(self) -> None:
        """Begin with an empty basket."""
        self.basket = self.till.baskets.new()

    def rate_basket(self) -> None:
        """Take the taxes of today for the basket at hand, and say once what that does to its total."""
        try:
            self.basket.rate_again()
        except BohariError as error:
            self.refuse(error.sentence)
            return
        self.tell_news()

    def tell_news(self) -> None:
        """Say once what the taxes of today did to the total of the basket at hand."""
        news = self.basket.take_news()
        if news is not None:
            self.warn(news.spoken)

    # -- words -----------------------------------------------------------------------------------

    def refuse(self, text: str) -> None:
        """Say why an action was refused."""
        self._navigator.banner().refuse(text)
        self.refused.emit(text)

    def warn(self, text: str) -> None:
        """Say what a person should know."""
        self._navigator.banner().warn(text)
        self.warned.emit(text)

    def succeed(self, text: str = "") -> None:
        """Take back what was said; with words, say them for a few seconds."""
        self._navigator.banner().succeed(text)

    def money(self, minor: int) -> str:
        """An amount as it stands in a column whose head names the currency."""
        return grouped_text(minor, self.till.currency)

    def price(self, price: Price) -> str:
        """A price as an amount stands, with more decimals where it has more."""
        return price_text(price, self.till.currency)

    def short_price(self, price: Price) -> str:
        """A price without its cents where it has none, for tiles."""
        text = self.price(price)
        return text.partition(".")[0] if price % self.till.currency.scale == 0 else text

    def local(self, moment: datetime) -> datetime:
        """A moment in the organisation's time zone."""
        return moment.astimezone(ZoneInfo(self.till.place.time_zone))

    def clock_time(self, moment: datetime) -> str:
        """Hours and minutes of a moment, in the organisation's time zone."""
        return self.local(moment).strftime("%H:%M")

    # -- doing -----------------------------------------------------------------------------------

    def attempt(self, act: Callable[[], T], done: Callable[[T], object] | None = None) -> bool:
        """Do something; a known error becomes a line in the banner.  Says whether it was done."""
        try:
            result = act()
        except BohariError as error:
            if not self._asks_date(error, lambda: self.attempt(act, done)):
                self.refuse(error.sentence)
            return False
        self.succeed()
        if done is not None:
            done(result)
        return True

    def _asks_date(
        self, error: BohariError, again: Callable[[], object], given_up: Callable[[], object] | None = None
    ) -> bool:
        """Ask a manager about a date that lies before what it follows; with their yes it is done `again`.

        Says whether that was what stood in the way.
        """
        if not isinstance(error, NeedsApproval) or error.action != Action.BACKDATE.value:
            return False

        def approved(approval: Approval) -> None:
            self.till.allow_date(approval)
            again()

        self._navigator.ask_approval(error, approved, given_up)
        return True

    def attempt_approved(
        self,
        act: Callable[[Approval | None], T],
        done: Callable[[T], object],
        given_up: Callable[[], object] | None = None,
        *,
        request: str = "",
    ) -> None:
        """Do something that may need a manager: then their PIN is asked for and it is tried again.

        `request` is the one under which it is recorded: where that is known they may be asked from afar.
        """
        self._attempt_as(None, act, done, given_up, request)

    def _attempt_as(
        self,
        approval: Approval | None,
        act: Callable[[Approval | None], T],
        done: Callable[[T], object],
        given_up: Callable[[], object] | None,
        request: str,
    ) -> None:
        """Do it with what was approved so far; a manager is asked once for the deed and once for its date."""

        def again() -> None:
            self._attempt_as(approval, act, done, given_up, request)

        try:
            result = act(approval)
        except BohariError as error:
            if self._asks_date(error, again, given_up):
                return
            if isinstance(error, NeedsApproval) and is_new(error, approval):

                def approved(given: Approval) -> None:
                    self._attempt_as(both(given, approval), act, done, given_up, request)

                self._navigator.ask_approval(error, approved, given_up, request)
                return
            self.refuse(error.sentence)
            if given_up is not None:
                given_up()
            return
        except Exception:
            # A bug: it goes on into the log, but the person can still go on.
            if given_up is not None:
                given_up()
            raise
        self.succeed()
        done(result)

    def overlay_parent(self) -> QWidget:
        """What sheets are laid over."""
        return self._navigator.overlay_parent()

    def show_sheet(self, sheet: Sheet) -> None:
        """Lay a sheet over the window."""
        self.sheet = sheet
        sheet.closed.connect(lambda: self._lifted(sheet))
        sheet.open_sheet()

    def ask(self, sheet: Sheet, answer: Callable[[], Next]) -> None:
        """Lay a sheet; what its answer raises is said in it, and it stays until the answer will do."""

        def accepted() -> None:
            try:
                then = answer()
            except BohariError as error:
                if not self._asks_date(error, accepted):
                    sheet.refuse(error.sentence)
                return
            sheet.close_sheet()
            if then is not None:
                then()

        sheet.accepted.connect(accepted)
        self.show_sheet(sheet)

    def _lifted(self, sheet: Sheet) -> None:
        if self.sheet is sheet:
            self.sheet = None

    def recorded(self) -> None:
        """Something was recorded: the spool looks now, and the strip soon."""
        if self.spool is not None:
            self.spool.wake()
        self.state_changed.emit()


def is_new(needed: NeedsApproval, approval: Approval | None) -> bool:
    """Whether somebody is asked for something that nobody approved yet."""
    return approval is None or approval.of(Action(needed.action)) is None


def both(given: Approval, before: Approval | None) -> Approval:
    """What was approved now with what was before: one deed may need two people."""
    return given if before is None else replace(given, others=(before, *before.others))
