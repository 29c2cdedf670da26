"""Statements of banks: our accounts with them, their lines, and what each line is of."""

import sqlalchemy as sa
from alembic import op

revision = "central_0029"
down_revision = "central_0028"
branch_labels = None
depends_on = None

INT = sa.BigInteger()
MOMENT = sa.DateTime(timezone=True)


def _text(name: str, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=default, nullable=False)


def upgrade() -> None:
    """No bank has said anything yet."""
    op.create_table(
        "bank_account",
        sa.Column("org_id", INT, nullable=False),
        _text("account_code"),
        _text("number"),
        _text("currency"),
        sa.Column("closing", INT, server_default="0", nullable=False),
        sa.Column("closing_day", INT, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("org_id", "account_code", name="pk_bank_account"),
    )
    op.create_index("ix_bank_account_number", "bank_account", ["org_id", "number"], unique=True)
    op.create_table(
        "bank_line",
        sa.Column("org_id", INT, nullable=False),
        _text("account_code"),
        sa.Column("day", INT, nullable=False),
        sa.Column("amount", INT, nullable=False),
        sa.Column("occurrence", INT, nullable=False),
        sa.Column("value_day", INT, nullable=False),
        _text("currency"),
        _text("bank_reference", ""),
        _text("reference", ""),
        _text("payer", ""),
        _text("words", ""),
        sa.Column("came_at", MOMENT, nullable=False),
        sa.Column("came_by", INT, nullable=False),
        _text("state", "open"),
        _text("note", ""),
        sa.PrimaryKeyConstraint(
            "org_id", "account_code", "day", "amount", "occurrence", name="pk_bank_line"
        ),
    )
    op.create_index(
        "ix_bank_line_open",
        "bank_line",
        ["org_id", "account_code", "day"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "bank_match",
        sa.Column("org_id", INT, nullable=False),
        _text("account_code"),
        sa.Column("document_id", INT, nullable=False),
        sa.Column("day", INT, nullable=False),
        sa.Column("amount", INT, nullable=False),
        sa.Column("occurrence", INT, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by", INT, nullable=False),
        _text("state", "stands"),
        sa.PrimaryKeyConstraint("org_id", "account_code", "document_id", name="pk_bank_match"),
        sa.ForeignKeyConstraint(
            ["org_id", "account_code", "day", "amount", "occurrence"],
            [
                "bank_line.org_id",
                "bank_line.account_code",
                "bank_line.day",
                "bank_line.amount",
                "bank_line.occurrence",
            ],
            name="fk_bank_match_line",
        ),
    )
    op.create_index(
        "ix_bank_match_line",
        "bank_match",
        ["org_id", "account_code", "day", "amount", "occurrence"],
        unique=False,
    )


def downgrade() -> None:
    """The files of the bank have it all."""
    op.drop_table("bank_match")
    op.drop_table("bank_line")
    op.drop_table("bank_account")
