"""A draft has the rates of the day on which it is dated, of its taxes and of its currency, and says so."""

import dataclasses
from typing import Any

import pytest
from sqlalchemy import text

from pos_app.ledger.exchange_rate import worth_of
from pos_app.office import bills, drafts, invoicing
from pos_app.office.bills import Cost
from pos_app.office.books import PostingDetails
from pos_app.office.drafts import Terms
from pos_app.office.invoicing import Goods
from pos_app.office.masters import exchange_rates, tax_codes
from pos_app.store.journal import invoice_drafts
from pos_app.store.journal.invoice_drafts import Draft, Totals
from tests.support.worlds.office_fixture import DOLLAR, ONE, TODAY, Desk, on


@pytest.fixture(autouse=True)
def owner_at_work(desk: Desk) -> None:
    """Who may also sell below the list."""
    desk.office = desk.as_("OWNER")


EARLIER = 20260604


def rate(desk: Desk, day: int, rate_bp: int) -> None:
    tax_codes.set_tax(desk.as_("OWNER"), "A", rate_bp, day)


def posted(desk: Desk, one: Draft) -> Any:
    """The document of a draft."""
    return drafts.post(desk.office, one.request_id).document


def rates_of(draft: Draft) -> list[int]:
    return [line.tax_rate_bp for line in draft.lines]


def test_a_draft_that_is_dated_anew_is_taxed_by_its_new_day(desk: Desk) -> None:
    rate(desk, 20260101, 1400)
    rate(desk, 20260701, 1600)
    one = invoicing.draft(desk.office, "C1", [Goods("GAS", ONE, 100_00)])
    inclusive = one.lines[0].tax_inclusive
    moved = drafts.redate(desk.office, one.request_id, on=EARLIER, terms=Terms(terms_days=365))
    assert (rates_of(one), rates_of(moved)) == ([1600], [1400])
    assert moved.totals.tax_total == (12_28 if inclusive else 14_00)
    made = posted(desk, one)
    assert (made.lines[0].tax_rate_bp, made.tax_total) == (1400, moved.totals.tax_total)


def test_a_draft_that_is_dated_anew_is_changed_by_its_new_day(desk: Desk) -> None:
    exchange_rates.set_rate(desk.as_("OWNER"), "USD", 140_000_000, 20261001)
    one = invoicing.draft(desk.office, "C1", [Goods("GAS", ONE, 100_00)], PostingDetails(currency="USD"))
    moved = drafts.redate(desk.office, one.request_id, on=EARLIER, terms=Terms(terms_days=365))
    assert (one.rate_micro, moved.rate_micro) == (140_000_000, DOLLAR)
    made = drafts.post(desk.office, one.request_id)
    assert made.document.rate_micro == DOLLAR
    assert desk.base("1300") == worth_of(made.total, DOLLAR)


def test_a_rate_that_was_typed_stays_when_the_day_is_another(desk: Desk) -> None:
    one = invoicing.draft(
        desk.office,
        "C1",
        [Goods("GAS", ONE, 100_00)],
        PostingDetails(currency="USD", rate_micro=131_250_000),
    )
    moved = drafts.redate(desk.office, one.request_id, on=EARLIER, terms=Terms(terms_days=365))
    assert moved.rate_micro == 131_250_000


def test_a_rate_that_comes_after_a_draft_was_written_holds_when_it_is_posted(desk: Desk) -> None:
    one = invoicing.draft(desk.office, "C1", [Goods("GAS", ONE, 100_00)])
    rate(desk, TODAY, 1400)
    assert posted(desk, one).lines[0].tax_rate_bp == 1400


def test_a_bill_is_taxed_by_its_day(desk: Desk) -> None:
    rate(desk, 20260101, 1400)
    rate(desk, 20260701, 1600)
    for day, rate_bp in ((EARLIER, 1400), (TODAY, 1600)):
        made: Any = bills.bill(
            desk.office, "V1", [Cost("Rent", 100_00, "6100", tax_code="A")], on(day)
        ).document
        assert made.lines[0].tax_rate_bp == rate_bp
    one = bills.draft(desk.office, "V1", [Cost("Rent", 100_00, "6100", tax_code="A")])
    moved = drafts.redate(desk.office, one.request_id, on=EARLIER, terms=Terms(terms_days=365))
    assert rates_of(moved) == [1400]


def test_a_credit_note_keeps_the_rates_of_its_invoice(desk: Desk) -> None:
    exchange_rates.set_rate(desk.as_("OWNER"), "USD", 140_000_000, 20261001)
    made = invoicing.invoice(
        desk.office,
        "C1",
        [Goods("GAS", ONE, 100_00)],
        PostingDetails(currency="USD", on=EARLIER),
    )
    rate(desk, TODAY, 1400)
    credit: Any = invoicing.credit(desk.office, made.document_id, "spoilt").document
    original: Any = made.document
    assert credit.lines[0].tax_rate_bp == original.lines[0].tax_rate_bp
    assert credit.tax_total == original.tax_total
    assert desk.base("1300") == 0


def imported(desk: Desk) -> Draft:
    """Three lines whose tax another program rounded one by one: 5 + 5 + 5, where ours is 14."""
    goods = [Goods("GAS", ONE, 33) for _ in range(3)]
    with desk.office.database.write() as connection:
        books = desk.office.books(connection)
        made = invoicing.built(books, "C1", goods, on(TODAY))
        shares = [invoice_drafts.computed([line]) for line in made.lines]
        net, tax = (sum(one[at] or 0 for one in shares) for at in (0, 1))
        issued = invoice_drafts.Totals(net, tax, net + tax)
        assert issued != invoice_drafts.computed(made.lines)
        draft = dataclasses.replace(made, number="2026/7", totals=issued)
        invoice_drafts.put_imported(connection, desk.org_id, draft, desk.office.clock.now())
    return draft


def test_totals_as_issued_outlive_an_edit_of_the_terms_and_the_day(desk: Desk) -> None:
    draft = imported(desk)
    assert drafts.redate(desk.office, "2026/7", terms=Terms(reference="LPO 7")).totals == draft.totals
    assert drafts.redate(desk.office, "2026/7", on=20261118).totals == draft.totals
    again = invoicing.draft(desk.office, "C1", [Goods("GAS", ONE, 33) for _ in range(3)], replaces="2026/7")
    assert (again.totals, again.number) == (draft.totals, "2026/7")
    made = posted(desk, draft)
    assert Totals(made.subtotal, made.tax_total, made.total) == draft.totals


def test_totals_as_issued_go_with_other_lines(desk: Desk) -> None:
    imported(desk)
    again = invoicing.draft(
        desk.office, "C1", [Goods("GAS", 2 * ONE, 33) for _ in range(3)], replaces="2026/7"
    )
    assert again.totals == invoice_drafts.computed(again.lines)


def test_an_issued_invoice_that_is_dated_anew_has_the_rates_of_its_day(desk: Desk) -> None:
    rate(desk, 20260101, 1400)
    rate(desk, 20260701, 1600)
    imported(desk)
    moved = drafts.redate(desk.office, "2026/7", on=EARLIER, terms=Terms(terms_days=365))
    assert rates_of(moved) == [1400] * 3
    assert moved.totals == invoice_drafts.computed(moved.lines)
    with desk.database.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM invoice_draft")).scalar() == 1
