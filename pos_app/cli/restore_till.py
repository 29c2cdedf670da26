"""`bohari restore till`: a lost till put to work again on another machine, from a backup or from nothing.

Decisions
---------
2026-11-30  What is restored is a new till under a new number, and not the old one that goes on.  Nobody knows
how many receipts the dead disk printed after what the centre, the backup and the second medium have; whoever
went on counting there would print numbers a second time.  The old number is never used again, what was
recorded under it is carried to the centre, and a machine that comes back to life delivers its rest itself.

2026-11-30  People, roles, prices, customers and balances come from the centre alone.  Of a backup nothing is
merged into the new home but how printer and scanner of the place are set: who left since cannot sign in.
"""

import contextlib
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from pos_app import bootstrap, settings
from pos_app.bootstrap import HomeKind
from pos_app.cli.answer import Answer
from pos_app.cli.command import TOLD_HOME, Call, command, misused, noun
from pos_app.cli.enrolment import enrolled
from pos_app.cli.needs import open_to_all
from pos_app.cli.opened_backup import OpenedBackup, opened_backup
from pos_app.cli.syncd import INSECURE_HELP
from pos_app.ledger.errors import Refused, Unavailable
from pos_app.store.documents import settings as facts
from pos_app.store.engine.key_store import make_folder
from pos_app.store.engine.sole import DAEMON, WINDOW, sole
from pos_app.store.medium import backup_file
from pos_app.store.medium.backup_file import Manifest
from sync.client.enrol import Replaced

app: Final = noun()


@command(
    app,
    "till",
    TOLD_HOME,
    open_to_all("The centre's one-time code is who may, and the shop's private key what is opened."),
)
def restore_till(
    call: Call,
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="The newest backup of the lost till; or none.")
    ] = None,
    *,
    identity: Annotated[Path | None, typer.Option(help="The shop's private key, which opens it.")] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Only open the backup and say what is in it; nothing is restored.")
    ] = False,
    server_url: Annotated[str, typer.Option("--server", metavar="URL")] = "",
    code: Annotated[str, typer.Option(help="From “bohari enrol-code” at the centre.")] = "",
    replaces: Annotated[
        int, typer.Option(metavar="NUMBER", help="Without a backup: the number of the lost till.")
    ] = 0,
    ca: Annotated[
        Path | None, typer.Option(help="The certificate (PEM) of whoever signed the server's.")
    ] = None,
    insecure: Annotated[bool, typer.Option("--insecure", help=INSECURE_HELP)] = False,
) -> Answer:
    """Put a lost till to work again in a new home, as a new till with its place and its settings."""
    if file is not None and identity is None:
        raise misused("restore-needs-identity", file=file)
    if check:
        if file is None or identity is None:
            raise misused("restore-check-of-nothing")
        return _checked(call.home, file, identity)
    if not server_url or not code:
        raise misused("restore-needs-server")
    _refuse_used(call.home)
    with _opened(call.home, file, identity) as opened:
        lost = None
        if opened is not None:
            _refuse_at_work(opened.manifest)
            lost = Replaced(opened.manifest.org_id, opened.manifest.terminal_no)
            settings.take_over(call.home, opened.home / backup_file.SETTINGS)
        elif replaces:
            lost = Replaced(0, replaces)
        one, trouble = enrolled(call.home, server_url, code, ca=ca, insecure=insecure, replaces=lost)
    no = 0 if lost is None else lost.terminal_no
    values: dict[str, Any] = {"terminal": one.terminal_no, "replaces": no, "trouble": trouble}
    return Answer(values, _lines(one.terminal_no, no, trouble, file))


def _lines(number: int, lost: int, trouble: str, file: Path | None) -> list[str]:
    said = (
        f"its prices and people have not come yet: {trouble}" if trouble else "prices and people have come."
    )
    lines = [f"This is till {number} now; {said}"]
    if lost:
        lines.append(
            f"Till {lost} is not used again: its numbers may stand on receipts that only its disk knew."
        )
        brought = "the second medium, if there is one" + (" and the backup" if file else "")
        lines.append(
            f"At the centre, bring what it did not send: “bohari rescue” with {brought}; then"
            f" “bohari terminal revoke {lost}”."
        )
    lines.append("Here: “bohari medium set” and “bohari backup-set”, with another stick than the old one.")
    return lines


def _refuse_used(home: Path) -> None:
    """Only a folder in which nothing is, or a restore that was broken off.  Raises `Refused`."""
    kind = bootstrap.kind_of(home)
    if kind is None:
        return
    if kind is HomeKind.CENTRAL:
        raise Refused("home-is-central", home=home)
    if not (home / bootstrap.TILL_DATABASE).exists():
        return
    for what in (WINDOW, DAEMON):
        with sole(home, what):
            pass
    database = bootstrap.till_database(home)
    try:
        with database.read() as connection:
            number = facts.get(connection, "terminal_no")
    finally:
        database.close()
    if number:
        raise Refused("restore-home-in-use", home=home, terminal=number)


def _refuse_at_work(manifest: Manifest) -> None:
    """Raise `Refused` when the till of a backup runs on this very machine."""
    home = Path(manifest.home)
    with contextlib.suppress(OSError):
        if bootstrap.kind_of(home) is not HomeKind.TILL:
            return
        for what in (WINDOW, DAEMON):
            try:
                with sole(home, what):
                    pass
            except Refused:
                raise Refused("restore-till-at-work", terminal=manifest.terminal_no) from None
            except Unavailable:
                # A dying disk that the system lets nobody write to any more: no till works there.
                return


@contextlib.contextmanager
def _opened(home: Path, file: Path | None, identity: Path | None) -> Iterator[OpenedBackup | None]:
    if file is None or identity is None:
        yield None
        return
    try:
        make_folder(home, 0o700)
    except OSError as error:
        raise Unavailable("home-unwritable", home=home, why=error.strerror) from error
    with opened_backup(file, identity, home) as opened:
        yield opened


def _checked(home: Path, file: Path, identity: Path) -> Answer:
    """Open a backup and say what is in it; a till's home keeps that the private key still opens one."""
    kind = bootstrap.kind_of(home)
    with opened_backup(file, identity, home if home.is_dir() else Path(tempfile.gettempdir())) as opened:
        manifest = opened.manifest
    if kind is HomeKind.TILL and settings.load(home).backup_folder:
        settings.write(home, backup_key_tried=f"{datetime.now(UTC):%Y-%m-%d}")
    values = {
        "organisation": manifest.organisation,
        "terminal": manifest.terminal_no,
        "made_at": manifest.made_at,
        "documents": manifest.last_seq,
        "acknowledged": manifest.acknowledged,
    }
    return Answer(
        values,
        [
            f"{file} holds: till {manifest.terminal_no} of {manifest.organisation}, made {manifest.made_at}.",
            f"{manifest.last_seq} documents, of which the centre had {manifest.acknowledged} then.",
        ],
    )
