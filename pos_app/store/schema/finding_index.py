"""The indexes by which a till finds products and parties: three letters in a row, of any part of a word.

They are FTS5 tables without a text of their own, kept by triggers in the very transaction that writes the
row, by the feed or by the till.  At the centre there are none.

Decisions
---------
2026-12-01  Triggers, not the feed's writer: whoever writes a row writes its index, and `verify` finds a
trigger that was dropped.  Of a row that stands it is written anew only where a name or a code changed, so
that new prices cost nothing.  The letters are folded before they are indexed (`ledger.letters`): the
tokenizer's own folding knows fewer of them.

2026-12-01  Where in a text the letters stand is not kept (`detail=none`): the index is 20 MB of 500,000
products and not 52, and what is cold is read in half the time.  So it gives texts that have the letters of a
word, and the words are looked for in those (`store.master.finding`).
"""

from typing import Final, NamedTuple

from sqlalchemy import Connection, MetaData, event

from pos_app.store.engine.letters import folded_on_till
from pos_app.store.tables.local import till_metadata


class FindingIndex(NamedTuple):
    """An index: its name, of which table, the key of its rows, and the columns that are searched."""

    name: str
    table: str
    key: str
    columns: tuple[str, ...]

    def create(self) -> str:
        """The statement that makes it."""
        return (
            f"CREATE VIRTUAL TABLE {self.name} USING fts5(words, tokenize='trigram case_sensitive 1',"
            " content='', contentless_delete=1, detail=none)"
        )

    def words(self, alias: str) -> str:
        """What is indexed of a row, with a blank at both ends: a word begins after one."""
        parts = (folded_on_till(f"{alias}.{column}") for column in self.columns)
        return "' ' || " + " || ' ' || ".join(parts) + " || ' '"

    def fill(self) -> str:
        """The statement that indexes all rows."""
        return (
            f"INSERT INTO {self.name} (rowid, words) SELECT t.{self.key}, {self.words('t')}"
            f" FROM {self.table} AS t"
        )

    def triggers(self) -> list[str]:
        """What keeps it in step."""
        put = f"INSERT INTO {self.name} (rowid, words) VALUES (NEW.{self.key}, {self.words('NEW')});"
        drop = f"DELETE FROM {self.name} WHERE rowid = OLD.{self.key};"
        changed = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in self.columns)
        return [
            f"CREATE TRIGGER {self.name}_insert AFTER INSERT ON {self.table} BEGIN {put} END",
            f"CREATE TRIGGER {self.name}_update AFTER UPDATE OF {', '.join(self.columns)} ON {self.table}\n"
            f"WHEN {changed} BEGIN {drop} {put} END",
            f"CREATE TRIGGER {self.name}_delete AFTER DELETE ON {self.table} BEGIN {drop} END",
        ]


PRODUCTS: Final = FindingIndex("found_product", "product", "product_id", ("name", "sku"))
PARTIES: Final = FindingIndex("found_party", "party", "party_id", ("name", "code", "phone"))
INDEXES: Final = (PRODUCTS, PARTIES)


@event.listens_for(till_metadata, "after_create")
def _create(_tables: MetaData, connection: Connection, **_options: object) -> None:
    for index in INDEXES:
        connection.exec_driver_sql(index.create())
