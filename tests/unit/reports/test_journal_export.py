"""The exported journal, judged by hledger: it is whole, and its balances are ours."""

import csv
import io
import os
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import text

from pos_app.reports import journal_export
from pos_app.store import organisations
from pos_app.store.organisations import Organisation
from tests.specimens import ORG
from tests.till_fixture import CASHIER, GOOD, MANAGER, Shop


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
        connection.execute(text("UPDATE party SET name = 'Njeri; (Hotel)  | \"x\"'"))
    return shop


def organisation(shop: Shop) -> Organisation:
    with shop.database.read() as connection:
        found = organisations.get(connection, ORG)
    assert found is not None
    return found


def hledger(*arguments: str) -> str:
    program = shutil.which("hledger")
    if program is None:
        if os.environ.get("BOHARI_REQUIRE_HLEDGER"):
            pytest.fail("hledger is required and is not installed")
        pytest.skip("hledger is not installed")
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def balances_of(shop: Shop) -> dict[str, Decimal]:
    with shop.database.read() as connection:
        rows = connection.execute(
            text("SELECT account_code, SUM(amount) FROM account_balance GROUP BY account_code")
        )
        return {row[0]: Decimal(int(row[1])).scaleb(-2) for row in rows if int(row[1])}


def test_hledger_agrees(traded: Shop, tmp_path: Path) -> None:
    path = tmp_path / "books.journal"
    path.write_text("".join(journal_export.hledger(traded.database, organisation(traded))))
    hledger("-f", str(path), "check")
    hledger("-f", str(path), "check", "--strict")
    rows = csv.reader(io.StringIO(hledger("-f", str(path), "bal", "-N", "--flat", "-O", "csv")))
    found = {}
    for account, amount in list(rows)[1:]:
        code = account.partition(":")[2].partition(" ")[0]
        found[code] = Decimal(amount.removesuffix(" KES"))
    assert found == balances_of(traded)
    one_customer = hledger("-f", str(path), "bal", "tag:party=^C501$", "-N", "-O", "csv")
    assert f"{Decimal(traded.owes(GOOD)).scaleb(-2)} KES" in one_customer
    printed = hledger("-f", str(path), "print", "-O", "csv")
    documents = [document for document in traded.documents() if document.document_id]
    codes = {row["code"] for row in csv.DictReader(io.StringIO(printed))}
    assert len(codes) == len(documents)


def test_csv_sums_to_the_same(traded: Shop) -> None:
    rows = csv.DictReader(io.StringIO("".join(journal_export.rows(traded.database, organisation(traded)))))
    sums: dict[str, Decimal] = {}
    for row in rows:
        sums[row["account"]] = sums.get(row["account"], Decimal()) + Decimal(row["amount"])
    assert {code: amount for code, amount in sums.items() if amount} == balances_of(traded)


def test_an_empty_journal_is_a_journal(tmp_path: Path) -> None:
    shop = Shop.make(tmp_path)
    path = tmp_path / "empty.journal"
    path.write_text("".join(journal_export.hledger(shop.database, organisation(shop))))
    hledger("-f", str(path), "check")
