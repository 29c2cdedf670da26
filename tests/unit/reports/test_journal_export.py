"""The exported journal of a till's morning, judged by hledger and beancount: whole, and its balances ours.

Random books in every currency: `tests/contract/test_oracles.py`.
"""

import csv
import io
import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from pos_app.ledger.currency import currency
from pos_app.ledger.posting import rules as posting_rules
from pos_app.reports.journals import beancount_export, hledger_export
from pos_app.reports.journals.beancount_export import beancount
from pos_app.reports.journals.hledger_export import hledger
from pos_app.reports.journals.journal_export import View, money_text, rows
from pos_app.store.documents import journal_read
from pos_app.store.documents.journal_read import AccountName
from pos_app.store.master import organisations
from pos_app.store.master.organisations import Organisation
from tests.support.documents.specimens import ORG
from tests.support.oracle.judges import Beancount, Hledger
from tests.support.worlds.till_fixture import CASHIER, GOOD, MANAGER, Shop

JUDGES: Final[dict[str, tuple[Any, Any]]] = {
    "hledger": (Hledger, hledger),
    "beancount": (Beancount, beancount),
}


@pytest.fixture
def traded(tmp_path: Path) -> Shop:
    """A morning: sales over three businesses, on account, a refund, a payment, a void, a close."""
    shop = Shop.make(tmp_path, cash_step=100)
    shop.be(CASHIER)
    shop.open_drawer()
    shop.sell("GAS13", "WATER20", "WASH", "SOAP")
    shop.sell_on_account(GOOD, "GAS13", "BOTTLE20")
    voided = shop.sell("REG")
    shop.be(MANAGER)
    shop.till.voids.void(voided.document_id, "wrong; goods: returned")
    with shop.database.write() as connection:
        connection.execute(text("UPDATE account SET name = 'Cash;  till: no | 1' WHERE role = 'cash'"))
        connection.execute(text("UPDATE party SET name = 'Njeri; (Hotel)  | \"x\" \\ '"))
        # Two codes that a format writes alike.
        connection.execute(text("UPDATE account SET code = '6910:', name = '' WHERE code = '6910'"))
        connection.execute(text("UPDATE account SET code = '6910;', name = '' WHERE code = '6900'"))
    return shop


def organisation(shop: Shop) -> Organisation:
    with shop.database.read() as connection:
        found = organisations.get(connection, ORG)
    assert found is not None
    return found


def balances_of(shop: Shop) -> dict[str, Decimal]:
    with shop.database.read() as connection:
        found = connection.execute(
            text("SELECT account_code, SUM(amount) FROM account_balance GROUP BY account_code")
        )
        return {row[0]: Decimal(int(row[1])).scaleb(-2) for row in found if int(row[1])}


def judged(shop: Shop, program: str, folder: Path, view: View = View.ORIGINAL) -> Any:
    judge, write = JUDGES[program]
    path = folder / "books.journal"
    path.write_text("".join(write(shop.database, organisation(shop), view)), encoding="utf-8")
    return judge(path)


@pytest.mark.parametrize("view", View)
@pytest.mark.parametrize("program", JUDGES)
def test_a_judge_agrees(traded: Shop, tmp_path: Path, program: str, view: View) -> None:
    found = judged(traded, program, tmp_path, view)
    assert found.accounts() == {(code, "KES"): amount for code, amount in balances_of(traded).items()}
    owed = Decimal(traded.owes(GOOD)).scaleb(-2)
    assert found.parties(["customer"]) == {("customer", str(GOOD.party_id), "KES"): owed}
    assert found.documents() == {str(one.document_id) for one in traded.documents()}


#: Names of real flats and blocks beside whatever Hypothesis thinks of.
NAMES: Final = st.sampled_from(
    [
        "Block [4-5]",
        "Flat [20.5]",
        "[2026-01-31]",
        "[=4/5]",
        "date:2026-01-01",
        "a, date:4/5",
        "(x)",
        "* ! ; #",
        "1,000 KES",
    ]
) | st.text(max_size=30)


@pytest.mark.parametrize("program", JUDGES)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_name_is_only_a_name_to_the_program(
    traded: Shop, tmp_path: Path, program: str, data: st.DataObject
) -> None:
    """No name of a party, an account or a business moves a posting, an amount or a day."""
    with traded.database.write() as connection:
        for table, column in (("party", "code"), ("business", "code")):
            # What no person can enter stays out; codes are told apart by their number.
            code = data.draw(NAMES).replace("\x00", "")
            connection.execute(text(f"UPDATE {table} SET {column} = :code || {table}_id"), {"code": code})
        for table in ("party", "account"):
            name = data.draw(NAMES).replace("\x00", "")
            connection.execute(text(f"UPDATE {table} SET name = :name"), {"name": name})
    found = judged(traded, program, tmp_path)
    assert found.accounts() == {(code, "KES"): amount for code, amount in balances_of(traded).items()}
    assert found.documents() == {str(one.document_id) for one in traded.documents()}
    assert found.days() == {traded.clock.now().date()}


def test_csv_sums_to_the_same(traded: Shop) -> None:
    read = csv.DictReader(io.StringIO("".join(rows(traded.database, organisation(traded)))))
    sums: dict[str, Decimal] = {}
    for row in read:
        sums[row["account"]] = sums.get(row["account"], Decimal()) + Decimal(row["amount"])
    assert {code: amount for code, amount in sums.items() if amount} == balances_of(traded)


@pytest.mark.parametrize("program", JUDGES)
def test_an_empty_journal_is_a_journal(tmp_path: Path, program: str) -> None:
    found = judged(Shop.make(tmp_path), program, tmp_path)
    assert (found.accounts(), found.documents()) == ({}, set())


def test_what_a_view_does_not_show_is_told_beside_it(traded: Shop) -> None:
    """Every line of a dollar sale has the shillings beside it, and the other way round."""
    from tests.support.documents.specimens import Item, sale

    document = sale(Item(1_001, code="Z"), currency="USD", rate_micro=129_550_000)
    traded.till._context.journal.record_document(document)
    for view in View:
        text_ = "".join(beancount(traded.database, organisation(traded), view))
        shown, beside = {
            View.ORIGINAL: ("10.01 USD", "base: 1296.80 KES"),
            View.BASE: ("1296.80 KES", "original: 10.01 USD"),
        }[view]
        assert f"  {shown}\n" in text_
        assert f"    {beside}\n" in text_
    # Each line with its own, whatever its sign.
    wanted = [
        (money_text(one.amount, currency("USD")), money_text(one.base_amount, currency("KES")))
        for one in posting_rules.post(document).lines
    ]
    for view, names in ((View.ORIGINAL, "base"), (View.BASE, "original")):
        pairs = sorted(wanted if view is View.ORIGINAL else [(base, own) for own, base in wanted])
        money = re.escape(pairs[0][0][-3:]), re.escape(pairs[0][1][-3:])
        line = rf"  (-?[\d.]+ {money[0]})  ; [^\n]*{names}:(-?[\d.]+ {money[1]})"
        assert (
            sorted(re.findall(line, "".join(hledger(traded.database, organisation(traded), view)))) == pairs
        )
        line = rf"  (-?[\d.]+ {money[0]})\n    business: [^\n]*\n    {names}: (-?[\d.]+ {money[1]})"
        assert (
            sorted(re.findall(line, "".join(beancount(traded.database, organisation(traded), view)))) == pairs
        )
    journal = "".join(hledger(traded.database, organisation(traded)))
    assert "10.01 USD  ; business:B1, base:1296.80 KES" in journal
    assert "commodity 1000.00 USD" in journal
    assert "USD" not in "".join(
        line.partition(";")[0] for line in hledger(traded.database, organisation(traded), View.BASE)
    )


def test_every_row_has_both_amounts_on_the_day_of_the_shop(traded: Shop) -> None:
    """A dollar sale half an hour after midnight in Nairobi."""
    from tests.support.documents.specimens import Item, sale

    night = traded.clock.now().replace(hour=21, minute=30) - traded.clock.now()
    traded.clock.advance(night if night > timedelta() else night + timedelta(days=1))
    at = traded.clock.now()
    draft = sale(Item(1_001, code="Z"), currency="USD", rate_micro=129_550_000, occurred_at=at)
    sealed = traded.till._context.journal.record_document(draft)
    read = list(csv.DictReader(io.StringIO("".join(rows(traded.database, organisation(traded))))))
    own = [row for row in read if row["document"] == str(sealed.document.document_id)]
    wanted = [
        (money_text(one.amount, currency("USD")), money_text(one.base_amount, currency("KES")))
        for one in sealed.posting.lines
    ]
    found = [
        (f"{row['amount']} {row['currency']}", f"{row['base_amount']} {row['base_currency']}") for row in own
    ]
    assert sorted(found) == sorted(wanted)
    day = f"{(at + timedelta(hours=3)):%Y-%m-%d}"
    assert {row["date"] for row in own} == {day}
    assert f"{at:%Y-%m-%d}" != day
    for write in (beancount, hledger):
        whole = "".join(write(traded.database, organisation(traded)))
        assert f"\n{day} " in whole


def test_a_comma_ends_no_tag(traded: Shop) -> None:
    with traded.database.write() as connection:
        connection.execute(text("UPDATE business SET code = 'Gas, retail' WHERE business_id = 1"))
    journal = "".join(hledger(traded.database, organisation(traded)))
    assert "business:Gas  retail" in journal
    assert "Gas, retail" not in journal


def test_every_script_can_be_an_account(tmp_path: Path) -> None:
    """A name in letters without capitals, one of signs only, and a type that nobody knows."""
    names = [
        beancount_export.account_name(AccountName(*one))
        for one in (
            ("1110", "Cash, LPG & retail", "asset"),
            ("৭", "নগদ", "asset"),
            ("x", "—", "income"),
            ("水", "", ""),
        )
    ]
    assert names == ["Assets:1110-Cash-LPG-retail", "Assets:৭-নগদ", "Income:A-x", "Equity:A-水"]
    path = tmp_path / "names.beancount"
    path.write_text("".join(f"1970-01-01 open {name}\n" for name in names), encoding="utf-8")
    assert Beancount(path).accounts() == {}
    assert hledger_export.account_name(AccountName("1", "a;b|c:d  e", "expense")) == "expenses:1 a b c d e"


def test_amounts_are_written_with_the_decimals_of_their_currency() -> None:
    said = [money_text(-1_250, currency(code)) for code in ("KES", "UGX", "KWD")]
    assert said == ["-12.50 KES", "-1250 UGX", "-1.250 KWD"]


def test_a_line_knows_its_party_and_capacity(traded: Shop) -> None:
    lines = [line for one in journal_read.transactions(traded.database, ORG) for line in one.lines]
    assert {(line.party, line.party_role, line.party_id) for line in lines} == {
        ("", "", None),
        (GOOD.code, "customer", GOOD.party_id),
    }
