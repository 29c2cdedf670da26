"""What `bohari selftest` tries on this very machine: commits that last, a program that is killed, the bytes
of a printer, the speed of a scan.

Decisions
---------
2026-12-01  It tries the shop's own disk and processor with the code that sells there, and never the shop's
books: what it records lies in a home of its own on the same disk, and is thrown away.  That what was said to
be recorded is there after the plug was pulled is kept by the disk as well as by us: a disk that calls a page
written sooner than any can is named.  A kill stands for the plug: it takes the program's memory as a power
cut does, and leaves what the system had not written yet, which only the disk's own speed tells of.
"""

import os
import statistics
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from sqlalchemy import text

from pos_app.devices.escpos_layout import to_escpos, to_text
from pos_app.devices.paper import Block, Columns, Cut, Paper, Rule, Text, WidthChars
from pos_app.ledger.clock import SystemClock
from pos_app.ledger.document import SERIES, JournalEntry, document_key
from pos_app.ledger.journal_entry import EntryLine
from pos_app.ledger.request import new_request
from pos_app.store.engine.engine import Database
from pos_app.store.journal.till_journal import TillJournal
from pos_app.store.master import catalogue
from pos_app.store.master.catalogue import Shop
from pos_app.store.tables import master
from pos_app.store.upkeep.verification import verify

ORG: Final = 1
TILL: Final = 1
#: A customer waits for no more than that for a commit, a scan, a receipt: of twenty the slowest, in ms.
MOST_COMMIT_MS: Final = 250.0
MOST_SCAN_MS: Final = 50.0
MOST_PAPER_MS: Final = 1_000.0
#: No disk that keeps what it is told has a page down sooner, in milliseconds.
LEAST_SYNC_MS: Final = 0.02
_PRODUCTS: Final = 5_000
_TIMES: Final = 60
#: Prime, so that what is taken by it lies all over.
_STRIDE: Final = 2_477
#: A killed program is given so long to say its first word.
_BEGIN_S: Final = 60.0


class Tried(NamedTuple):
    """One thing that was tried; `sentence` says how it came out.  `warns`: it holds, and could be better."""

    name: str
    ok: bool
    sentence: str
    warns: bool = False

    @property
    def word(self) -> str:
        """How its line begins."""
        return "BAD" if not self.ok else "note" if self.warns else "ok "


def journal_of(database: Database) -> TillJournal:
    """The journal of a home that is thrown away."""
    return TillJournal(database, ORG, TILL, SystemClock())


def record(journal: TillJournal, place: int) -> tuple[int, str]:
    """Record one document and give its sequence and hash: two lines that cancel out."""
    now = SystemClock().now()
    lines = tuple(
        EntryLine(account=account, amount=amount, business_id=1)
        for account, amount in (("1150", 100 + place), ("1170", -100 - place))
    )
    sealed = journal.record_document(
        JournalEntry(
            org_id=ORG,
            request_id=new_request(),
            series=SERIES[JournalEntry],
            occurred_at=now,
            recorded_at=now,
            person_id=1,
            business_id=1,
            depot_id=1,
            currency="KES",
            description="selftest",
            lines=lines,
        )
    )
    return sealed.document.seq, sealed.hash.hex()


def try_disk(folder: Path) -> Tried:
    """How long this disk takes to have a page down."""
    spent = []
    with (folder / "page").open("wb", buffering=0) as page:
        for _ in range(_TIMES):
            page.seek(0)
            page.write(bytes(4096))
            begun = time.perf_counter()
            os.fsync(page.fileno())
            spent.append((time.perf_counter() - begun) * 1_000)
    middle = statistics.median(spent)
    words = f"A page is down in {middle:.2f} ms, {max(spent):.1f} ms at the most."
    if middle < LEAST_SYNC_MS:
        words += " No disk is as quick: it may lose what it calls written when the power goes."
    return Tried("disk", True, words, warns=middle < LEAST_SYNC_MS)


def try_commits(database: Database) -> Tried:
    """How long a document takes until it is said to be recorded."""
    journal = journal_of(database)
    spent = []
    for place in range(_TIMES):
        begun = time.perf_counter()
        record(journal, place)
        spent.append(_since(begun))
    slow = _slowest(spent)
    return Tried(
        "commit",
        slow <= MOST_COMMIT_MS,
        f"A document is recorded in {statistics.median(spent):.1f} ms, {slow:.1f} ms in the slowest twentieth"
        f" ({MOST_COMMIT_MS:.0f} at the most).",
    )


def try_scans(database: Database) -> Tried:
    """How long a scan takes to find its product among thousands."""
    _fill(database)
    shop = Shop(ORG, 1, 20260101)
    with database.read() as connection:
        found = [catalogue.by_barcode(connection, shop, _code(1))]
        spent = []
        for place in range(_TIMES):
            code, begun = _code(place * _STRIDE % _PRODUCTS + 1), time.perf_counter()
            found.append(catalogue.by_barcode(connection, shop, code))
            spent.append(_since(begun))
    slow = _slowest(spent)
    return Tried(
        "scan",
        None not in found and slow <= MOST_SCAN_MS,
        f"A scan finds one of {_PRODUCTS:,} products in {statistics.median(spent):.2f} ms,"
        f" {slow:.2f} ms in the slowest twentieth ({MOST_SCAN_MS:.0f} at the most).",
    )


def try_papers() -> Tried:
    """How long a long receipt takes until a printer has its bytes, on both widths of paper, in both ways."""
    blocks: list[Block] = [Text("Bohari", align="centre", bold=True, size=2), Rule()]
    blocks += [Columns(f"Gesi kilo 13, kujaza tena {place}", f"{place},150.00") for place in range(40)]
    widths: tuple[WidthChars, ...] = (42, 32)
    spent, wrong = [], []
    for width in widths:
        paper = Paper(width, (*blocks, Rule(), Columns("Total KES", "46,000.00", bold=True, size=2), Cut()))
        # The first one of a program loads its letters.
        to_escpos(paper, "raster")
        begun = time.perf_counter()
        letters, picture = to_escpos(paper, "text"), to_escpos(paper, "raster")
        spent.append(_since(begun))
        if "46,000.00" not in to_text(paper) or not letters or len(picture) < len(letters):
            wrong.append(f"{width} characters")
    words = f"A receipt of 40 lines is ready for the printer in {max(spent):.0f} ms"
    words += f" ({MOST_PAPER_MS:.0f} at the most)." if not wrong else f"; wrong on {', '.join(wrong)}."
    return Tried("paper", not wrong and max(spent) <= MOST_PAPER_MS, words)


class Round(NamedTuple):
    """What a program that was killed had said to be recorded, and what is missing of it."""

    said: int
    missing: int


def kill_round(writer: Sequence[str], open_home: Callable[[], Database], after_s: float) -> Round:
    """Start a program that records without end, pull its plug, and look for all that it said.

    `writer` is how it is called; it says a sequence and a hash for each document that is recorded.
    """
    process = subprocess.Popen(list(writer), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    said = process.stdout
    if said is None:
        raise RuntimeError("no pipe")
    killer = threading.Timer(_BEGIN_S, process.kill)
    killer.start()
    try:
        first = said.readline()
        killer.cancel()
        killer = threading.Timer(after_s, process.kill)
        killer.start()
        told = [first, *said.readlines()]
    finally:
        killer.cancel()
        process.kill()
        process.wait()
        said.close()
    # What it was saying as it died may be half a line, and was not heard.
    heard = [line.split() for line in told if line.endswith(b"\n")]
    database = open_home()
    try:
        with database.read() as connection:
            held = {
                int(key) - document_key(TILL, 0): bytes(hash_).hex()
                for key, hash_ in connection.execute(
                    text("SELECT document_id, hash FROM document WHERE org_id = :org"), {"org": ORG}
                )
            }
    finally:
        database.close()
    return Round(len(heard), sum(held.get(int(seq)) != hash_.decode() for seq, hash_ in heard))


def try_kills(writer: Sequence[str], open_home: Callable[[], Database], rounds: int, seed: int) -> Tried:
    """Whether all that was said to be recorded is there, whole, however often the plug is pulled."""
    # From 20 to 500 ms after its first word, all over between.
    moments = (0.02 + (seed + place * _STRIDE) % 481 / 1_000 for place in range(rounds))
    done = [kill_round(writer, open_home, after_s) for after_s in moments]
    said, missing = sum(one.said for one in done), sum(one.missing for one in done)
    silent = sum(one.said == 0 for one in done)
    database = open_home()
    try:
        verdict = verify(database, ORG, TILL)
    finally:
        database.close()
    words = f"{rounds} kills: {said} documents were said to be recorded, {missing} of them are missing"
    words += "; the books are whole." if verdict.ok else f"; {verdict.problems[0]}"
    if silent:
        words += f" {silent} of the programs said nothing before they were killed."
    return Tried("kills", missing == 0 and verdict.ok and silent < rounds, words, warns=bool(silent))


def _fill(database: Database) -> None:
    """A catalogue, as a large shop has it."""
    keys = range(1, _PRODUCTS + 1)
    goods = {"name": "Goods", "price": 100_00, "tax_code": "A", "category": "", "unit": "pc"}
    more = {"business_id": 1, "stocked": 0, "on_shelf": 0, "active": 1}
    with database.write() as connection:
        connection.execute(
            master.tax_code.insert().values(org_id=ORG, code="A", name="A", treatment="inclusive")
        )
        connection.execute(
            master.product.insert(),
            [{"org_id": ORG, "product_id": key, "sku": f"S{key}", **goods, **more} for key in keys],
        )
        connection.execute(
            master.product_barcode.insert(),
            [{"org_id": ORG, "barcode": _code(key), "product_id": key} for key in keys],
        )


def _code(key: int) -> str:
    return f"616{key:010d}"


def _since(begun: float) -> float:
    return (time.perf_counter() - begun) * 1_000


def _slowest(spent: Sequence[float]) -> float:
    """What nineteen of twenty are below."""
    return sorted(spent)[int(len(spent) * 0.95)]
