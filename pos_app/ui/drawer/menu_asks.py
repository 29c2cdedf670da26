"""Owns what is asked from the menu of an open drawer: cash in and out, shift so far, X, only opening it."""

from collections.abc import Callable

from pos_app.language import _
from pos_app.ledger.document import CashReason
from pos_app.ledger.request import new_request
from pos_app.till.drawer.drawer_flows import Flow
from pos_app.till.drawer.x_report import Shown
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Approval
from pos_app.ui.drawer.cash_sheet import CashSheet
from pos_app.ui.drawer.flow_card import FlowCard
from pos_app.ui.drawer.x_sheet import XSheet
from pos_app.ui.kit.dialog import Sheet
from pos_app.ui.session import Next, Session
from pos_app.ui.sheets.business import ask_business
from pos_app.ui.sheets.words import WordsSheet


def ask_cash(session: Session, reason: CashReason, then: Callable[[], object]) -> None:
    """How much goes in or out, what for, and, where it is paid in or out, for which business?"""
    words = {
        CashReason.PAY_IN: _("Whose money comes in?"),
        CashReason.PAY_OUT: _("For whom is it paid out?"),
        CashReason.DRAWING: _("Out of which business is it drawn?"),
    }
    if reason in words:
        ask_business(session, words[reason], lambda key: _ask_amount(session, reason, key, then))
    else:
        _ask_amount(session, reason, 0, then)


def _ask_amount(session: Session, reason: CashReason, business_id: int, then: Callable[[], object]) -> None:
    note = _("A note, if you like")
    titles = {
        CashReason.PAY_IN: (_("Cash in"), _("Money that is no sale"), _("What is it for?")),
        CashReason.PAY_OUT: (_("Cash out"), _("Petty cash"), _("What is it for?")),
        CashReason.SAFE_DROP: (_("To the safe"), _("Large notes into the safe"), note),
        CashReason.FLOAT: (_("More float"), _("Change out of the safe"), note),
        CashReason.DRAWING: (
            _("Owner draws"),
            _("Money that the owner takes; it is no cost"),
            _("Who takes it?"),
        ),
    }
    title, explanation, hint = titles[reason]
    sheet, request = CashSheet(session, title, explanation, hint), new_request()

    def recorded(done: Recorded) -> None:
        session.recorded()
        then()
        amount = session.money(done.total)
        session.succeed(_("{what}: {amount} is recorded.", what=title, amount=amount))

    def answer() -> Next:
        amount, note = sheet.amount.minor() or 0, sheet.note.text()
        return lambda: session.attempt_approved(
            lambda approval: session.till.drawer.move(
                reason, amount, note, approval, business_id=business_id, request_id=request
            ),
            recorded,
            request=request,
        )

    session.ask(sheet, answer)


def show_flows(session: Session) -> None:
    """What came into the drawer and left it so far: for who may close, as it says what is expected."""

    def show(flows: tuple[Flow, ...]) -> None:
        card = FlowCard(session)
        card.show_flows(flows)
        name = _("Shift so far")
        sheet = Sheet(
            session.overlay_parent(), name, _("Done"), _("Back"), body=card, dismiss_name=_("Dismiss")
        )
        sheet.accepted.connect(sheet.close_sheet)
        session.show_sheet(sheet)

    session.attempt_approved(session.till.drawer.flows, show)


def show_x(session: Session) -> None:
    """The figures of the shift so far, on the screen and, if wanted, on paper."""

    def show(shown: tuple[list[Shown], Approval | None]) -> None:
        lines, approval = shown
        sheet = XSheet(session, lines)

        def printed(_done: None) -> None:
            session.recorded()
            session.succeed(_("The X report is being printed."))

        def answer() -> Next:
            return lambda: session.attempt(lambda: session.till.drawer.print_x(approval), printed)

        session.ask(sheet, answer)

    session.attempt_approved(lambda approval: (session.till.drawer.x_report(approval), approval), show)


def ask_opening(session: Session) -> None:
    """Open the drawer without a sale: by right, with a reason, counted on X and Z."""
    sheet = WordsSheet(
        session,
        _("Open the drawer without a sale?"),
        _("It is counted on X and Z, and stands in the log with your name."),
        _("Only open it"),
        _("What for? To change a note, to look"),
    )

    def opened(_done: None) -> None:
        session.recorded()
        session.succeed(_("The drawer opens; it is counted on X and Z."))

    def answer() -> Next:
        why = sheet.value()
        return lambda: session.attempt(lambda: session.till.drawer.kick(why), opened)

    session.ask(sheet, answer)
