"""What the tests of customers' money need beside the till: rates, terms, invoices of earlier days."""

from datetime import timedelta
from typing import Any

from sqlalchemy import text

from pos_app.ledger.clock import SetClock
from pos_app.ledger.line import TenderKind
from pos_app.store.master import rates
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Action
from pos_app.till.till import Till
from tests.support.worlds.till_builder import ORG, barcode_of

#: 129.50 shillings to a dollar.
DOLLAR = 129_500_000
#: Mama Kanini Hotel.
HOTEL = 1


def put_rate(till: Till, code: str = "USD", rate_micro: int = DOLLAR) -> None:
    """Take a currency from the first of the month on."""
    with till.database.write() as connection:
        rates.put_exchange_rate(connection, ORG, code, 20261101, rate_micro)


def put_terms(till: Till, days: int, party_id: int = HOTEL) -> None:
    """Give a customer terms of payment."""
    with till.database.write() as connection:
        connection.execute(
            text("UPDATE party_role SET terms_days = :days WHERE party_id = :party"),
            {"days": days, "party": party_id},
        )


def invoice(till: Till, number: int = 7, *, days_ago: int = 0, terms: int = 30, **more: Any) -> Recorded:
    """An invoice of one product to the hotel, written some days ago."""
    clock = till._context.clock
    assert isinstance(clock, SetClock)
    clock.advance(timedelta(days=-days_ago))
    basket = till.baskets.new()
    basket.add(till.catalogue.scan(barcode_of(number)).product)
    basket.set_customer(till.customers.get(HOTEL))
    if days_ago:
        till.allow_date(till.sign_in.approve("2222", Action.BACKDATE))
    try:
        return till.invoicing.issue(basket, terms_days=terms, **more)
    finally:
        clock.advance(timedelta(days=days_ago))


def dollar_invoice(till: Till, *, terms: int = 30) -> Recorded:
    """An invoice of the hotel in dollars, as the office's drafts make them: 850.00 of them."""
    basket = till.baskets.new()
    basket.add(till.catalogue.scan(barcode_of(7)).product)
    basket.set_customer(till.customers.get(HOTEL))
    draft = till.invoicing.save_draft(basket, terms_days=terms)
    draft = till.invoicing.change_draft(draft, currency="USD", rate_micro=DOLLAR)
    with till.database.write() as connection:
        connection.execute(text("UPDATE party_role SET credit_limit = 99999999900"))
    return till.invoicing.issue_draft(draft.request_id)


def pay_on_account(till: Till, amount: int) -> Recorded:
    """Money of the hotel that is on no invoice."""
    party = till.customers.get(HOTEL)
    assert party is not None
    session = till.receive_payment(party, amount, [])
    session.add_tender(TenderKind.CASH, amount)
    return session.complete()


def last(till: Till) -> Any:
    """The document that was recorded last, of those with a receipt."""
    return till.receipts.document(till.receipts.latest(1)[0].document_id)


def kinds(till: Till) -> list[str]:
    """What was recorded, the first one first."""
    return [entry.kind for entry in till.receipts.latest()][::-1]
