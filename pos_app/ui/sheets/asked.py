"""Owns the questions with which the till asks the centre: a new customer, a new product, a price for today,
and the list of what was asked and what became of it.
"""

from collections.abc import Callable
from typing import TypeVar

from pos_app.language import _
from pos_app.ledger.asking import State, Wanted
from pos_app.ledger.price import PRICE_PLACES, fine_parts, of_fine_parts
from pos_app.till.receivables.customer import Party
from pos_app.till.selling.asking import Shown
from pos_app.till.selling.catalogue import Product
from pos_app.ui.kit.list_rows import Row
from pos_app.ui.session import Next, Session
from pos_app.ui.sheets.amount import AmountSheet
from pos_app.ui.sheets.choice import ChoiceSheet
from pos_app.ui.sheets.finding import ask_one
from pos_app.ui.sheets.words import WordsSheet

Made = TypeVar("Made")


def ask_new_customer(session: Session, chosen: Callable[[Party], object]) -> None:
    """Ask for a name and a telephone; the customer is one at once, and `chosen` is told who it is."""
    sheet = WordsSheet(
        session,
        _("New customer"),
        _("They pay at once until the centre says how much they may owe."),
        _("Go on"),
        _("What is their name?"),
    )

    def named() -> Next:
        name = sheet.value()
        return lambda: _ask_phone(session, name, chosen)

    session.ask(sheet, named)


def _ask_phone(session: Session, name: str, chosen: Callable[[Party], object]) -> None:
    sheet = WordsSheet(session, name, _("May stay empty."), _("Add them"), _("Their telephone"))

    def answer() -> Next:
        party = session.till.requests.customer(name, sheet.value())
        return lambda: chosen(party)

    session.ask(sheet, answer)


def ask_new_product(session: Session, code: str, chosen: Callable[[Product], object]) -> None:
    """Ask for a name and a price of what has this code (empty: none); it is sold at once."""
    sheet = WordsSheet(
        session, _("New product"), code or _("Without a barcode"), _("Go on"), _("What is it called?")
    )

    def named() -> Next:
        name = sheet.value()
        return lambda: _ask_price(
            session,
            name,
            0,
            lambda price: session.till.requests.product(name, of_fine_parts(price), code),
            chosen,
        )

    session.ask(sheet, named)


def ask_price_today(session: Session) -> None:
    """Ask for a product and what it costs here until midnight."""

    def priced(product: Product) -> Next:
        return lambda: _ask_price(
            session,
            product.name,
            fine_parts(product.price),
            lambda price: session.till.requests.price(product, of_fine_parts(price)),
            lambda _none: session.succeed(_("That is the price here until midnight.")),
        )

    words = _("Price for today"), _("Name or code"), _("Go on")
    ask_one(
        session,
        words,
        session.till.catalogue.search,
        lambda one: Row(one.product_id, one.name, session.price(one.price), one.sku, icon="scan-barcode"),
        priced,
    )


def _ask_price(
    session: Session,
    name: str,
    start: int,
    make: Callable[[int], Made],
    done: Callable[[Made], object],
) -> None:
    sheet = AmountSheet(
        session,
        _("Price of one"),
        name,
        _("Set"),
        places=session.till.currency.exponent,
        fine=PRICE_PLACES,
        start=start or None,
    )

    def answer() -> Next:
        made = make(sheet.value())
        return lambda: done(made)

    session.ask(sheet, answer)


def show_requests(session: Session) -> None:
    """What was asked at this till, and what became of it."""
    rows = [_row(session, one) for one in session.till.requests.listed()]
    if not rows:
        session.warn(_("Nothing was asked at this till yet."))
        return
    sheet = ChoiceSheet(session, _("Requests"), _("What this till asked the centre for"), _("Done"), rows)
    session.ask(sheet, lambda: None)


def _row(session: Session, shown: Shown) -> Row:
    icons = {Wanted.CUSTOMER: "user", Wanted.PRODUCT: "scan-barcode", Wanted.PRICE: "scan-barcode"}
    detail = f"{session.clock_time(shown.at)} · {shown.person}"
    if shown.said is not None:
        detail = f"{shown.said.spoken} · {detail}"
    return Row(shown.number, shown.name, _state(shown), detail, icon=icons[shown.wanted])


def _state(shown: Shown) -> str:
    match shown.state:
        case None:
            return _("not sent yet")
        case State.WAITING:
            return _("a person looks")
        case State.ACCEPTED:
            return _("accepted as {code}", code=shown.code)
        case State.REFUSED:
            return _("refused")
