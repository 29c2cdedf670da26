"""A till in a process of its own that dies between what it says outside its database and the commit.

python -m tests.faults.signing_kill TILL.DB
"""

import os
import signal
import sys
from pathlib import Path

from pos_app.store.engine.signed_count import Count, CountFile
from tests.support.worlds.till_fixture import CASHIER, Shop

_write = CountFile.write


def write_and_die(file: CountFile, count: Count) -> None:
    """The real thing up to the very end, and the plug is pulled."""
    _write(file, count)
    os.kill(os.getpid(), signal.SIGKILL)


def main(path: str) -> None:
    """One sale that is counted and not committed."""
    shop = Shop.at(Path(path))
    shop.be(CASHIER)
    CountFile.write = write_and_die  # type: ignore[method-assign, assignment]
    shop.sell("SOAP")


if __name__ == "__main__":
    main(sys.argv[1])
