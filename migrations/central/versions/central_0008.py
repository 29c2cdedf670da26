"""What prices, agreements and limits said before, as far as the audit log knows it.

Frozen: how the audit log names and keeps a change on the day of this migration.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import text

revision = "central_0008"
down_revision = "central_0007"
branch_labels = None
depends_on = None

_UNTIL = "(extract(epoch FROM a.at) * 1000000)::bigint"


def _value(name: str) -> str:
    return f"coalesce((a.before::jsonb ->> '{name}')::bigint, n.{name})"


#: Subject, table, what the log calls a row of it, and code, of_id, with_id, amount, fine, tax_code, active.
_KEPT = (
    (
        "price",
        "product",
        "n.sku",
        f"'', n.product_id, 0, {_value('price')}, {_value('price_fine')},"
        " coalesce(a.before::jsonb ->> 'tax_code', n.tax_code), 1",
    ),
    (
        "agreed",
        "contract_rate",
        "n.party_id || ' ' || n.product_id",
        f"'', n.party_id, n.product_id, {_value('price')}, {_value('price_fine')}, '', {_value('active')}",
    ),
    (
        "limit",
        "party_role",
        "n.party_id || ' ' || n.role",
        f"n.role, n.party_id, 0, {_value('credit_limit')}, 0, '', {_value('active')}",
    ),
)


def upgrade() -> None:
    """Values that the log knows of; what a change left as it was is taken as it is today."""
    numbers = ("of_id", "with_id", "until_us", "amount", "fine")
    op.create_table(
        "former_term",
        sa.Column("org_id", sa.BigInteger(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in numbers),
        sa.Column("tax_code", sa.Text(), nullable=False),
        sa.Column("active", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "org_id", "subject", "of_id", "with_id", "code", "until_us", name=op.f("pk_former_term")
        ),
    )
    if op.get_bind().execute(text("SELECT to_regclass('audit_log')")).scalar() is None:
        # A new database: its tables come after this.
        return
    for subject, table, called, columns in _KEPT:
        op.execute(
            "INSERT INTO former_term (org_id, subject, until_us, code, of_id, with_id, amount, fine,"
            f" tax_code, active) SELECT a.org_id, '{subject}', {_UNTIL}, {columns}"
            f" FROM audit_log AS a JOIN {table} AS n ON n.org_id = a.org_id"
            f" AND a.subject = '{table} ' || {called} WHERE a.action = '{table}.changed'"
            " AND a.before LIKE '{%' ON CONFLICT DO NOTHING"
        )


def downgrade() -> None:
    """What was so before is known to the audit log alone again."""
    op.drop_table("former_term")
