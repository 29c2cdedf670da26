"""A whole `verify` of a long history at a till, and what is looked at before the window opens.

20,000 documents (`--documents` or BOHARI_BENCH_DOCUMENTS for another number; a million takes some ten
minutes, nearly all of it to make them, and four gigabytes that are gone afterwards).
"""

import functools
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from pos_app import bootstrap
from pos_app.store.upkeep import start_check, verification, verification_processes
from pos_app.store.upkeep.verdict import Verdict
from tests.bench import depot, real_history

DOCUMENTS: Final = int(os.environ.get("BOHARI_BENCH_DOCUMENTS", "20000"))
#: Of a million documents on two cores.
AIM_S: Final = 60
_MILLION: Final = 1_000_000


def run() -> dict[str, Any]:
    """Seconds of the whole, and what they would be for a million; milliseconds of each look at the start."""
    with tempfile.TemporaryDirectory(prefix="bohari-bench-") as folder:
        home = Path(folder)
        database = depot.make_home(home, products=2_000)
        began_s = time.perf_counter()
        real_history.fill(database, DOCUMENTS)
        made_s = time.perf_counter() - began_s
        figures: dict[str, Any] = {
            "documents": DOCUMENTS,
            "made_s": round(made_s, 1),
            "file_mb": (home / bootstrap.TILL_DATABASE).stat().st_size // 1_000_000,
        }
        looks: dict[str, Callable[[], object]] = {
            "seals": functools.partial(start_check.check_seals, database),
            "last_day": functools.partial(start_check.check_till, database, depot.ORG, depot.TERMINAL),
            "first_pages": functools.partial(start_check.check_pages, database),
        }
        for name, look in looks.items():
            began_s = time.perf_counter()
            look()
            figures[f"start_{name}_ms"] = round(1000 * (time.perf_counter() - began_s), 1)
        again = functools.partial(bootstrap.till_database, home)
        # As in a history of a million, also where this one is short.
        verification.MOST_PIECES_SIGNED = 0  # type: ignore[misc]
        began_s, began_cpu_s = time.perf_counter(), _cpu_s()
        verdict = verification.verify(database, depot.ORG, depot.TERMINAL, open_database=again)
        verify_s, cpu_s = time.perf_counter() - began_s, _cpu_s() - began_cpu_s
        database.close()
    _hold(verdict)
    figures |= {
        "cores": os.cpu_count(),
        "parts_worth_processes": verification_processes.WORTH_PARTS,
        "verify_s": round(verify_s, 2),
        "cpu_s": round(cpu_s, 2),
        "cpu_microseconds_a_document": round(cpu_s * 1_000_000 / verdict.documents, 1),
        "million_s": round(verify_s * _MILLION / verdict.documents, 1),
        # What it takes where nobody else wants the cores.
        "million_s_on_two_idle_cores": round(cpu_s / 2 * _MILLION / verdict.documents, 1),
        "million_s_aim": AIM_S,
    }
    return figures


def _cpu_s() -> float:
    """Of this process and of those that it started and that have ended."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def _hold(verdict: Verdict) -> None:
    """A history that does not hold is measured for nothing."""
    if not verdict.ok:
        raise AssertionError(verdict.problems[:5])
