"""The secrets with which people prove what they approve, at the centre, which judges documents by them.

Rows are added and never change: a document is judged by what held when it was recorded, however late it
comes.
"""

from typing import Final

from sqlalchemy import PrimaryKeyConstraint, Table

from pos_app.store.tables.central import central_metadata
from pos_app.store.tables.columns import String, must

#: `since_us` is when their PIN was given, in microseconds since 1970; `secret` lies closed (`engine.pepper`).
approval_secret: Final = Table(
    "approval_secret",
    central_metadata,
    must("org_id"),
    must("person_id"),
    must("since_us"),
    must("secret", String),
    PrimaryKeyConstraint("org_id", "person_id", "since_us"),
)
