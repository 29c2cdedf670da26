"""What the strip above every screen says: what waits to be sent, and how the printer is."""

from dataclasses import dataclass

from pos_app.store.documents import terminal
from pos_app.store.documents.terminal import SyncState
from pos_app.store.journal import print_jobs
from pos_app.store.journal.print_jobs import PrintJob
from pos_app.till.session.context import Context


@dataclass(frozen=True)
class Status:
    """The sync's state, jobs not printed yet, and jobs a person must look at."""

    sync: SyncState
    unprinted: tuple[PrintJob, ...]
    uncertain: tuple[PrintJob, ...]


def status(context: Context) -> Status:
    """Read the state; a few short reads, cheap enough for every second."""
    with context.database.read() as connection:
        return Status(
            terminal.sync_state(connection, context.terminal),
            tuple(print_jobs.unfinished(connection)),
            tuple(print_jobs.troubled(connection)),
        )
