"""`bohari recalculate --all` with chunks small enough to be killed between two of them.

`python -m tests.faults.recalculate_process CENTRAL_HOME CHUNK_KEYS`; says “done” when it is.
"""

import sys
from pathlib import Path

from pos_app import bootstrap
from pos_app.ledger.document import SERVER_TERMINAL_NO
from pos_app.store.tables.projections import PROJECTIONS
from pos_app.store.upkeep.recalculation import Recalculation


def main(home: str, chunk_keys: str) -> None:
    """Walk over every projection as the command does."""
    with bootstrap.central(Path(home)) as centre:
        run = Recalculation(
            centre.database,
            centre.clock,
            org_id=centre.organisation().org_id,
            terminal_no=SERVER_TERMINAL_NO,
            chunk_keys=int(chunk_keys),
        )
        for projection in PROJECTIONS:
            run.walk(projection)
    sys.stdout.write("done\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
