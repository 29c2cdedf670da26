"""History from another system: through the checkout, once, with its own dates, and never half."""

import os
import random
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from pos_app.ledger.document import Refund, Sale
from pos_app.ledger.errors import Refused, Unavailable
from pos_app.ledger.line import TenderKind
from pos_app.store.documents import settings
from pos_app.store.engine.errors import Frozen
from pos_app.store.organisation import rights
from pos_app.store.upkeep import verification
from pos_app.till.history.history_import import HistoryImport, Imported
from tests.support.documents.specimens import ORG
from tests.support.worlds.till_fixture import CASHIER, GOOD, NO_CREDIT, OWNER, Shop

HEADER = "number,occurred_at,customer,sku,description,quantity,unit_price\n"


def imported(shop: Shop, text: str, *, strict: bool = False) -> Imported:
    shop.till.sign_in.proved(OWNER.person_id)
    path = shop.path.parent / "sales.csv"
    path.write_text(HEADER + text)
    return HistoryImport(shop.till._context).run(path, strict=strict)


def test_a_cash_sale_and_a_sale_on_account(closed_shop: Shop) -> None:
    done = imported(
        closed_shop,
        "1001,2025-03-01 09:30,,GAS13,,2,2320.00\n"
        "1001,2025-03-01 09:30,,HOSE,Hose cut to size,1.255,333.33\n"
        "1002,2025-03-02T10:00:00+00:00,C502,REG,,1,800.00\n",
    )
    assert (done.imported, done.refused, done.reasons) == (2, 0, [])
    cash, credit = closed_shop.documents()
    assert isinstance(cash, Sale)
    assert cash.occurred_at == datetime(2025, 3, 1, 6, 30, tzinfo=UTC)
    assert [line.description for line in cash.lines] == ["Gas 13 kg, refill", "Hose cut to size"]
    assert cash.total == 2 * 2320_00 + 418_33
    assert [(one.kind, one.amount, one.drawer_id) for one in cash.tenders] == [
        (TenderKind.CASH, cash.total, None)
    ]
    assert cash.shift is None
    assert cash.person_id == OWNER.person_id
    assert "1001" in cash.note
    assert isinstance(credit, Sale)
    assert credit.occurred_at == datetime(2025, 3, 2, 10, tzinfo=UTC)
    # History is exempt from the credit limit.
    assert closed_shop.owes(NO_CREDIT) == 800_00
    assert closed_shop.stock("GAS13") == -2000
    assert closed_shop.print_jobs() == []
    assert closed_shop.till.baskets.resume().lines == []
    assert closed_shop.drifts() == []


def test_cash_is_exact_whatever_the_smallest_coin(tmp_path: Path) -> None:
    shop = Shop.make(tmp_path, cash_step=100)
    assert imported(shop, "1,2025-01-01,,SOAP,,1,99.99\n").imported == 1
    (sale,) = shop.documents()
    assert isinstance(sale, Sale)
    assert (sale.total, sale.rounding, sale.tenders[0].amount) == (99_99, 0, 99_99)
    shop.database.close()


def test_returns(closed_shop: Shop) -> None:
    done = imported(
        closed_shop,
        "1,2025-01-01,C501,GAS13,,3,2320\n2,2025-01-02,C501,GAS13,,-1,2320\n"
        "3,2025-01-03,,REG,,1,850\n3,2025-01-03,,GAS6,,-1,1160\n"
        "4,2025-01-04,,REG,,1,850\n4,2025-01-04,,REG,,-1,850\n",
    )
    assert (done.imported, done.refused) == (4, 0)
    kinds = [type(document) for document in closed_shop.documents()]
    assert kinds == [Sale, Refund, Refund, Sale]
    assert closed_shop.owes(GOOD) == 2 * 2320_00
    assert closed_shop.stock("GAS13") == -2000
    assert closed_shop.drifts() == []


def test_tax_is_inclusive_as_the_file_has_it(closed_shop: Shop) -> None:
    # WASH's code puts tax on top of the price; the file's price has it inside.
    imported(closed_shop, "1,2025-01-01,,WASH,,1,290.00\n")
    (sale,) = closed_shop.documents()
    assert isinstance(sale, Sale)
    assert (sale.subtotal, sale.tax_total, sale.total) == (250_00, 40_00, 290_00)


def test_twice_changes_nothing(closed_shop: Shop) -> None:
    rows = "".join(f"{number},2025-01-0{number},,REG,,1,8{number}0\n" for number in range(1, 8))
    assert imported(closed_shop, rows).imported == 7
    before = [document.document_id for document in closed_shop.documents()]
    again = imported(closed_shop, rows)
    assert (again.imported, again.already, again.refused) == (0, 7, 0)
    assert [document.document_id for document in closed_shop.documents()] == before


def test_the_same_number_with_other_content_is_told(closed_shop: Shop) -> None:
    imported(closed_shop, "1,2025-01-01,,REG,,1,850\n")
    done = imported(closed_shop, "1,2025-01-01,,REG,,2,850\n")
    assert (done.imported, done.already, done.refused) == (0, 0, 1)
    assert "other content" in done.reasons[0].reason
    assert len(closed_shop.documents()) == 1


def test_rows_of_one_number_need_not_stand_together(closed_shop: Shop) -> None:
    done = imported(
        closed_shop, "1,2025-01-01,,REG,,1,850\n2,2025-01-01,,GAS6,,1,1160\n1,2025-01-01,,HOSE,,1,10\n"
    )
    assert done.imported == 2
    assert sorted(
        len(document.lines) for document in closed_shop.documents() if isinstance(document, Sale)
    ) == [
        1,
        2,
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("9,2025-01-01,,NOPE,,1,1", "no product “NOPE”"),
        ("9,2025-01-01,C999,REG,,1,1", "no customer “C999”"),
        ("9,2025-01-01,,REG,,x,1", "is not a number"),
        ("9,2025-01-01,,REG,,0,1", "is zero"),
        ("9,2025-01-01,,REG,,0.0001,1", "finer than a thousandth"),
        ("9,2025-01-01,,REG,,99999999,1", "cannot be right"),
        ("9,2025-01-01,,REG,,1,-5", "is negative"),
        ("9,2025-01-01,,REG,,1,1.0000005", "more decimals"),
        ("9,2025-01-01,,REG,,1,1e5", "is not a number"),
        ("9,yesterday,,REG,,1,1", "is not a date"),
        ("9,,,REG,,1,1", "is not a date"),
        ("9,1969-12-31,,REG,,1,1", "before 1970"),
        ("9,2999-01-01,,REG,,1,1", "in the future"),
        ("9,0001-01-01T00:00,,REG,,1,1", "is not a date"),
        (",2025-01-01,,REG,,1,1", "has no number"),
        ("9,2025-01-01,,REG", "4 fields"),
    ],
)
def test_a_bad_row_is_refused_with_its_reason_and_the_rest_goes_in(
    closed_shop: Shop, row: str, reason: str
) -> None:
    done = imported(closed_shop, f"1,2025-01-01,,REG,,1,850\n{row}\n2,2025-01-01,,REG,,1,850\n")
    assert (done.imported, done.refused) == (2, 1)
    assert done.reasons[0].row == 3
    assert reason in done.reasons[0].reason
    assert closed_shop.drifts() == []


def test_a_document_with_one_bad_row_is_refused_whole(closed_shop: Shop) -> None:
    done = imported(
        closed_shop, "1,2025-01-01,,REG,,1,850\n1,2025-01-01,,NOPE,,1,850\n1,2025-01-02,,REG,,1,1\n"
    )
    assert (done.imported, done.refused) == (0, 1)
    assert [(reason.row, reason.number) for reason in done.reasons] == [(2, "1"), (3, "1"), (4, "1")]
    assert "Row 3 of this document is refused" in done.reasons[0].reason
    assert "same date and customer" in done.reasons[2].reason
    assert closed_shop.documents() == []


@pytest.mark.parametrize(
    "torn", ["1,2025-01-01,,GAS6,Gas, small,1,1160", "1,2025-01-01,,GAS6", "1,,,REG,\0,1,1"]
)
def test_a_torn_row_takes_its_document_with_it(closed_shop: Shop, torn: str) -> None:
    # A comma without quotes: without that row the document would be another one.
    done = imported(closed_shop, f"1,2025-01-01,,REG,,1,850\n{torn}\n2,2025-01-01,,REG,,1,850\n")
    assert (done.imported, done.refused) == (1, 1)
    assert [(reason.row, reason.number) for reason in done.reasons] == [(2, "1"), (3, "1")]


def test_strict_imports_nothing(closed_shop: Shop) -> None:
    done = imported(closed_shop, "1,2025-01-01,,REG,,1,850\n2,2025-01-01,,NOPE,,1,850\n", strict=True)
    assert (done.imported, done.refused) == (0, 1)
    assert closed_shop.documents() == []


@pytest.mark.parametrize(
    "refused",
    ["2,2025-01-01,,REG,,1000000,1000000000000\n", "0,2025-01-01,,REG,,2,850\n"],
    ids=["a total too large", "a known number with other content"],
)
def test_strict_imports_nothing_when_only_the_recording_would_refuse(closed_shop: Shop, refused: str) -> None:
    imported(closed_shop, "0,2025-01-01,,REG,,1,850\n")
    done = imported(closed_shop, f"1,2025-01-01,,REG,,1,850\n{refused}", strict=True)
    assert (done.imported, done.refused) == (0, 1)
    assert done.reasons[0].row == 3
    assert len(closed_shop.documents()) == 1


def test_a_frozen_till_imports_nothing(closed_shop: Shop) -> None:
    with closed_shop.database.write() as connection:
        settings.put(connection, frozen="Its history forked.")
    with pytest.raises(Frozen):
        imported(closed_shop, "1,2025-01-01,,REG,,1,850\n")


def test_history_comes_before_the_first_shift_or_with_a_permit_that_is_of_this_depot(shop: Shop) -> None:
    with pytest.raises(Refused) as caught:
        imported(shop, "1,2025-01-01,,REG,,1,850\n")
    assert caught.value.said.code == "history-comes-first"
    shop.permit_history()
    assert imported(shop, "1,2025-01-01,,REG,,1,850\n").imported == 1
    for end in ("depot_id = depot_id + 1", "depot_id = depot_id - 1, valid_to_us = 1"):
        with shop.database.write() as connection:
            connection.execute(text(f"UPDATE person_role SET {end} WHERE role = 'historian'"))
            shop.till._context.rights = rights.load(connection, ORG)
        with pytest.raises(Refused):
            imported(shop, "2,2025-01-01,,REG,,1,850\n")


def test_history_is_of_who_brings_it_and_may(closed_shop: Shop) -> None:
    with pytest.raises(Refused) as caught:
        HistoryImport(closed_shop.till._context)
    assert caught.value.said.code == "nobody-signed-in"
    closed_shop.till.sign_in.proved(CASHIER.person_id)
    with pytest.raises(Refused) as caught:
        HistoryImport(closed_shop.till._context)
    assert caught.value.said.code == "person-may-not-here"


def test_an_empty_file(closed_shop: Shop) -> None:
    path = closed_shop.path.parent / "sales.csv"
    path.write_bytes(b"")
    closed_shop.till.sign_in.proved(OWNER.person_id)
    with pytest.raises(Refused):
        HistoryImport(closed_shop.till._context).run(path)
    path.unlink()
    with pytest.raises(Unavailable):
        HistoryImport(closed_shop.till._context).run(path)


_CHILD = """
import sys
from pathlib import Path
from pos_app.ledger.clock import SystemClock
from pos_app.store.engine.engine import open_sqlite
from pos_app.till.history.history_import import HistoryImport
from pos_app.till.till import Till
from tests.support.worlds.till_fixture import KEY, OWNER

till = Till(open_sqlite(Path(sys.argv[1]), KEY), SystemClock())
till.sign_in.proved(OWNER.person_id)
HistoryImport(till._context).run(Path(sys.argv[2]), progress=lambda done, total: print(done, flush=True))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no SIGKILL")
def test_kill_at_any_moment_and_again_loses_and_doubles_nothing(tmp_path: Path) -> None:
    shop = Shop.make(tmp_path)
    shop.database.close()
    rows = "".join(
        f"N{number},2025-01-{number % 28 + 1:02d},{'C501' if number % 3 else ''},REG,,1,{number + 1}\n"
        f"N{number},2025-01-{number % 28 + 1:02d},{'C501' if number % 3 else ''},GAS6,,2,{number + 1}\n"
        for number in range(300)
    )
    path = tmp_path / "sales.csv"
    path.write_text(HEADER + rows)
    command = [sys.executable, "-c", _CHILD, str(shop.path), str(path)]
    generator = random.Random(7)
    for _ in range(3):
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            for _ in range(generator.randrange(10, 80)):
                child.stdout.readline()
            time.sleep(generator.random() / 200)
            os.kill(child.pid, signal.SIGKILL)
    subprocess.run(command, check=True, capture_output=True)
    again = Shop.at(shop.path)
    assert len(again.documents()) == 300
    assert again.owes(GOOD) == sum(3 * (number + 1) * 100 for number in range(300) if number % 3)
    verdict = verification.verify(again.database, ORG, again.till.terminal_no)
    assert verdict.ok, verdict.problems
    again.database.close()
