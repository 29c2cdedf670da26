"""What the contract tests share: a database of either engine with a journal, and raw SQL against it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
import psycopg
import pytest
import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from pos_app.ledger import canonical
from pos_app.ledger.chart import NO_SALE_ROLE, PARTY_ACCOUNT, AccountRole
from pos_app.ledger.clock import Clock, SetClock
from pos_app.ledger.document import DepositReturn, Document, Reversal, Sale
from pos_app.ledger.line import Chit, GoodsLine, TenderKind
from pos_app.store.balances import balances
from pos_app.store.balances.balances import Drift
from pos_app.store.documents.rows import Rows, Sealed, rows_of
from pos_app.store.engine.engine import Database
from pos_app.store.journal import journal
from pos_app.store.journal.centre_journal import CentreJournal
from pos_app.store.journal.journal import Guard, Journal
from pos_app.store.journal.till_journal import TillJournal
from pos_app.store.schema import seals_centre
from pos_app.store.tables.columns import micros
from pos_app.store.tables.projections import PROJECTIONS, Projection
from pos_app.store.tables.tables import PARTS, audit_log, ledger_metadata
from pos_app.store.tables.tables import document as document_table
from pos_app.store.upkeep.recalculation import Recalculation
from tests.support.documents import specimens
from tests.support.documents.specimens import MOMENT, ORG, TILL
from tests.support.oracle.model import Model

#: What a database says when it refuses: through SQLAlchemy, or straight from either driver.
REFUSALS = (DBAPIError, sqlcipher.DatabaseError, psycopg.Error)
SEALED_TABLES = tuple(table.name for table in (document_table, *PARTS))
#: What stands on the accounts of parties, less what is on open invoices, in each business.
_FREE = """
SELECT business_id, party_role, party_id, currency, sum(amount), sum(base_amount) FROM (
 SELECT business_id, party_role, party_id, currency, amount, base_amount FROM journal_line
 WHERE org_id = :org AND party_id IS NOT NULL
 UNION ALL SELECT business_id, party_role, party_id, currency,
 CASE party_role WHEN 'vendor' THEN amount ELSE -amount END,
 CASE party_role WHEN 'vendor' THEN base_amount ELSE -base_amount END
 FROM open_invoice WHERE org_id = :org
) AS t GROUP BY business_id, party_role, party_id, currency"""


@dataclass
class Store:
    """A prepared, empty database of either engine."""

    database: Database
    clock: SetClock = field(default_factory=lambda: SetClock(MOMENT))

    @property
    def is_sqlite(self) -> bool:
        return self.database.on_till

    def prepare(self) -> None:
        """The partitions of the specimens' years, whatever year it is when the tests run."""
        if not self.is_sqlite:
            with self.database.write() as connection:
                for year in (2025, 2026):
                    seals_centre.make_year(connection, year)

    def journal(self, org_id: int = ORG, terminal_no: int = TILL) -> Journal:
        """The journal of a terminal, which the centre knows."""
        if not self.is_sqlite:
            with self.database.write() as connection:
                connection.execute(
                    text(
                        "INSERT INTO terminal (org_id, terminal_no, depot_id, drawer_id, public_key,"
                        " last_seq, last_hash, enrolled_at) VALUES (:org, :terminal, 1, 7, '', 0, :hash, :at)"
                        " ON CONFLICT DO NOTHING"
                    ),
                    {
                        "org": org_id,
                        "terminal": terminal_no,
                        "hash": canonical.genesis(org_id, terminal_no),
                        "at": MOMENT,
                    },
                )
        return journal_of(self.database, org_id, terminal_no, self.clock)

    def moment(self) -> Callable[[Any], Any]:
        """How this engine keeps a moment."""
        return micros if self.is_sqlite else lambda moment: moment

    def execute(self, *statements: str) -> None:
        """Raw SQL in one committed transaction."""
        with self.database.write() as connection:
            for statement in statements:
                connection.execute(text(statement))

    def scalar(self, statement: str, **values: Any) -> Any:
        with self.database.read() as connection:
            return connection.execute(text(statement), values).scalar()

    def fingerprint(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every ledger table and projection."""
        with self.database.read() as connection:
            return {
                name: sorted(
                    (tuple(row) for row in connection.execute(text(f"SELECT * FROM {name}"))), key=repr
                )
                for name in (*SEALED_TABLES, audit_log.name, *(one.name for one in PROJECTIONS))
            }

    def refuses(self, *statements: str | Callable[[Connection], None], because: str = "") -> None:
        """The database itself refuses these statements in one transaction, and nothing changed."""
        before = self.fingerprint()
        with pytest.raises(REFUSALS) as refusal:
            self._try(statements)
        assert because in str(refusal.value)
        assert self.fingerprint() == before

    def _try(self, statements: Sequence[str | Callable[[Connection], None]]) -> None:
        with self.database.write() as connection:
            for statement in statements:
                if callable(statement):
                    statement(connection)
                else:
                    connection.execute(text(statement))

    def drifts(self) -> list[Drift]:
        with self.database.read() as connection:
            return [drift for one in PROJECTIONS for drift in balances.drifts(connection, one)]

    def reconcile(self, kind: str, *, dry_run: bool = False) -> tuple[int, list[Drift]]:
        """`recalculate` of one kind for the first organisation."""
        chosen = balances.KINDS[kind]
        run = Recalculation(self.database, self.clock, org_id=ORG, terminal_no=TILL)
        outcome = run.walk(chosen.projection, chosen.limit, kind=kind, dry_run=dry_run)
        return outcome.checked, [one.drift for one in outcome.found if dry_run or one.mended]

    def cached(self, projection: Projection, org_id: int = ORG) -> dict[tuple[Any, ...], tuple[int, ...]]:
        """The cached rows of an organisation that are not all zero."""
        names = (*projection.keys, *projection.values)
        with self.database.read() as connection:
            rows = connection.execute(
                text(f"SELECT {', '.join(names)} FROM {projection.name} WHERE org_id = :org"), {"org": org_id}
            ).all()
        width = len(projection.keys)
        return {
            tuple(row[:width]): tuple(int(value) for value in row[width:]) for row in rows if any(row[width:])
        }

    def equals(self, model: Model, org_id: int = ORG) -> None:
        """The cached balances are what pencil and paper say."""
        shown = {one.name: self.cached(one, org_id) for one in PROJECTIONS}
        assert model.differences(shown) == []
        assert model.unlike(self.free(org_id)) == []

    def free(self, org_id: int) -> dict[tuple[Any, ...], tuple[int, int]]:
        """What stands with each party in each business and currency and is on no invoice: amount and base.

        Out of the journal's lines and the open invoices, which must agree business by business.
        """
        with self.database.read() as connection:
            rows = connection.execute(text(_FREE), {"org": org_id}).all()
        return {
            (org_id, int(row[0]), row[1], int(row[2]), row[3]): (int(row[4]), int(row[5])) for row in rows
        }


def journal_of(
    database: Database, org_id: int, terminal_no: int, clock: Clock, guard: Guard | None = None
) -> Journal:
    """The journal of whichever side a database is."""
    kind = TillJournal if database.on_till else CentreJournal
    return kind(database, org_id, terminal_no, clock, guard)


def void(sealed: Sealed) -> Reversal:
    """The draft that voids a recorded document."""
    return specimens.reversal(sealed.document, sealed.hash)


def record_each(journal_: Journal) -> list[Sealed]:
    """One document of each type, recorded in order; the last voids the first."""
    sealed: list[Sealed] = []
    for document in specimens.one_of_each():
        draft: Document = void(sealed[0]) if isinstance(document, Reversal) else document
        if isinstance(draft, DepositReturn):
            issued = journal_.record_document(issuing(draft.chit, draft.total))
            sealed.append(issued)
            chit = msgspec.structs.replace(draft.chit, document_id=issued.document.document_id)
            draft = msgspec.structs.replace(draft, chit=chit)
        sealed.append(journal_.record_document(draft))
    return sealed


def issuing(chit: Chit, amount: int) -> Sale:
    """The draft of a sale that issues a chit over so much, against cash."""
    code = next(code for code, role in NO_SALE_ROLE.items() if role is chit.role)
    line = GoodsLine(
        product_id=9,
        sku=code,
        description=code,
        quantity=1_000,
        unit_price=amount,
        tax_code=code,
        tax_rate_bp=0,
        net=amount,
        tax=0,
        business_id=chit.business_id,
        revenue_account=specimens.account(PARTY_ACCOUNT[chit.role], chit.business_id),
        tax_account="",
        chit=msgspec.structs.replace(chit, document_id=0),
    )
    elsewhere = chit.business_id != specimens.BUSINESS
    made = specimens.trade(
        Sale,
        (),
        (specimens.tender(TenderKind.CASH, amount),),
        lines=(line,),
        subtotal=amount,
        total=amount,
        clearing_account=specimens.account(AccountRole.CLEARING) if elsewhere else "",
    )
    assert isinstance(made, Sale)
    return made


def next_sealed(store: Store, draft: Document, org_id: int = ORG, **place: Any) -> Sealed:
    """A document sealed as the terminal's next one, but not written."""
    with store.database.read() as connection:
        seq, hash_ = journal.last(connection, org_id, TILL)[:2]
    fields = {"org_id": org_id, "terminal_no": TILL, "seq": seq + 1, "number": 9_000 + seq} | place
    return journal.seal(msgspec.structs.replace(draft, **fields), hash_)


def rows(store: Store, sealed: Sealed) -> Rows:
    """The rows of a sealed document as this engine keeps them."""
    return rows_of(sealed, store.moment())


def altered(rows_: Rows, table: str, row_no: int = 0, **values: Any) -> Rows:
    """The rows with some columns of one row set to something else."""
    names = [column.name for column in ledger_metadata.tables[table].columns]

    def alter(row: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(values.get(name, value) for name, value in zip(names, row, strict=True))

    if table == "document":
        return rows_._replace(document=alter(rows_.document))
    part = list(getattr(rows_, table))
    part[row_no] = alter(part[row_no])
    return with_part(rows_, table, part)


def with_part(rows_: Rows, table: str, part: list[tuple[Any, ...]]) -> Rows:
    """The rows with those of one table exchanged."""
    parts: dict[str, Any] = {table: part}
    return rows_._replace(**parts)


def write(rows_: Rows) -> Callable[[Connection], None]:
    """Writes rows by plain INSERT statements, parts first, as a rogue program would."""

    def run(connection: Connection) -> None:
        for name in (*(part.name for part in PARTS), "document"):
            table: Sequence[tuple[Any, ...]] = (
                [rows_.document] if name == "document" else getattr(rows_, name)
            )
            for row in table:
                insert_row(connection, name, row)

    return run


def insert_row(connection: Connection, table: str, row: tuple[Any, ...], verb: str = "INSERT") -> None:
    """One row by raw SQL."""
    names = [column.name for column in ledger_metadata.tables[table].columns]
    marks = ", ".join(f":{name}" for name in names)
    connection.execute(
        text(f"{verb} INTO {table} ({', '.join(names)}) VALUES ({marks})"), dict(zip(names, row, strict=True))
    )
