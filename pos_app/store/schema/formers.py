"""Triggers at the centre that keep what master data said before a change, by whatever path it comes."""

from pos_app.store.tables.former_table import FORMERS, Former
from pos_app.store.tables.tables import ledger_metadata


def statements() -> list[str]:
    """A function and a trigger for each table that is kept."""
    kept = [statement for subject, former in FORMERS.items() for statement in _kept(subject, former)]
    first = [(subject, former) for subject, former in FORMERS.items() if former.before_first]
    return kept + [statement for subject, former in first for statement in _begun(subject, former)]


def _begun(subject: str, former: Former) -> list[str]:
    """The same of the first row, where that ends something."""
    name = f"seal_former_{subject}_begun"
    return [
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$\n"
        "BEGIN\n"
        "  INSERT INTO former_term (org_id, subject, code, of_id, with_id, until_us, amount, fine,\n"
        "    tax_code, active)\n"
        f"  SELECT o.org_id, '{subject}', {former.code}, {former.of_id}, {former.with_id},\n"
        f"    (extract(epoch FROM now()) * 1000000)::bigint, {former.before_first}, 0, '', 1\n"
        "  FROM new_rows o ON CONFLICT DO NOTHING;\n"
        "  RETURN NULL;\n"
        "END $$",
        f"CREATE TRIGGER {name} AFTER INSERT ON {former.table} "
        f"REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION {name}()",
    ]


def _kept(subject: str, former: Former) -> list[str]:
    name = f"seal_former_{subject}"
    table = ledger_metadata.tables[former.table]
    keys = " AND ".join(f"o.{column.name} = n.{column.name}" for column in table.primary_key)
    old = ", ".join(former.values)
    new = ", ".join(f"n.{value.removeprefix('o.')}" for value in former.values)
    return [
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql\n"
        "SET enable_nestloop = off AS $$\n"
        "BEGIN\n"
        "  INSERT INTO former_term (org_id, subject, code, of_id, with_id, until_us, amount, fine,\n"
        "    tax_code, active)\n"
        f"  SELECT o.org_id, '{subject}', {former.code}, {former.of_id}, {former.with_id},\n"
        f"    (extract(epoch FROM now()) * 1000000)::bigint, {former.amount}, {former.fine},\n"
        f"    {former.tax_code}, {former.active}\n"
        f"  FROM old_rows o JOIN new_rows n ON {keys}\n"
        f"  WHERE ({old}) IS DISTINCT FROM ({new})\n"
        # Twice in one transaction: nobody else ever saw what was between.
        "  ON CONFLICT DO NOTHING;\n"
        "  RETURN NULL;\n"
        "END $$",
        f"CREATE TRIGGER {name} AFTER UPDATE ON {former.table} "
        "REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()",
    ]
