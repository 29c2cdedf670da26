"""Tax codes of what is no sale, for the organisations that run: DEPOSIT and VOUCHER.

Frozen: what `ledger.tax` says of them on the day of this migration.
"""

from alembic import op
from sqlalchemy import text

revision = "central_0003"
down_revision = "central_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Give each organisation the codes that it has not; one of its own by the same name stays."""
    if op.get_bind().execute(text("SELECT to_regclass('tax_code')")).scalar() is None:
        # A new database: its tables come after this, and founding gives the codes.
        return
    for code, name in (("DEPOSIT", "Deposit, no sale"), ("VOUCHER", "Voucher, no sale")):
        op.execute(
            "INSERT INTO tax_code (org_id, code, name, treatment)"
            f" SELECT o.org_id, '{code}', '{name}', 'none' FROM organisation AS o"
            " ON CONFLICT (org_id, code) DO NOTHING"
        )
        op.execute(
            "INSERT INTO tax_rate (org_id, code, valid_from, rate_bp)"
            f" SELECT o.org_id, '{code}', 0, 0 FROM organisation AS o"
            " ON CONFLICT (org_id, code, valid_from) DO NOTHING"
        )
