"""Foreign money at the rate of a day: worked out by hand, once, and never in a locked period."""

import pytest

from pos_app.ledger.document import JournalEntry
from pos_app.ledger.journal_entry import EntryPurpose
from pos_app.ledger.line import TenderKind
from pos_app.ledger.making.tenders import TenderInput
from pos_app.ledger.treasury import Exchanged
from pos_app.office import (
    invoicing,
    journal_entries,
    payments,
    revaluation,
    treasury,
    voids,
    year_end,
)
from pos_app.office.books import PostingDetails
from pos_app.office.invoicing import Goods
from pos_app.office.journal_entries import Row
from pos_app.office.masters import exchange_rates
from pos_app.office.revaluation import look, revalue
from pos_app.store.tables.projections import ACCOUNT_BALANCE
from tests.support.refused import refused
from tests.support.worlds.office_fixture import ONE, TODAY, Desk

SAFE, BANK, SAVINGS, DIFFERENCE = "1150", "1170", "1171", "6950"
GAS, WATER = 1, 2
USD = PostingDetails(currency="USD", on=20261102)


@pytest.fixture
def dollars(desk: Desk) -> Desk:
    """100 dollars in the safe of one business at 129.50 and 40 on the bank of another; then it is 131.25."""
    for business, kind, amount in (("MAIN", TenderKind.CASH, 100_00), ("WATER", TenderKind.BANK, 40_00)):
        occasion = PostingDetails(currency="USD", on=20261102, business=business)
        invoicing.invoice(
            desk.office, "C1", [Goods("SERVICE", ONE, unit_price=amount, tax_code="E")], occasion
        )
        payments.receive(desk.office, "C1", [TenderInput(kind, amount)], occasion=occasion)
    exchange_rates.set_rate(desk.office, "USD", 131_250_000, 20261115)
    return desk


def worth(desk: Desk, account: str, business: int, currency: str = "USD") -> tuple[int, int]:
    """Amount and base amount on an account of a business in one currency."""
    key = {"business_id": business, "account_code": account, "currency": currency}
    found = desk.balance(ACCOUNT_BALANCE, **key)
    return found["amount"], found["base_amount"]


def test_money_stands_at_the_rate_of_the_day(dollars: Desk) -> None:
    assert worth(dollars, SAFE, GAS) == (100_00, 12_950_00)
    assert worth(dollars, BANK, WATER) == (40_00, 5_180_00)
    made = [one.document for one in revalue(dollars.office, 20261116)]
    assert [one.business_id for one in made] == [GAS, WATER]
    assert all(isinstance(one, JournalEntry) and one.purpose is EntryPurpose.REVALUATION for one in made)
    assert worth(dollars, SAFE, GAS) == (100_00, 13_125_00)
    assert worth(dollars, BANK, WATER) == (40_00, 5_250_00)
    assert dollars.base(DIFFERENCE, GAS) == -175_00
    assert dollars.base(DIFFERENCE, WATER) == -70_00
    assert dollars.is_whole()


def test_a_second_run_does_nothing_and_a_dry_one_neither(dollars: Desk) -> None:
    before = dollars.documents()
    found = look(dollars.office, 20261116)
    assert [(one.held.account, one.difference) for one in found.revalued] == [(SAFE, 175_00), (BANK, 70_00)]
    assert dollars.documents() == before
    assert len(revalue(dollars.office, 20261116)) == 2
    assert revalue(dollars.office, 20261116) == []
    assert revalue(dollars.office) == []
    assert look(dollars.office).revalued == ()


def test_it_is_of_its_day(dollars: Desk) -> None:
    """Before the rate changed there is nothing; and what came later is not looked at."""
    assert look(dollars.office, 20261110).revalued == ()
    later = PostingDetails(currency="USD", on=20261118, rate_micro=128_000_000, business="MAIN")
    invoicing.invoice(dollars.office, "C2", [Goods("SERVICE", ONE, unit_price=10_00, tax_code="E")], later)
    payments.receive(dollars.office, "C2", [TenderInput(TenderKind.CASH, 10_00)], occasion=later)
    differences = {one.held.account: one.difference for one in look(dollars.office, 20261116).revalued}
    assert differences == {SAFE: 175_00, BANK: 70_00}
    differences = {one.held.account: one.difference for one in look(dollars.office).revalued}
    assert differences == {SAFE: 175_00 + 32_50, BANK: 70_00}
    revalue(dollars.office, 20261116)
    assert [one.difference for one in look(dollars.office).revalued] == [32_50]


def test_where_nothing_is_left_the_rest_goes_whole(dollars: Desk) -> None:
    """A hundred dollars that came at 129.50 leave at 130: fifty shillings too many went."""
    treasury.transfer(
        dollars.office,
        "safe",
        "bank",
        100_00,
        PostingDetails(currency="USD", on=20261103, rate_micro=130_000_000, business="MAIN"),
        exchanged=Exchanged(13_000_00, "KES"),
    )
    assert worth(dollars, SAFE, GAS) == (0, -50_00)
    revalue(dollars.office, 20261104)
    assert worth(dollars, SAFE, GAS) == (0, 0)
    assert dollars.base(DIFFERENCE, GAS) == -50_00
    assert dollars.is_whole()


def test_a_falling_rate_is_a_loss_and_a_void_takes_it_back(dollars: Desk) -> None:
    exchange_rates.set_rate(dollars.office, "USD", 120_000_000, 20261117)
    made = revalue(dollars.office, 20261117)
    assert worth(dollars, SAFE, GAS) == (100_00, 12_000_00)
    assert dollars.base(DIFFERENCE, GAS) == 950_00
    for one in made:
        voids.void(dollars.office, one.document_id, "wrong rate")
    assert worth(dollars, SAFE, GAS) == (100_00, 12_950_00)
    # The void is dated today: on the seventeenth the revaluation stands.
    assert look(dollars.office, 20261117).revalued == ()
    assert len(look(dollars.office).revalued) == 2
    assert dollars.is_whole()


def test_a_locked_period_is_left_alone(dollars: Desk) -> None:
    year_end.lock(dollars.office, 20261116)
    before = dollars.documents()
    with refused("books-locked"):
        revalue(dollars.office, 20261116)
    assert dollars.documents() == before
    assert len(revalue(dollars.office, 20261117)) == 2


def test_what_is_not_known_or_not_allowed_is_said(dollars: Desk) -> None:
    with refused("revaluation-in-future"):
        revalue(dollars.office, TODAY + 1)
    with refused("not-an-asset"):
        look(dollars.office, also=["2110"])
    with refused("account-unknown"):
        look(dollars.office, also=["9999"])
    with refused("beyond-rights"):
        revalue(dollars.as_("AUD"))
    with refused("person-may-not-here"):
        look(dollars.as_("AUD"))


def test_invoices_keep_their_rate_until_they_are_paid(dollars: Desk) -> None:
    """Realised on settlement, whole: what was not money was not revalued."""
    occasion = PostingDetails(currency="USD", on=20261103, business="MAIN")
    invoicing.invoice(dollars.office, "C1", [Goods("SERVICE", ONE, unit_price=50_00, tax_code="E")], occasion)
    revalue(dollars.office, 20261116)
    assert worth(dollars, "1300", GAS) == (50_00, 6_475_00)
    paid = PostingDetails(currency="USD", on=20261116, business="MAIN")
    payments.receive(dollars.office, "C1", [TenderInput(TenderKind.BANK, 50_00)], occasion=paid)
    assert worth(dollars, "1300", GAS) == (0, 0)
    assert dollars.base(DIFFERENCE, GAS) == -175_00 - 87_50
    assert revalue(dollars.office, 20261116) == []


def test_an_asset_without_a_role_is_revalued_when_it_is_named(dollars: Desk) -> None:
    rows = [Row(SAVINGS, 10_00, "MAIN"), Row("3100", -10_00, "MAIN")]
    journal_entries.entry(dollars.office, "Savings in dollars", rows, USD)
    found = look(dollars.office, 20261116)
    assert [one.account for one in found.passed_by] == [SAVINGS]
    assert SAVINGS not in {one.held.account for one in found.revalued}
    revalue(dollars.office, 20261116, [SAVINGS])
    assert worth(dollars, SAVINGS, GAS) == (10_00, 1_312_50)


def test_nothing_foreign_is_nothing_to_do(desk: Desk) -> None:
    assert revalue(desk.office) == []
    assert revaluation.look(desk.office) == ((), ())
