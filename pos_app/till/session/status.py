"""What the strip above every screen says: what waits to be sent, how medium, backups and printer are."""

from dataclasses import dataclass

from pos_app.store.documents import terminal
from pos_app.store.documents.terminal import SyncState
from pos_app.store.journal import print_jobs
from pos_app.store.journal.print_jobs import PrintJob
from pos_app.store.medium import backup_state, medium_state
from pos_app.store.medium.backup_state import Standing as Backup
from pos_app.store.medium.medium_state import Standing
from pos_app.till.session.context import Context
from pos_app.till.session.fiscal import FiscalWait


@dataclass(frozen=True)
class Status:
    """The sync's state, jobs not printed yet, and jobs a person must look at; the second medium's, the
    backups' and the tax authority's, if any.
    """

    sync: SyncState
    unprinted: tuple[PrintJob, ...]
    uncertain: tuple[PrintJob, ...]
    medium: Standing | None = None
    backup: Backup | None = None
    fiscal: FiscalWait | None = None


def status(context: Context) -> Status:
    """Read the state; a few short reads, cheap enough for every second."""
    home = context.database.folder
    with context.database.read() as connection:
        context.fiscal.look(connection)
        return Status(
            terminal.sync_state(connection, context.terminal),
            tuple(print_jobs.unfinished(connection)),
            tuple(print_jobs.troubled(connection)),
            None if home is None else medium_state.standing(connection, context.terminal, home),
            None if home is None else backup_state.standing(home, context.clock.now()),
            context.fiscal.wait,
        )
