"""Flags at the centre: what was odd about a document, that it was told, and who looked at it.

Rows are added and never change, by whatever path: a flag is evidence, and so is who looked.
"""

from typing import Final

from sqlalchemy import Index, PrimaryKeyConstraint, Table

from pos_app.store.tables.central import central_metadata
from pos_app.store.tables.columns import Moment, String, must

#: `kind` is a code of `ledger.flagging`, `place` the line that it is about (1 is the first; 0 the whole
#: document), `facts` the JSON of what its sentence says.
flag: Final = Table(
    "flag",
    central_metadata,
    must("org_id"),
    must("document_id"),
    must("kind", String),
    must("place"),
    must("facts", String),
    must("found_at", Moment),
    PrimaryKeyConstraint("org_id", "document_id", "kind", "place"),
)
Index("ix_flag_found", flag.c.org_id, flag.c.found_at)

#: That somebody was called for it (see `sync.server.flag_alerts`).
flag_told: Final = Table(
    "flag_told",
    central_metadata,
    must("org_id"),
    must("document_id"),
    must("kind", String),
    must("place"),
    must("told_at", Moment),
    PrimaryKeyConstraint("org_id", "document_id", "kind", "place"),
)

#: Who looked at it, when, and what they say of it.
flag_look: Final = Table(
    "flag_look",
    central_metadata,
    must("org_id"),
    must("document_id"),
    must("kind", String),
    must("place"),
    must("person_id"),
    must("looked_at", Moment),
    must("note", String),
    PrimaryKeyConstraint("org_id", "document_id", "kind", "place"),
)

FLAGS: Final = (flag, flag_told, flag_look)
