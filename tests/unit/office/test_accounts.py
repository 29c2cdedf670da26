"""The chart in the office: an account that is added, and which account postings go to."""

import pytest

from pos_app.ledger.chart import AccountRole, AccountType
from pos_app.office import invoicing, journal_entries, payments, voids
from pos_app.office.invoicing import Goods
from pos_app.office.journal_entries import Row
from pos_app.office.masters import accounts
from tests.support.refused import refused
from tests.support.worlds.office_fixture import ONE, Desk, bank

R, T = AccountRole, AccountType


def test_an_account_is_added_and_found_in_any_case(desk: Desk) -> None:
    made = accounts.add(desk.office, "6150-a", "Licences", T.EXPENSE)
    assert (made.code, made.role, made.business_id) == ("6150-a", None, None)
    with refused("account-code-taken"):
        accounts.add(desk.office, "6150-A", "Licences", T.EXPENSE)
    with desk.office.read() as books:
        assert books.account_named("6150-A").name == "Licences"


def test_postings_go_to_the_account_that_has_the_role(desk: Desk) -> None:
    accounts.add(desk.office, "1172", "Bank, new", T.ASSET, role=R.BANK)
    payments.receive(desk.office, "C1", bank(100_00), prepay=True)
    assert (desk.account("1170"), desk.account("1172")) == (0, 100_00)
    accounts.give_role(desk.office, "1170", R.BANK)
    payments.receive(desk.office, "C1", bank(50_00), prepay=True)
    assert (desk.account("1170"), desk.account("1172")) == (50_00, 100_00)
    # Of one business alone: the others keep the shared one.
    accounts.add(desk.office, "1173", "Bank, water", T.ASSET, role=R.BANK, business="water")
    payments.receive(desk.office, "C1", bank(7_00), prepay=True)
    assert desk.account("1170") == 57_00
    assert desk.is_whole()


def test_what_is_open_stays_on_one_account(desk: Desk) -> None:
    accounts.add(desk.office, "1301", "Customers, new", T.ASSET, role=R.RECEIVABLE)
    invoicing.invoice(desk.office, "C1", [Goods("HOSE", ONE)])
    assert desk.account("1301") == 580_00
    with refused("account-role-stays"):
        accounts.give_role(desk.office, "1300", R.RECEIVABLE)
    with refused("account-role-stays"):
        accounts.add(desk.office, "1302", "Customers, water", T.ASSET, role=R.RECEIVABLE, business="WATER")


@pytest.mark.parametrize(
    ("code", "name", "kind", "wrong"),
    [
        ("", "Licences", (T.EXPENSE, None, ""), "account-code-unusable"),
        ("61 50", "Licences", (T.EXPENSE, None, ""), "account-code-unusable"),
        ("6" * 21, "Licences", (T.EXPENSE, None, ""), "account-code-unusable"),
        ("6150", " ", (T.EXPENSE, None, ""), "account-name-unusable"),
        ("6150", "a\tb", (T.EXPENSE, None, ""), "account-name-unusable"),
        ("6150", "Licences", (T.EXPENSE, R.BANK, ""), "account-role-of-other-type"),
        ("1901", "Between", (T.ASSET, R.CLEARING, "WATER"), "account-role-shared"),
        ("6150", "Licences", (T.EXPENSE, None, "CAR"), "business-unknown-of"),
    ],
)
def test_what_no_chart_can_have(
    desk: Desk, code: str, name: str, kind: tuple[AccountType, AccountRole | None, str], wrong: str
) -> None:
    type_, role, business = kind
    before = accounts.everything(desk.office)
    with refused(wrong):
        accounts.add(desk.office, code, name, type_, role=role, business=business)
    assert accounts.everything(desk.office) == before


def test_who_may_not_keep_the_books_adds_no_account(desk: Desk) -> None:
    with refused("person-may-not-here"):
        accounts.add(desk.as_("AUD"), "6150", "Licences", T.EXPENSE)
    with refused("account-has-role"):
        accounts.give_role(desk.office, "1150", R.BANK)
    with refused("account-unknown"):
        accounts.give_role(desk.office, "9999", R.BANK)


def test_an_account_is_renamed_put_away_and_taken_up_again(desk: Desk) -> None:
    accounts.add(desk.office, "6150", "Licences", T.EXPENSE)
    assert accounts.rename(desk.office, "6150", " Licences and fees ")
    assert not accounts.rename(desk.office, "6150", "Licences and fees")
    with refused("account-name-unusable"):
        accounts.rename(desk.office, "6150", "")
    rows = [Row("6150", 40_00), Row("1170", -40_00)]
    made = journal_entries.entry(desk.office, "Licence", rows)
    (stands,) = accounts.show(desk.office, "6150").standing
    assert (stands.business, stands.currency, stands.amount) == ("MAIN", "KES", 40_00)
    with refused("account-not-empty", amount="KES 40.00"):
        accounts.archive(desk.office, "6150")
    voids.void(desk.as_("OWNER"), made.document_id, "not ours")
    accounts.archive(desk.office, "6150")
    with refused("account-archived"):
        journal_entries.entry(desk.office, "Licence", rows)
    with refused("account-archived"):
        accounts.archive(desk.office, "6150")
    with refused("account-archived"):
        accounts.give_role(desk.office, "6150", R.PETTY_CASH)
    with refused("account-role-at-work", role="bank"):
        accounts.archive(desk.office, "1170")
    accounts.restore(desk.office, "6150")
    with refused("account-not-archived"):
        accounts.restore(desk.office, "6150")
    assert desk.is_whole()
