"""The spool: a sale never waits for paper, and nothing is printed twice by itself."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pos_app.devices.errors import UnprintablePaper
from pos_app.devices.printer_memory import MemoryPrinter, NoPrinter
from pos_app.store.journal import print_jobs
from pos_app.store.journal.print_jobs import PrintJob
from pos_app.till.paper.spool import Spool
from tests.support.worlds.till_fixture import CASHIER, Shop

ROOT = Path(__file__).parents[3]


def render(job: PrintJob) -> bytes:
    return f"{job.what} {job.document_id} copy {job.copy_no}".encode()


def states(shop: Shop) -> list[str]:
    return [job.state for job in shop.print_jobs()]


@pytest.fixture
def printer() -> MemoryPrinter:
    return MemoryPrinter()


@pytest.fixture
def spool(shop: Shop, printer: MemoryPrinter) -> Spool:
    made = Spool(shop.till._context, printer, render)
    made.work_off()  # the kick of the opening
    printer.jobs.clear()
    return made


def test_what_waits_is_printed_in_order(shop: Shop, spool: Spool, printer: MemoryPrinter) -> None:
    sold = [shop.sell(sku) for sku in ("GAS13", "REG", "SOAP")]
    assert spool.work_off() == 3
    assert printer.jobs == [f"receipt {one.document_id} copy 0".encode() for one in sold]
    assert spool.work_off() == 0
    assert set(states(shop)) == {print_jobs.PRINTED}


@pytest.mark.parametrize("condition", ["offline", "paper_out"])
def test_an_absent_printer_makes_jobs_wait_and_selling_goes_on(
    shop: Shop, spool: Spool, printer: MemoryPrinter, condition: str
) -> None:
    printer.condition = condition  # type: ignore[assignment]
    for sku in ("GAS13", "REG"):
        shop.sell(sku)
        assert spool.work_off() == 0
    assert states(shop)[1:] == ["waiting", "waiting"]
    waiting = shop.till.status().unprinted
    assert [job.error != "" for job in waiting] == [True, False]
    assert waiting[0].attempts == 2
    printer.condition = "ready"
    assert spool.work_off() == 2
    assert len(printer.jobs) == 2


def test_an_uncertain_job_is_left_for_a_person(shop: Shop, spool: Spool, printer: MemoryPrinter) -> None:
    """“Printing failed”, yet it printed: sending again would make a second receipt."""
    printer.condition = "silent"
    sold = shop.sell("GAS13")
    spool.work_off()
    printer.condition = "ready"
    for _ in range(3):
        spool.work_off()
    assert (len(printer.unconfirmed), printer.jobs) == (1, [])
    troubled = shop.till.status().uncertain
    assert [(job.document_id, job.state) for job in troubled] == [(sold.document_id, "uncertain")]
    assert "Check the paper" in troubled[0].error
    # What comes after it is printed, and the person may print it again: as a copy.
    other = shop.sell("REG")
    shop.till.receipts.reprint(sold.document_id)
    spool.work_off()
    assert printer.jobs == [
        f"receipt {other.document_id} copy 0".encode(),
        f"receipt {sold.document_id} copy 1".encode(),
    ]


def test_jobs_wait_through_a_restart(shop: Shop, spool: Spool, printer: MemoryPrinter) -> None:
    printer.condition = "offline"
    sold = shop.sell("GAS13")
    spool.work_off()
    shop.restart()
    shop.be(CASHIER)
    printer.condition = "ready"
    assert Spool(shop.till._context, printer, render).work_off() == 1
    assert printer.jobs == [f"receipt {sold.document_id} copy 0".encode()]


KILLED_WHILE_PRINTING = """
import os, signal, sys
from pathlib import Path
from pos_app.till.paper.spool import Spool
from tests.support.worlds.till_fixture import CASHIER, Shop

class Burning:
    def send(self, job):
        os.kill(os.getpid(), signal.SIGKILL)
    def close(self):
        pass

shop = Shop.at(Path(sys.argv[1]))
shop.be(CASHIER)
shop.sell("GAS13")
Spool(shop.till._context, Burning(), lambda job: b"x").work_off()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no SIGKILL")
def test_killed_while_printing_is_uncertain(shop: Shop, spool: Spool, printer: MemoryPrinter) -> None:
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_WHILE_PRINTING, str(shop.path)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
        capture_output=True,
        timeout=200,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    assert states(shop)[-1] == "printing"
    spool.start()
    spool.stop()
    assert printer.jobs == []
    assert [job.state for job in shop.till.status().uncertain] == ["uncertain"]
    assert "Look at the paper" in shop.till.status().uncertain[0].error


def test_the_thread_prints_and_stops(shop: Shop, printer: MemoryPrinter) -> None:
    shop.sell("GAS13")
    running = Spool(shop.till._context, printer, render)
    running.start()
    running.stop()
    running.stop()
    # The opening's kick and the receipt, or the stop came between them; never one of them twice.
    assert len(printer.jobs) == len(set(printer.jobs)) <= 2
    running = Spool(shop.till._context, printer, render)
    running.work_off()
    assert len(printer.jobs) == len(set(printer.jobs)) == 2


def test_without_a_printer_nothing_piles_up(shop: Shop) -> None:
    spool = Spool(shop.till._context, NoPrinter(), render)
    shop.sell("GAS13")
    assert spool.work_off() == 2
    assert shop.till.status().unprinted == ()


@pytest.mark.parametrize("fault", [UnprintablePaper("A row does not fit the paper."), ZeroDivisionError()])
def test_a_job_that_cannot_be_drawn_does_not_hold_up_the_rest(
    shop: Shop, spool: Spool, printer: MemoryPrinter, fault: Exception
) -> None:
    poisoned = shop.sell("GAS13")
    good = shop.sell("REG")

    def draws(job: PrintJob) -> bytes:
        if job.document_id == poisoned.document_id:
            raise fault
        return render(job)

    Spool(shop.till._context, printer, draws).work_off()
    assert printer.jobs == [f"receipt {good.document_id} copy 0".encode()]
    assert [job.document_id for job in shop.till.status().uncertain] == [poisoned.document_id]
