"""The migrations make what the declarations say, on both engines, and old tills open for ever."""

import importlib
import json
import re
import shutil
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

import migrations
from pos_app.ledger import units as measures
from pos_app.ledger.chart import AccountRole
from pos_app.ledger.line import TenderKind
from pos_app.ledger.treasury import MoneyTransfer
from pos_app.ledger.units import FOUNDING
from pos_app.store.documents import used_codes
from pos_app.store.engine.engine import Database, open_sqlite
from pos_app.store.master import units
from pos_app.store.schema import schema, seal_check
from pos_app.store.upkeep import code_check, verification
from tests.conftest import TILL_KEY, prepared_till
from tests.support.documents import specimens
from tests.support.documents.specimens import ORG, account
from tests.support.documents.treasury_specimens import money_transfer
from tests.support.refused import refused
from tests.support.worlds.books import Store, void
from tests.support.worlds.office_fixture import Desk
from tests.support.worlds.till_fixture import CASHIER, GOOD, Shop

RELEASED = sorted(path.name for path in (Path(__file__).parent / "released").iterdir() if path.is_dir())


def differences(database: Database, side: str) -> list[Any]:
    with database.engine.connect() as connection:
        dialect = connection.dialect.name
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "compare_server_default": False,
                "include_object": lambda one, name, kind, *_: schema.is_compared(dialect, kind, name),
            },
        )
        # Several at once are documented, and missing from the signature.
        found: list[Any] = compare_metadata(context, schema.METADATA[side])  # type: ignore[arg-type]
        return found


def test_a_till_from_nothing_is_what_the_declarations_say(till_database: Database) -> None:
    assert differences(till_database, "till") == []


def test_a_centre_from_nothing_is_what_the_declarations_say(central: Database) -> None:
    assert differences(central, "central") == []


def test_the_tables_are_the_very_same_as_without_migrations(tmp_path: Path, till_database: Database) -> None:
    plain = open_sqlite(tmp_path / "plain.db", TILL_KEY)
    with plain.write() as connection:
        for metadata in schema.METADATA["till"]:
            metadata.create_all(connection)
    wanted = (
        "SELECT name, sql FROM sqlite_schema WHERE type IN ('table', 'index') AND name NOT LIKE 'alembic%'"
    )

    def parts(database: Database) -> dict[str, list[str]]:
        """Each object by its clauses in order of the alphabet: alembic orders constraints otherwise, and
        SQLite writes a column that came later into the line of the last one.
        """
        with database.read() as connection:
            return {
                row[0]: sorted(
                    clause.strip(" ,)\t")
                    for clause in re.split(r",\s+(?![^()]*\))|\n", str(row[1]))
                    if clause
                )
                for row in connection.execute(text(wanted))
                if row[1] and "autoindex" not in row[0]
            }

    assert parts(till_database) == parts(plain)
    plain.close()


@pytest.mark.parametrize("side", ["till", "central"])
def test_the_heads_are_the_newest_migrations(side: str) -> None:
    config = Config(migrations.folder().parent / "alembic.ini", ini_section=side)
    assert set(ScriptDirectory.from_config(config).get_heads()) == schema.HEADS[side]


def test_opening_again_reads_and_writes_nothing(till_database: Database) -> None:
    with till_database.read() as connection:
        before = connection.execute(text("PRAGMA schema_version")).scalar()
    started = time.perf_counter()
    schema.prepare_till(till_database)
    assert time.perf_counter() - started < 0.2
    with till_database.read() as connection:
        assert connection.execute(text("PRAGMA schema_version")).scalar() == before


def test_a_new_till_opens_quickly(tmp_path: Path) -> None:
    prepared_till(tmp_path, "first.db").close()
    started = time.perf_counter()
    prepared_till(tmp_path, "second.db").close()
    assert time.perf_counter() - started < 1.0


def test_two_processes_open_a_new_till_at_once(tmp_path: Path) -> None:
    trouble: list[BaseException] = []

    def work() -> None:
        try:
            # Made here and not copied: two that copy write one file.
            database = open_sqlite(tmp_path / "till.db", TILL_KEY)
            schema.prepare_till(database)
            database.close()
        except BaseException as error:  # noqa: BLE001 - the thread's error is the test's
            trouble.append(error)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert trouble == []


def test_triggers_of_another_version_are_made_anew(till_database: Database) -> None:
    with till_database.write() as connection:
        connection.exec_driver_sql("DROP TRIGGER seal_document_update")
        connection.exec_driver_sql("PRAGMA user_version = 1")
    schema.prepare_till(till_database)
    with till_database.read() as connection:
        assert list(seal_check.problems(connection)) == []


def test_a_database_of_a_newer_version_is_left_alone(till_database: Database) -> None:
    with till_database.write() as connection:
        connection.execute(
            text("UPDATE alembic_version SET version_num = 'till_9999' WHERE version_num LIKE 't%'")
        )
    with refused("database-of-newer-version"):
        schema.prepare_till(till_database)


def again(connection: Connection, revision: str) -> None:
    """Run one migration as if the database had not come to it yet; later ones stay as they are."""
    base = revision.split("_", maxsplit=1)[0]
    module = importlib.import_module(f"migrations.{base}.versions.{revision}")
    with Operations.context(MigrationContext.configure(connection)):
        module.upgrade()


def test_the_codes_of_a_shop_that_runs_are_known(till_database: Database, central: Database) -> None:
    """The first document that stands holds a code; a voided one held nothing."""
    for database in (till_database, central):
        store = Store(database)
        store.prepare()
        journal = store.journal()
        voided = journal.record_document(specimens.payment(100, TenderKind.MPESA))
        journal.record_document(void(voided))
        first = journal.record_document(specimens.payment(100, TenderKind.MPESA))
        journal.record_document(specimens.payment(100, TenderKind.MPESA))
        with database.write() as connection:
            connection.execute(text("DROP TABLE used_code"))
            again(connection, "ledger_0004")
        with database.read() as connection:
            holder = used_codes.holder(connection, ORG, "SLK4AB9Z01")
        assert holder is not None
        assert holder.document_id == first.document.document_id


def test_the_codes_of_transfers_of_before_are_known(till_database: Database, central: Database) -> None:
    """At a till by its migration; at the centre, whose documents are closed, by who opens it with the key."""
    for database in (till_database, central):
        store = Store(database)
        store.prepare()
        journal = store.journal()
        store.execute(
            "INSERT INTO account (org_id, code, name, type, role)"
            f" VALUES ({ORG}, '{account(AccountRole.MPESA)}', 'M-Pesa', 'asset', 'mpesa')"
        )
        moved = journal.record_document(transfer("SLK4AB9ZO7"))
        gone = journal.record_document(transfer("SLK4AB9Z08"))
        journal.record_document(void(gone))
        journal.record_document(transfer("SLIP 7"))
        with database.write() as connection:
            connection.execute(text("DELETE FROM used_code"))
            if database.on_till:
                again(connection, "ledger_0006")
        if not database.on_till:
            assert [one.differs for one in code_check.check(database, ORG)] == [True, False, False]
            assert sum(one.differs for one in code_check.check(database, ORG, mend=True)) == 1
        with database.read() as connection:
            holders = [used_codes.holder(connection, ORG, f"SLK4AB9Z0{last}") for last in (7, 8)]
        assert [holder and holder.document_id for holder in holders] == [moved.document.document_id, None]
        assert not any(one.differs for one in code_check.check(database, ORG))


def transfer(reference: str) -> MoneyTransfer:
    return money_transfer(100, reference=reference, from_account=account(AccountRole.MPESA), from_drawer=None)


def test_shops_that_run_get_somebody_who_answers_for_dates(central: Database) -> None:
    desk = Desk.make(central)
    with central.write() as connection:
        connection.execute(text("UPDATE role_permission SET permission = 'x' WHERE permission = 'backdate'"))
        again(connection, "ledger_0003")
    with central.read() as connection:
        held = connection.execute(
            text(
                "SELECT role, valid_from_us, stamp > 0 FROM role_permission"
                " WHERE org_id = :org AND permission = 'backdate' ORDER BY role"
            ),
            {"org": desk.org_id},
        ).all()
    assert [tuple(row) for row in held] == [("accountant", 0, True), ("manager", 0, True), ("owner", 0, True)]


def test_owners_of_shops_that_run_can_draw_at_a_till(central: Database) -> None:
    desk = Desk.make(central)
    with central.write() as connection:
        connection.execute(text("UPDATE account SET role = NULL WHERE code = '3200'"))
        again(connection, "central_0015")
    with central.read() as connection:
        held = connection.execute(
            text("SELECT code, stamp > 0 FROM account WHERE org_id = :org AND role = 'drawings'"),
            {"org": desk.org_id},
        ).all()
    assert [tuple(row) for row in held] == [("3200", True)]


def test_banks_of_shops_that_run_pay_on_and_safes_are_judged(
    till_database: Database, central: Database
) -> None:
    for database in (till_database, central):
        with database.write() as connection:
            for code, kind, role in (
                ("1150", "asset", "'safe'"),
                ("1170", "asset", "'bank'"),
                ("1171", "asset", "NULL"),
                ("2990", "liability", "NULL"),
            ):
                connection.execute(
                    text(
                        "INSERT INTO account (org_id, code, name, type, role)"
                        f" VALUES ({ORG}, '{code}', 'A', '{kind}', {role})"
                    )
                )
            connection.execute(text("ALTER TABLE account DROP COLUMN may_overdraw"))
            again(connection, "ledger_0014")
        with database.read() as connection:
            lend = connection.scalars(
                text("SELECT code FROM account WHERE may_overdraw = 1 ORDER BY code")
            ).all()
        assert lend == ["1170", "1171"]


@pytest.mark.parametrize("version", RELEASED)
def test_a_till_of_a_released_version_opens_verifies_and_sells(version: str, tmp_path: Path) -> None:
    folder = Path(__file__).parent / "released" / version
    expected = json.loads((folder / "expected.json").read_text())
    shutil.copyfile(folder / "till.db", tmp_path / "till.db")
    database = open_sqlite(tmp_path / "till.db", (folder / "till.key").read_bytes())
    schema.prepare_till(database)
    database.close()
    shop = Shop.at(tmp_path / "till.db")
    verdict = verification.verify(shop.database, ORG, shop.till.terminal_no)
    assert verdict.problems == []
    assert verdict.documents == expected["documents"]
    assert (shop.cash(), shop.owes(GOOD), shop.stock("GAS13")) == (
        expected["cash"],
        expected["owes"],
        expected["gas13"],
    )
    shop.be(CASHIER)
    assert [line.sku for line in shop.till.baskets.resume().lines] == ["SOAP"]
    shop.sell("REG")
    assert len(shop.documents()) == expected["documents"] + 1
    shop.database.close()


def test_products_of_before_get_the_type_that_their_marks_tell(
    till_database: Database, central: Database
) -> None:
    rows = {
        1: ("A", "Gas", "pc", 1, "goods"),
        2: ("DEPOSIT", "Gas", "pc", 0, "deposit"),
        3: ("VOUCHER", "", "pc", 0, "voucher"),
        4: ("A", "Laundry", "kg", 0, "laundry"),
        5: ("A", "Repairs", "pc", 0, "service"),
        6: ("E", "Food", "KG", 1, "weighed"),
    }
    for database in (till_database, central):
        store = Store(database)
        store.prepare()
        with database.write() as connection:
            connection.execute(text("DELETE FROM product"))
            for key, (tax_code, category, unit, stocked, _) in rows.items():
                connection.execute(
                    text(
                        "INSERT INTO product (org_id, product_id, sku, name, price, tax_code, category, unit,"
                        " business_id, stocked) VALUES (:org, :key, CAST(:key AS TEXT), 'x', 1, :tax,"
                        " :category, :unit, 1, :stocked)"
                    ),
                    {"org": ORG, "key": key, "tax": tax_code, "category": category, "unit": unit,
                     "stocked": stocked},
                )  # fmt: skip
            connection.execute(text("ALTER TABLE product DROP COLUMN type"))
            connection.execute(text("DROP TABLE returnable_pair"))
            again(connection, "ledger_0019")
        with database.read() as connection:
            found = connection.execute(text("SELECT product_id, type FROM product")).all()
        assert {int(key): type_ for key, type_ in found} == {key: row[-1] for key, row in rows.items()}


def test_units_of_before_get_rows_and_nothing_is_lost(till_database: Database, central: Database) -> None:
    words = {1: "pc", 2: "KG", 3: "ndoo kubwa", 4: "Bale", 5: "bale", 6: "kilo", 7: ""}
    for database in (till_database, central):
        Store(database).prepare()
        with database.write() as connection:
            connection.execute(text("DELETE FROM product"))
            connection.execute(
                text(
                    "INSERT INTO organisation (org_id, organisation_id, name, base_currency, time_zone,"
                    " cash_step) VALUES (:org, :org, 'x', 'KES', 'UTC', 1) ON CONFLICT DO NOTHING"
                ),
                {"org": ORG},
            )
            for key, unit in words.items():
                connection.execute(
                    text(
                        "INSERT INTO product (org_id, product_id, sku, name, price, tax_code, category, unit,"
                        " business_id) VALUES (:org, :key, CAST(:key AS TEXT), 'x', 1, 'A', '', :unit, 1)"
                    ),
                    {"org": ORG, "key": key, "unit": unit},
                )
            connection.execute(text("DROP TABLE unit"))
            connection.execute(text("DROP TABLE product_pack"))
            again(connection, "ledger_0029")
        with database.read() as connection:
            kept = connection.execute(text("SELECT product_id, unit FROM product")).all()
            found = units.all_of(connection, ORG)
        assert {int(key): unit for key, unit in kept} == words
        if database is till_database:
            # The feed brings them.
            assert found == {}
            continue
        known = {one.code for one in FOUNDING}
        own = {code: one for code, one in found.items() if code not in known}
        # Two that differ by their case alone are one.
        assert sorted(one.word.lower() for one in own.values()) == ["bale", "kilo", "ndoo kubwa"]
        for one in FOUNDING:
            # What is counted in already is typed as finely as before.
            decimals = 3 if one.code in ("C62", "KGM") else one.decimals
            assert found[one.code] == one._replace(decimals=decimals)
        assert all(measures.named(found, word) is not None for word in words.values() if word)
        assert {one.decimals for one in own.values()} == {3}
