"""The fiscal devices of businesses, what each was told of, and how far documents were looked at for them."""

import sqlalchemy as sa
from alembic import op

revision = "central_0028"
down_revision = "central_0027"
branch_labels = None
depends_on = None

INT = sa.BigInteger()
MOMENT = sa.DateTime(timezone=True)


def _must(name: str, type_: object = INT, default: str | None = None) -> sa.Column:
    return sa.Column(name, type_, server_default=default, nullable=False)


def upgrade() -> None:
    """No business has a device yet."""
    op.create_table(
        "fiscal_device",
        *(_must(name) for name in ("org_id", "business_id")),
        *(
            _must(name, sa.Text(), "")
            for name in ("address", "serial", "item_class", "secret", "unit", "recorder", "codes")
        ),
        sa.Column("codes_at", MOMENT, nullable=True),
        _must("next_number", default="1"),
        sa.Column("registered_at", MOMENT, nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        _must("failures", default="0"),
        sa.Column("rests_until", MOMENT, nullable=True),
        _must("stopped", default="0"),
        _must("said", sa.Text(), ""),
        sa.PrimaryKeyConstraint("org_id", "business_id", name="pk_fiscal_device"),
    )
    op.create_table(
        "fiscal_entry",
        *(_must(name) for name in ("org_id", "business_id")),
        _must("kind", sa.Text()),
        _must("key"),
        _must("number", default="0"),
        *(_must(name, sa.Text(), "") for name in ("code", "said", "class_code")),
        sa.PrimaryKeyConstraint("org_id", "business_id", "kind", "key", name="pk_fiscal_entry"),
    )
    op.create_table(
        "fiscal_mark",
        *(_must(name) for name in ("org_id", "terminal_no", "told")),
        sa.PrimaryKeyConstraint("org_id", "terminal_no", name="pk_fiscal_mark"),
    )


def downgrade() -> None:
    """Devices are registered anew."""
    for name in ("fiscal_mark", "fiscal_entry", "fiscal_device"):
        op.drop_table(name)
