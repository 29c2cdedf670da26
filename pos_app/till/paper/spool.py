"""The spool: prints what the sales queued, apart from them, and never twice by itself.

A job that failed before a byte was sent waits and is tried again; a job whose end is unknown is left
for a person (odoo#59059: "printing failed", yet it printed).
"""

import threading
from collections.abc import Callable
from datetime import timedelta

from pos_app.devices.errors import PrinterUnavailable, PrintUncertain
from pos_app.devices.printer import ReceiptPrinter
from pos_app.language import said
from pos_app.ledger.errors import BohariError, Damaged, Refused
from pos_app.log import printing_events
from pos_app.store.journal import print_jobs
from pos_app.store.journal.print_jobs import PrintJob
from pos_app.till.session.context import Context

_RETRY = timedelta(seconds=3)

#: Turns a job into the bytes for the printer.
Renderer = Callable[[PrintJob], bytes]


class Spool:
    """Works off the print jobs in a thread of its own."""

    def __init__(self, context: Context, printer: ReceiptPrinter, render: Renderer) -> None:
        self._context = context
        self._printer = printer
        self._render = render
        self._wake = threading.Event()
        self._stopping = False
        self._thread: threading.Thread | None = None
        #: What the printer last complained of: told when it changes, not every three seconds.
        self._trouble = ""

    def start(self) -> None:
        """Begin, after `leave_interrupted`."""
        self.leave_interrupted()
        self._thread = threading.Thread(target=self._run, name="spool", daemon=True)
        self._thread.start()

    def leave_interrupted(self) -> None:
        """Jobs that were being printed when the program died are left for a person."""
        with self._context.database.write() as connection:
            for job in print_jobs.unfinished(connection):
                if job.state == print_jobs.PRINTING:
                    print_jobs.mark(
                        connection, job.job_id, print_jobs.UNCERTAIN, said("print-interrupted").spoken, None
                    )

    def wake(self) -> None:
        """A document was recorded: look now."""
        self._wake.set()

    def stop(self) -> None:
        """End after the job in hand."""
        self._stopping = True
        self._wake.set()
        if self._thread is not None:
            self._thread.join(timeout=10)
            self._thread = None

    def _run(self) -> None:
        while not self._stopping:
            try:
                self.work_off()
            except BohariError as error:
                printing_events.SPOOL_TROUBLE.log(error)
            self._wake.wait(_RETRY.total_seconds())
            self._wake.clear()

    def work_off(self) -> int:
        """Print what waits, in order, until the printer fails; gives how many were printed."""
        done = 0
        context = self._context
        with context.database.read() as connection:
            jobs = [job for job in print_jobs.unfinished(connection) if job.state == print_jobs.WAITING]
        for job in jobs:
            if self._stopping or not self._print(job):
                break
            done += 1
        return done

    def _print(self, job: PrintJob) -> bool:
        """Print one job; false when the printer is not there."""
        try:
            content = self._render(job)
        except (Refused, Damaged) as error:
            # Drawn again it fails again, and would hold up every receipt behind it.
            printing_events.RECEIPT_NOT_DRAWN.log(error, job=job.job_id)
            self._mark(job, print_jobs.UNCERTAIN, error.sentence)
            return True
        except Exception as error:  # noqa: BLE001 - a bug in one receipt must not end the spool; it is logged whole
            printing_events.RECEIPT_NOT_DRAWN.log(error, job=job.job_id)
            self._mark(job, print_jobs.UNCERTAIN, said("receipt-cannot-be-drawn").spoken)
            return True
        self._mark(job, print_jobs.PRINTING, "")
        try:
            self._printer.send(content)
        except PrinterUnavailable as error:
            if error.sentence != self._trouble:
                self._trouble = error.sentence
                printing_events.PRINTER_UNAVAILABLE.log(error, job=job.job_id)
            self._mark(job, print_jobs.WAITING, error.sentence)
            return False
        except PrintUncertain as error:
            printing_events.PRINT_UNCERTAIN.log(error, job=job.job_id)
            self._mark(job, print_jobs.UNCERTAIN, error.sentence)
            return True
        if self._trouble:
            self._trouble = ""
            printing_events.PRINTER_BACK.log()
        self._mark(job, print_jobs.PRINTED, "")
        return True

    def _mark(self, job: PrintJob, state: str, error: str) -> None:
        context = self._context
        done_at = context.clock.now() if state == print_jobs.PRINTED else None
        with context.database.write() as connection:
            print_jobs.mark(connection, job.job_id, state, error, done_at)
