"""Owns the way to the migrations, from source, from a wheel and from a frozen bundle.

Three bases, each with its own versions: `ledger` (both engines), `till` (SQLite), `central`
(Postgres).  A migration makes and changes tables only; triggers are made again after every upgrade
from their declarations (`pos_app.store.schema.seals`).
"""

import sys
from pathlib import Path


def folder() -> Path:
    """The folder that alembic calls the script location."""
    bundle = getattr(sys, "_MEIPASS", None)
    return Path(bundle) / "migrations" if bundle is not None else Path(__file__).resolve().parent
