"""`make bench`: runs every benchmark, prints a table, and the same as JSON into bench-out/bench.json."""

import argparse
import importlib
import json
import os
import sys
from pathlib import Path
from typing import Any

NAMES = (
    "rights", "checkout", "signing", "look", "window", "ingest", "signed", "recompute", "verification",
    "tenancy", "fleet", "held", "backup", "restore", "price", "feed", "price_change", "close", "depot_day",
)  # fmt: skip


def main() -> int:
    """Run the benchmarks named, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=[], help=f"of {', '.join(NAMES)}; all when none is named")
    parser.add_argument("--out", type=Path, default=Path("bench-out"))
    parser.add_argument(
        "--lines",
        type=int,
        help="the length of the history that “recompute”, “backup” and “restore” make",
    )
    parser.add_argument("--documents", type=int, help="the length of the history that “verification” makes")
    chosen = parser.parse_args()
    if chosen.lines:
        os.environ["BOHARI_BENCH_LINES"] = str(chosen.lines)
    if chosen.documents:
        os.environ["BOHARI_BENCH_DOCUMENTS"] = str(chosen.documents)
    results: dict[str, dict[str, Any]] = {}
    for name in chosen.names or NAMES:
        sys.stdout.write(f"… {name}\n")
        sys.stdout.flush()
        results[name] = importlib.import_module(f"tests.bench.{name}").run()
        for figure, value in results[name].items():
            sys.stdout.write(f"  {name:<10} {figure:<36} {value}\n")
    chosen.out.mkdir(exist_ok=True)
    (chosen.out / "bench.json").write_text(json.dumps(results, indent=2) + "\n")
    sys.stdout.write(json.dumps(results) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
