"""The catalogue itself: every key leads with `org_id`, so that tables can be distributed by it."""

import re
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import text

from pos_app.store.engine.engine import Database
from pos_app.store.schema import partitions, schema, seals_centre, tenancy
from pos_app.store.tables.tables import BY_YEAR
from tests.support.documents.specimens import MOMENT

#: Tables that hold no organisation's rows, and why they may not need to.
WITHOUT_ORGANISATION: Final = {
    "alembic_version": "the version of this database",
    "server_epoch": "one row: the life of this database, which restores together",
    "privacy_check": "one row: which key this database was written with",
    "tenant_key": "one row: the key of proofs, which only the owner reads",
    "directory": "read before the organisation is known; its labels are unique over all",
}
DISTRIBUTION: Final = Path(__file__).parents[2] / "packaging" / "distribution.md"


def test_every_key_begins_with_the_organisation(central: Database) -> None:
    with central.read() as connection:
        keys = connection.execute(
            text(
                "SELECT c.relname, i.indexrelid::regclass::text,"
                " (SELECT attname FROM pg_attribute WHERE attrelid = c.oid AND attnum = i.indkey[0])"
                " FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid"
                " WHERE c.relnamespace = 'public'::regnamespace AND i.indisunique"
            )
        ).all()
        foreign = connection.execute(
            text(
                "SELECT conrelid::regclass::text, conname,"
                " (SELECT attname FROM pg_attribute WHERE attrelid = conrelid AND attnum = conkey[1])"
                " FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace"
            )
        ).all()
    assert len(keys) > 40
    wrong = [
        f"{table}: {name} begins with {first}"
        for table, name, first in (*keys, *foreign)
        if first != "org_id" and table not in WITHOUT_ORGANISATION
    ]
    assert wrong == []


def test_every_table_is_an_organisations_or_argued_for(central: Database) -> None:
    with central.read() as connection:
        without = connection.scalars(
            text(
                "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace"
                " AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND NOT EXISTS ("
                "SELECT 1 FROM pg_attribute WHERE attrelid = c.oid AND attname = 'org_id')"
            )
        ).all()
    assert set(without) == set(WITHOUT_ORGANISATION)


def test_a_tills_keys_begin_with_it_too() -> None:
    for metadata in schema.METADATA["till"][:1]:
        for table in metadata.sorted_tables:
            assert next(iter(table.primary_key)).name == "org_id", table.name


def test_the_page_on_distribution_names_every_table() -> None:
    """As a statement, so that who follows it forgets none."""
    page = DISTRIBUTION.read_text()
    stated = re.findall(r"create_distributed_table\('(\w+)', 'org_id'", page)
    said = set(stated)
    assert len(stated) == len(said), "a statement that is there twice fails the second time"
    wanted = {table.name for table in tenancy.tenant_tables()}
    assert wanted - said == set()
    assert said - wanted == set()
    for name in WITHOUT_ORGANISATION:
        assert name in page


# --- partitions -------------------------------------------------------------------------------------


def test_the_server_makes_next_years_partitions(central: Database) -> None:
    in_2031 = MOMENT.replace(year=2031)
    with central.read() as connection:
        absent = partitions.missing(connection, partitions.wanted(in_2031))
    assert len(absent) == 3 * len(BY_YEAR)
    assert partitions.make_ahead(central, in_2031) == absent
    assert partitions.make_ahead(central, in_2031) == []


@pytest.mark.parametrize("table", [table.name for table in BY_YEAR])
def test_a_partition_is_made_beside_readers_and_writers(central: Database, table: str) -> None:
    """Whoever reads or writes the table at that moment is not locked out, nor locks us out."""
    with central.engine.connect() as busy:
        busy.execute(text(f"LOCK TABLE {table} IN ROW EXCLUSIVE MODE"))
        with central.write() as connection:
            connection.execute(text("SET LOCAL lock_timeout = '2s'"))
            seals_centre.make_year(connection, 2041)
        busy.rollback()


def test_a_new_partition_has_every_index_and_seal_of_its_table(central: Database) -> None:
    from pos_app.store.schema import seal_check

    with central.write() as connection:
        seals_centre.make_year(connection, 2041)
    with central.read() as connection:
        assert list(seal_check.problems(connection)) == []
        for table in BY_YEAR:
            counts = connection.execute(
                text(
                    "SELECT (SELECT count(*) FROM pg_index WHERE indrelid = CAST(:whole AS regclass)),"
                    " (SELECT count(*) FROM pg_index WHERE indrelid = CAST(:part AS regclass) AND indisvalid)"
                ),
                {"whole": table.name, "part": f"{table.name}_2041"},
            ).one()
            assert counts[0] == counts[1], table.name
