"""Writes the first migration of each base from the declarations, as plain `op.create_table` calls.

`python -m tests.migrations.freeze_first && python -m tests.migrations.make_released`, whenever a
table changes before 0.1.0 is released.  After that every change is a migration of its own (see
`migrations/env.py`) and this file goes.
"""

import re
import subprocess
import sys
from typing import Any, Final

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext
from sqlalchemy import BigInteger, MetaData, create_engine

import migrations
from pos_app.store.schema import schema
from pos_app.store.tables.columns import Moment

_BASES: Final[dict[str, tuple[MetaData, str]]] = {
    "ledger": (
        schema.METADATA["till"][0],
        "The ledger, its projections, master data, audit log; both engines.",
    ),
    "till": (schema.METADATA["till"][1], "What only a till has: settings, drafts, print spool, baselines."),
    "central": (schema.METADATA["central"][1], "What only the centre has: terminals, enrolment, quarantine."),
}
_TEMPLATE: Final = '''"""{title}

Frozen: says what version 0.1.0 had, whatever the declarations say today.
"""

import sqlalchemy as sa
from alembic import op
{imports}from sqlalchemy.dialects.sqlite import INTEGER

revision = "{base}_0001"
down_revision = None
branch_labels = ("{base}",)
depends_on = None

INT = sa.BigInteger().with_variant(INTEGER(), "sqlite")
#: Microseconds since 1970 on SQLite, timestamptz on Postgres.
MOMENT = sa.DateTime(timezone=True).with_variant(INTEGER(), "sqlite")


def upgrade() -> None:
    """Make the tables of version 0.1.0."""
{upgrade}


def downgrade() -> None:
    """Drop them: only an empty database is ever taken back so far."""
{downgrade}
'''


def _item(kind: str, one: Any, _: Any) -> Any:
    if kind == "type" and isinstance(one, Moment):
        return "MOMENT"
    return "INT" if kind == "type" and isinstance(one, BigInteger) else False


def _upgrade(metadata: MetaData) -> str:
    options = {"target_metadata": metadata, "render_item": _item}
    with create_engine("sqlite://").connect() as connection:
        context = MigrationContext.configure(connection, opts=options)
        operations = produce_migrations(context, metadata).upgrade_ops
        assert operations is not None
        code = render_python_code(operations, render_item=_item)
    code = "\n".join(line for line in code.splitlines() if not line.strip().startswith("# ###"))
    code = re.sub(r"op\.f\(('[^']*')\)", r"\1", code)
    code = code.replace("ARRAY(BigInteger())", "ARRAY(sa.BigInteger())")
    code = re.sub(r"(sa\.ForeignKeyConstraint\(.*?deferrable=True\)),", r'\1.ddl_if(dialect="sqlite"),', code)
    for name, engine in schema.indexes_of_one_engine().items():
        code = re.sub(
            rf"^    (op\.create_index\('{name}'.*)$",
            rf"""    if op.get_bind().dialect.name == "{engine}":\n        \1""",
            code,
            flags=re.M,
        )
    return code.rstrip()


def main() -> None:
    """Write the three files."""
    for base, (metadata, title) in _BASES.items():
        upgrade = _upgrade(metadata)
        names = re.findall(r"op\.create_table\('(\w+)'", upgrade)
        array = "from sqlalchemy.dialects import postgresql\n" if "postgresql.ARRAY" in upgrade else ""
        drops = "\n".join(f'    op.drop_table("{name}")' for name in reversed(names))
        path = migrations.folder() / base / "versions" / f"{base}_0001.py"
        path.write_text(
            _TEMPLATE.format(title=title, base=base, imports=array, upgrade=upgrade, downgrade=drops)
        )
        ruff = [
            sys.executable,
            "-m",
            "ruff",
            "format",
            "--quiet",
            "--isolated",
            "--line-length=110",
            str(path),
        ]
        subprocess.run(ruff, check=True)


if __name__ == "__main__":
    main()
