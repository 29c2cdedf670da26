"""A barcode is on one thing, at the centre: on a product or on a pack, whoever writes the row.

Who scans twelve for one, or one for twelve, has the stock wrong by eleven and does not see it.  Each table
keeps to itself by its key; that neither has what the other has is looked up as rows are written, once a
statement.  At a till rows come table by table, so that both may hold one for a moment there: the product is
found first.
"""

from typing import Final

from pos_app.store.schema import tenancy

_TWICE: Final = "a barcode is on a product and on a pack"
#: Of each table: when a row of it holds its barcode.
_HELD: Final = {"product_barcode": "{row}.product_id <> 0", "pack_barcode": "{row}.active = 1"}


def statements() -> list[str]:
    """The functions and triggers of both tables."""
    first, second = _HELD
    return [*_seal(first, second), *_seal(second, first)]


def _seal(table: str, other: str) -> list[str]:
    made = [
        f"CREATE FUNCTION seal_{table}_once() RETURNS trigger LANGUAGE plpgsql {tenancy.PINNED} AS $$\n"
        "BEGIN\n"
        f"  IF EXISTS (SELECT 1 FROM new_rows n JOIN {other} o ON o.org_id = n.org_id\n"
        f"      AND o.barcode = n.barcode WHERE {_HELD[table].format(row='n')}\n"
        f"      AND {_HELD[other].format(row='o')}) THEN\n"
        f"    RAISE EXCEPTION '{_TWICE}' USING ERRCODE = 'unique_violation';\n"
        "  END IF;\n"
        "  RETURN NULL;\n"
        "END $$"
    ]
    return made + [
        f"CREATE TRIGGER seal_{table}_{event.lower()} AFTER {event} ON {table} "
        f"REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION seal_{table}_once()"
        for event in ("INSERT", "UPDATE")
    ]
