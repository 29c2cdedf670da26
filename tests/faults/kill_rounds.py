"""Kill -9 of till, daemon, server and Postgres at random moments while sales are imported and synced.

`python -m tests.faults.kill_rounds --rounds 50` is the long form; the test beside plays a few rounds.
The seed is printed, and the same seed kills the same victims at the same moments.
"""

import argparse
import csv
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pos_app import settings
from pos_app.devices.barcode import check_digit
from pos_app.store.engine.embedded import EmbeddedPostgres

_BOHARI = (sys.executable, "-m", "pos_app.cli")
VICTIMS = ("till", "daemon", "server", "postgres")
SALES_A_ROUND = 60


@dataclass
class Depot:
    """One central home and one till, with their processes."""

    folder: Path
    url: str = ""
    processes: dict[str, subprocess.Popen[str]] = field(default_factory=dict)
    #: With which its owner proves who asks; empty before founding.
    who: dict[str, str] = field(default_factory=dict)

    @property
    def centre(self) -> str:
        """The central home."""
        return str(self.folder / "centre")

    @property
    def till(self) -> str:
        """The till's home."""
        return str(self.folder / "till")

    def bohari(self, *arguments: str) -> dict[str, Any]:
        """A command that must succeed, and its JSON."""
        done = subprocess.run(
            [*_BOHARI, *arguments, "--json"],
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
            env={**os.environ, **self.who},
        )
        if done.returncode:
            raise AssertionError(
                f"bohari {' '.join(arguments)}: {done.returncode}\n{done.stderr}\n{done.stdout}"
            )
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    def start(self, name: str, *arguments: str) -> subprocess.Popen[str]:
        """A process that runs until it ends or is killed; takes the place of the one that did."""
        before = self.processes.get(name)
        if before is not None and before.stdout:
            before.stdout.close()
        with (self.folder / f"{name}.log").open("a") as log:
            process = subprocess.Popen([*_BOHARI, *arguments], stdout=subprocess.PIPE, stderr=log, text=True)
        self.processes[name] = process
        return process

    def start_server(self) -> None:
        """The central server, on the port that it had."""
        port = self.url.rpartition(":")[2].strip("/") or "0"
        process = self.start("server", "server", "--home", self.centre, "--port", port, "--json")
        line = process.stdout.readline() if process.stdout else ""
        if not line:
            raise AssertionError(
                f"the server did not start: {(self.folder / 'server.log').read_text()[-2000:]}"
            )
        self.url = json.loads(line)["url"]

    def running(self, name: str) -> bool:
        """Whether the process lives."""
        return name in self.processes and self.processes[name].poll() is None

    def kill(self, name: str) -> None:
        """SIGKILL, as a power cut or the system's memory killer would."""
        if name == "postgres":
            pid_file = self.folder / "centre" / "postgres" / "postmaster.pid"
            if pid_file.exists():
                os.kill(int(pid_file.read_text().split()[0]), signal.SIGKILL)
            return
        process = self.processes.get(name)
        if process is not None:
            process.kill()
            process.wait()

    def close(self) -> None:
        """End what still runs."""
        for process in self.processes.values():
            if process.poll() is None:
                process.kill()
            process.wait()
            if process.stdout:
                process.stdout.close()
        EmbeddedPostgres(self.folder / "centre" / "postgres").stop()


def set_up(folder: Path) -> Depot:
    """A central home with a few products and customers, its server, and an enrolled till."""
    depot = Depot(folder)
    made = depot.bohari("init", "--home", depot.centre, "--org", "Kill rounds")
    depot.who = {"BOHARI_BY": "OWNER", "BOHARI_PIN": made["pin"]}
    # What is counted at the end are the till's documents, not those of the centre's own chain.
    settings.write(Path(depot.centre), value_stock_every_s=0)
    products, customers = folder / "products.csv", folder / "customers.csv"
    with products.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow("sku,barcode,name,price,tax_code,category,unit,business".split(","))
        for n in range(20):
            code = f"616{n:09d}"
            writer.writerow(
                [f"P{n}", f"{code}{check_digit(code)}", f"Product {n}", f"{100 + n}.50", "A", "Gas", "pc", ""]
            )
    with customers.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["code", "name", "phone", "credit_limit"])
        writer.writerows([f"C{n}", f"Customer {n}", "", "1000"] for n in range(5))
    depot.bohari("import", "products", str(products), "--home", depot.centre)
    depot.bohari("import", "customers", str(customers), "--home", depot.centre)
    depot.start_server()
    code = depot.bohari("enrol-code", "--home", depot.centre)["code"]
    depot.bohari("enrol", "--home", depot.till, "--server", depot.url, "--code", code)
    depot.bohari("syncd", "--home", depot.till, "--once")
    return depot


def sales(chance: random.Random, first: int, count: int) -> Iterator[list[str]]:
    """Rows of so many invoices, some on account, some with returns."""
    for number in range(first, first + count):
        customer = chance.choice(["", "", f"C{chance.randrange(5)}"])
        for _ in range(chance.randrange(1, 5)):
            quantity = chance.choice([1, 2, 3, 10, -1])
            product = chance.randrange(20)
            yield [
                f"INV{number}", f"2026-03-{1 + number % 28:02d}T10:{number % 60:02d}:00", customer,
                f"P{product}", "", str(quantity), f"{100 + product}.{chance.randrange(100):02d}",
            ]  # fmt: skip


def write_sales(path: Path, rows: list[list[str]]) -> None:
    """A file for `bohari import sales`."""
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow("number,occurred_at,customer,sku,description,quantity,unit_price".split(","))
        writer.writerows(rows)


def play(rounds: int, seed: int, folder: Path) -> dict[str, Any]:
    """Play so many rounds and check that nothing is lost and nothing doubled; gives what happened."""
    chance = random.Random(seed)
    depot = set_up(folder)
    rows: list[list[str]] = []
    killed = dict.fromkeys(VICTIMS, 0)
    try:
        for round_no in range(rounds):
            rows += list(sales(chance, round_no * SALES_A_ROUND, SALES_A_ROUND))
            path = folder / "sales.csv"
            write_sales(path, rows)
            if not depot.running("server"):
                depot.start_server()
            if not depot.running("daemon"):
                depot.start("daemon", "syncd", "--home", depot.till)
            depot.start("till", "import", "sales", str(path), "--home", depot.till)
            time.sleep(chance.uniform(0.3, 2.0))
            victim = chance.choice(VICTIMS)
            depot.kill(victim)
            killed[victim] += 1
            if victim != "till":
                # The import must end by itself, whatever died beside it.
                depot.processes["till"].communicate(timeout=120)
        depot.kill("daemon")
        if not depot.running("server"):
            depot.start_server()
        depot.bohari("import", "sales", str(folder / "sales.csv"), "--home", depot.till)
        depot.bohari("syncd", "--home", depot.till, "--once")
        return _judge(depot, rounds * SALES_A_ROUND) | {"killed": killed, "seed": seed}
    finally:
        depot.close()


def _judge(depot: Depot, expected: int) -> dict[str, Any]:
    """Both sides verified, and as many documents as there are invoices on each."""
    here = depot.bohari("verify", "--home", depot.till)
    there = depot.bohari("verify", "--home", depot.centre)
    found = {"till": here["documents"], "centre": there["documents"], "invoices": expected}
    assert here["ok"], here
    assert there["ok"], there
    assert here["documents"] == expected, found
    assert there["documents"] == expected, found
    return found


def main() -> int:
    """The long form."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32))
    chosen = parser.parse_args()
    sys.stdout.write(f"seed {chosen.seed}\n")
    with tempfile.TemporaryDirectory() as folder:
        sys.stdout.write(f"{json.dumps(play(chosen.rounds, chosen.seed, Path(folder)))}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
