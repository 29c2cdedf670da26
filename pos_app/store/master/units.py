"""Units of measure as rows: all of them, and which products are counted in each."""

from collections.abc import Iterable

from sqlalchemy import Connection, text

from pos_app.ledger.units import FOUNDING, Unit
from pos_app.store.engine.engine import quick
from pos_app.store.tables.unit_tables import unit

_COLUMNS = "code, word, name, local_name, decimals, of_code, factor_nano, active"


def all_of(connection: Connection, org_id: int) -> dict[str, Unit]:
    """Every unit by its code, archived ones too; none where the centre has not told of any yet."""
    rows = quick(connection, f"SELECT {_COLUMNS} FROM unit WHERE org_id = ? ORDER BY code", org_id)
    return {
        row[0]: Unit(row[0], row[1], row[2], row[3], int(row[4]), row[5], int(row[6]), int(row[7]))
        for row in rows.fetchall()
    }


def add(connection: Connection, org_id: int, units: Iterable[Unit]) -> None:
    """Add units, whose codes are new."""
    connection.execute(unit.insert(), [{"org_id": org_id, **one._asdict()} for one in units])


def found(connection: Connection, org_id: int) -> None:
    """Give a new organisation the units that every shop begins with."""
    add(connection, org_id, FOUNDING)


def counted_in(connection: Connection, org_id: int) -> dict[str, int]:
    """How many products that are sold are counted in each word, by the word in small letters."""
    rows = connection.execute(
        text(
            "SELECT lower(unit), count(*) FROM product WHERE org_id = :org AND active = 1"
            " GROUP BY lower(unit)"
        ),
        {"org": org_id},
    )
    return {str(row[0]): int(row[1]) for row in rows}


def packed_in(connection: Connection, org_id: int, code: str) -> int:
    """How many products are packed in a unit."""
    return int(
        connection.execute(
            text(
                "SELECT count(*) FROM product_pack WHERE org_id = :org AND unit_code = :code AND active = 1"
            ),
            {"org": org_id, "code": code},
        ).scalar_one()
    )
