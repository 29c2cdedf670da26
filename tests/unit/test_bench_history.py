"""The bench writes its history by itself: its rows have the columns of today, or there is no figure."""

from pos_app.store.documents.rows import WRITE_ORDER
from pos_app.store.tables.tables import ledger_metadata
from tests.bench import depot


def test_every_row_fills_every_column() -> None:
    # From the eleventh document on there are open invoices too.
    for name, rows in zip(WRITE_ORDER, depot._history(1, 21, 10, 3), strict=True):
        columns = len(ledger_metadata.tables[name].columns)
        assert {len(row) for row in rows} <= {columns}, name
