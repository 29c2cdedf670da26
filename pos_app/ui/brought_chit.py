"""Owns what happens when somebody brings a voucher or a deposit slip: it pays a basket, or is paid back."""

from pos_app.language import _
from pos_app.ledger.chit import text_of
from pos_app.ledger.line import PartyRole, TenderKind
from pos_app.till.selling.chits import Standing
from pos_app.ui.parts.taking import basket_job, deposit_job
from pos_app.ui.session import Next, Session
from pos_app.ui.sheets.amount import AmountSheet
from pos_app.ui.sheets.words import WordsSheet


def bring(session: Session, typed: str) -> None:
    """With goods in the basket it pays for them; alone a deposit is paid back, a voucher says what is left.

    Raises `Refused` for a number that is none, or of a chit that does not pay.
    """
    found = session.till.chits.find(typed)
    if session.basket.lines:
        checkout = session.till.checkout(session.basket)
        pays = checkout.most_by(found, checkout.due().still_due)
        checkout.add_tender(TenderKind.VOUCHER, pays, typed)
        session.ways.take_money(basket_job(session))
    elif found.chit.role is PartyRole.DEPOSIT_SLIP:
        ask_how_much(session, typed, found)
    else:
        session.warn(
            _(
                "{amount} is left on {number}; scan what it pays for, then the voucher again.",
                amount=session.money(found.left),
                number=text_of(found.chit.role, found.chit.number),
            )
        )


def ask_slip(session: Session) -> None:
    """Which deposit is paid back?"""
    sheet = WordsSheet(
        session,
        _("Deposit paid back"),
        _("Scan or type the number on the deposit slip."),
        _("Next"),
        _("Number of the deposit slip"),
    )

    def answer() -> Next:
        typed = sheet.value()
        found = session.till.chits.find(typed)
        return lambda: ask_how_much(session, typed, found)

    session.ask(sheet, answer)


def ask_how_much(session: Session, typed: str, standing: Standing) -> None:
    """All that is left on the slip, or less: where some of the empties came."""
    sheet = AmountSheet(
        session,
        _("Deposit paid back"),
        _(
            "{amount} is left on {number}.",
            amount=session.money(standing.left),
            number=text_of(standing.chit.role, standing.chit.number),
        ),
        _("Next"),
        places=session.till.currency.exponent,
        start=standing.left,
    )

    def answer() -> Next:
        job = deposit_job(session, typed, sheet.value())
        return lambda: session.ways.take_money(job)

    session.ask(sheet, answer)
