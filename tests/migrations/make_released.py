"""Writes the till database of this version as every later version must be able to open it.

`python -m tests.migrations.make_released`, once, when a version is released; then it is never
written again.  (Until 0.1.0 is out, a change of the first migrations makes it anew.)
"""

import json
import shutil
import tempfile
from pathlib import Path
from typing import Final

from pos_app.store.schema import schema
from tests.support.worlds.till_fixture import CASHIER, GOOD, KEY, MANAGER, Shop

FOLDER: Final = Path(__file__).parent / "released"
VERSION: Final = "0.1.0"


def make(target: Path) -> None:
    """A small morning: a shift, sales, one on account, a void, an open basket."""
    with tempfile.TemporaryDirectory() as folder:
        shop = Shop.make(Path(folder), cash_step=100)
        shop.be(CASHIER)
        shop.open_drawer()
        shop.sell("GAS13", "WATER20", "WASH")
        shop.sell_on_account(GOOD, "GAS6", "HOSE")
        voided = shop.sell("REG")
        shop.be(MANAGER)
        shop.till.voids.void(voided.document_id, "wrong product")
        shop.basket("SOAP")
        expected = {
            "documents": len(shop.documents()),
            "cash": shop.cash(),
            "owes": shop.owes(GOOD),
            "gas13": shop.stock("GAS13"),
            "heads": sorted(schema.HEADS["till"]),
        }
        with shop.database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("VACUUM")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        shop.database.close()
        target.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(shop.path, target / "till.db")
        (target / "till.key").write_bytes(KEY)
        (target / "expected.json").write_text(json.dumps(expected, indent=2) + "\n")


if __name__ == "__main__":
    make(FOLDER / VERSION)
