"""A new till to measure: fetches all that the centre has while somebody tries to sell.

Run as a process of its own by `feed`: `python -m tests.bench.feed_till HOME BARCODE PRICE`.  It prints when
the barcode of the first products could be sold at its price, when all had come, and its memory.
"""

import json
import sys
import threading
import time
from pathlib import Path

from pos_app import bootstrap
from pos_app.cli.syncd import drain
from pos_app.ledger.clock import SystemClock
from pos_app.ledger.errors import BohariError
from pos_app.store.documents import terminal
from pos_app.till.till import Till

_LOOK_S = 0.02


def main() -> None:
    """Fetch, look, and print one JSON line."""
    home, barcode, price = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    database = bootstrap.till_database(home)
    with database.read() as connection:
        who = terminal.load(connection)
    began = time.perf_counter()
    fetching = threading.Thread(target=drain, args=(database, home, who))
    fetching.start()
    sells_s = _until_it_sells(fetching, home, barcode, price) - began
    fetching.join()
    all_s = time.perf_counter() - began
    with database.read() as connection:
        rows = connection.exec_driver_sql("SELECT count(*) FROM product").scalar()
    database.close()
    sys.stdout.write(
        json.dumps(
            {
                "products": rows,
                "sells_s": round(sells_s, 2),
                "all_s": round(all_s, 2),
                "memory_mb": _peak_mb(),
            }
        )
        + "\n"
    )


def _peak_mb() -> int:
    """The most memory that this process had; what `getrusage` says may be its parent's."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM"))


def _until_it_sells(fetching: threading.Thread, home: Path, barcode: str, price: int) -> float:
    while True:
        is_last = not fetching.is_alive()
        database = bootstrap.till_database(home)
        try:
            scanned = Till(database, SystemClock()).catalogue.scan(barcode)
            if scanned.product.price == price:
                return time.perf_counter()
        except BohariError:
            pass
        finally:
            database.close()
        if is_last:
            raise AssertionError(f"{barcode} cannot be sold for {price}")
        time.sleep(_LOOK_S)


if __name__ == "__main__":
    main()
