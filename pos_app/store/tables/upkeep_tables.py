"""Tables of the upkeep of balances: recomputations, findings, the walk in the background, marks.

None of them is the truth of anything: whatever stands here can be made again from the ledger.
"""

from typing import Final

from sqlalchemy import PrimaryKeyConstraint, Table

from pos_app.store.tables.central import central_metadata
from pos_app.store.tables.columns import Moment, String, may, must
from pos_app.store.tables.tables import ledger_metadata

#: One recomputation of one projection (`kind` limits it): how far it is, and afterwards its history.
#: `walked_to` is the JSON of the last value of the projection's walking column that is done.
recalculation: Final = Table(
    "recalculation",
    ledger_metadata,
    must("org_id"),
    must("run_id"),
    must("kind", String),
    must("started_at", Moment),
    must("updated_at", Moment),
    may("finished_at", Moment),
    must("walked_to", String, default=""),
    must("checked", default="0"),
    must("drifted", default="0"),
    must("mended", default="0"),
    PrimaryKeyConstraint("org_id", "run_id"),
    sqlite_strict=True,
)

#: Drift that was found and is not mended yet; `key`, `cached`, `truth`, `documents` are JSON.
balance_finding: Final = Table(
    "balance_finding",
    ledger_metadata,
    must("org_id"),
    must("projection", String),
    must("key", String),
    must("found_at", Moment),
    must("cached", String),
    must("truth", String),
    must("documents", String),
    PrimaryKeyConstraint("org_id", "projection", "key"),
    sqlite_strict=True,
)

#: How far the walk in the background is, for each projection; `lines` is the walk over the ledger
#: itself, which makes the checkpoints anew and counts documents instead of keys.
reconciliation: Final = Table(
    "reconciliation",
    ledger_metadata,
    must("org_id"),
    must("walk", String),
    must("walked_to", String, default=""),
    must("begun_at", Moment),
    may("finished_at", Moment),
    must("seen", default="0"),
    must("total", default="0"),
    must("found", default="0"),
    must("passes", default="0"),
    PrimaryKeyConstraint("org_id", "walk"),
    sqlite_strict=True,
)

#: Up to which document of each terminal the checkpoints reach; see `checkpoint`.
checkpoint_mark: Final = Table(
    "checkpoint_mark",
    ledger_metadata,
    must("org_id"),
    must("shadow"),
    must("terminal_no"),
    must("mark"),
    PrimaryKeyConstraint("org_id", "shadow", "terminal_no"),
    sqlite_strict=True,
)

#: Documents that came into the books after their terminal's mark had passed them (out of quarantine):
#: no checkpoint counts them, every sum adds them.
late_document: Final = Table(
    "late_document",
    central_metadata,
    must("org_id"),
    must("document_id"),
    PrimaryKeyConstraint("org_id", "document_id"),
)

#: Up to which document of each terminal the stock is valued; see `valuation`.
valuation_mark: Final = Table(
    "valuation_mark",
    central_metadata,
    must("org_id"),
    must("terminal_no"),
    must("mark"),
    PrimaryKeyConstraint("org_id", "terminal_no"),
)

#: Late documents (see `late_document`) that are valued: they lie below their terminal's mark.
valued_late: Final = Table(
    "valued_late",
    central_metadata,
    must("org_id"),
    must("document_id"),
    PrimaryKeyConstraint("org_id", "document_id"),
)

#: The stock of a product as it stands at the marks: thousandths, minor units of the base currency, and the
#: last known average as a fraction (`average_value` for `average_quantity` thousandths).
valued_stock: Final = Table(
    "valued_stock",
    central_metadata,
    must("org_id"),
    must("business_id"),
    must("product_id"),
    must("quantity"),
    must("value"),
    must("average_value"),
    must("average_quantity"),
    PrimaryKeyConstraint("org_id", "business_id", "product_id"),
)

#: What the upkeep writes, as the owner of the tables; the application may read it.
UPKEEP: Final = (
    recalculation,
    balance_finding,
    reconciliation,
    checkpoint_mark,
    late_document,
    valuation_mark,
    valued_late,
    valued_stock,
)
