"""Tables of what banks say: our accounts with them, the lines of their statements, and what each line is of.

At the centre only.  A line is known by account, day, amount and how-manieth: the key says that no line is
taken in twice, however often its file comes (see `payments.bank_statement`).
"""

from typing import Final

from sqlalchemy import ForeignKeyConstraint, Index, PrimaryKeyConstraint, Table, text

from pos_app.store.tables.central import central_metadata
from pos_app.store.tables.columns import Moment, String, must

#: Nobody said yet what it is; documents of the books stand by it; a person said what it was.
OPEN, MATCHED, ASIDE = "open", "matched", "aside"
#: A match stands, or was taken back.
STANDS, UNDONE = "stands", "undone"

#: An account of the books that is one at a bank: `number` as banks compare it, `closing` what its statements
#: last said it holds, in minor units of `currency`, at the end of `closing_day` (YYYYMMDD; 0: never).
bank_account: Final = Table(
    "bank_account",
    central_metadata,
    must("org_id"),
    must("account_code", String),
    must("number", String),
    must("currency", String),
    must("closing", default="0"),
    must("closing_day", default="0"),
    PrimaryKeyConstraint("org_id", "account_code"),
)
# "Whose statement is this?"; and no number is two accounts.
Index("ix_bank_account_number", bank_account.c.org_id, bank_account.c.number, unique=True)

#: A line: `amount` in minor units, above nothing what came; references, payer and words are closed.
bank_line: Final = Table(
    "bank_line",
    central_metadata,
    must("org_id"),
    must("account_code", String),
    must("day"),
    must("amount"),
    must("occurrence"),
    must("value_day"),
    must("currency", String),
    must("bank_reference", String, default=""),
    must("reference", String, default=""),
    must("payer", String, default=""),
    must("words", String, default=""),
    must("came_at", Moment),
    must("came_by"),
    must("state", String, default=OPEN),
    must("note", String, default=""),
    PrimaryKeyConstraint("org_id", "account_code", "day", "amount", "occurrence"),
)
# "What of this account is open?"
Index(
    "ix_bank_line_open",
    bank_line.c.org_id,
    bank_line.c.account_code,
    bank_line.c.day,
    postgresql_where=text("state = 'open'"),
)

#: What a document did to an account is on one line of its statements: the key says so.
bank_match: Final = Table(
    "bank_match",
    central_metadata,
    must("org_id"),
    must("account_code", String),
    must("document_id"),
    must("day"),
    must("amount"),
    must("occurrence"),
    must("made_at", Moment),
    must("made_by"),
    must("state", String, default=STANDS),
    PrimaryKeyConstraint("org_id", "account_code", "document_id"),
    ForeignKeyConstraint(
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
# "Of what is this line?"
Index(
    "ix_bank_match_line",
    bank_match.c.org_id,
    bank_match.c.account_code,
    bank_match.c.day,
    bank_match.c.amount,
    bank_match.c.occurrence,
)

BANK: Final = (bank_account, bank_line, bank_match)

#: Columns that nobody changes.
BANK_FIXED: Final = {
    bank_account: {"org_id", "account_code", "currency"},
    bank_line: {one.name for one in bank_line.columns} - {"state", "note"},
    bank_match: {"org_id", "account_code", "document_id"},
}
