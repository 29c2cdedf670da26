"""Products and parties are found by an index of their letters."""

import sqlalchemy as sa
from alembic import op

revision = "till_0006"
down_revision = "till_0005"
branch_labels = None
depends_on = None

_FTS = "USING fts5(words, tokenize='trigram case_sensitive 1', content='', contentless_delete=1, detail=none)"


def _folded(column: str) -> str:
    return (
        f"CASE WHEN octet_length({column}) = length({column}) THEN lower({column})"
        f" ELSE folded_letters({column}) END"
    )


def upgrade() -> None:
    """Index what is here; the triggers come with the seals."""
    there = sa.inspect(op.get_bind()).get_table_names()
    for name, table, key, columns in (
        ("found_product", "product", "product_id", ("t.name", "t.sku")),
        ("found_party", "party", "party_id", ("t.name", "t.code", "t.phone")),
    ):
        op.execute(f"CREATE VIRTUAL TABLE {name} {_FTS}")
        if table not in there:
            # A till that is made just now: the tables of both sides come after these.
            continue
        words = "' ' || " + " || ' ' || ".join(map(_folded, columns)) + " || ' '"
        op.execute(f"INSERT INTO {name} (rowid, words) SELECT t.{key}, {words} FROM {table} AS t")


def downgrade() -> None:
    """They are looked for row by row again."""
    for name in ("found_product", "found_party"):
        for verb in ("insert", "update", "delete"):
            op.execute(f"DROP TRIGGER IF EXISTS {name}_{verb}")
        op.execute(f"DROP TABLE {name}")
