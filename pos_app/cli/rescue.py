"""`bohari rescue`: what an old till's home or its second medium has, and the centre does not."""

import contextlib
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from pos_app import bootstrap
from pos_app.bootstrap import HomeKind
from pos_app.cli.answer import Answer
from pos_app.cli.command import command, noun
from pos_app.cli.homes import CENTRE, AtCentre
from pos_app.cli.needs import needs
from pos_app.cli.opened_backup import opened_backup
from pos_app.ledger.errors import Refused, Unavailable
from pos_app.ledger.permission import Permission
from pos_app.ledger.travel import Packet
from pos_app.log import events
from pos_app.store.documents import outbox, terminal
from pos_app.store.engine.sole import DAEMON, RESCUE, WINDOW, sole
from pos_app.store.medium import reading
from sync.protocol.messages import MOST_PACKETS, MOST_PUSH_BYTES
from sync.server import rescue

app: Final = noun()

#: A medium that was written so recently has its till beside it.
_AT_WORK_S: Final = 60


@command(app, "rescue", CENTRE, needs(Permission.OPERATE))
def rescue_till(
    at: AtCentre,
    source: Annotated[
        Path,
        typer.Argument(
            metavar="FOLDER|FILE", help="An old till's home, a second medium, a copy of either, or a backup."
        ),
    ],
    *,
    identity: Annotated[
        Path | None, typer.Option(help="The shop's private key, which opens a second medium or a backup.")
    ] = None,
    despite_gap: Annotated[
        bool, typer.Option("--despite-gap", help="Also what lies behind documents that are lost for ever.")
    ] = False,
) -> Answer:
    """Bring in what a till has and the centre does not; what does not fit waits for two people."""
    if source.is_file():
        if identity is None:
            raise Refused("rescue-needs-identity", folder=source)
        with opened_backup(source, identity, at.centre.home) as opened:
            rows = [_of_home(at, opened.home, despite_gap=despite_gap)]
    elif bootstrap.kind_of(source) is HomeKind.TILL:
        rows = [_of_home(at, source, despite_gap=despite_gap)]
    elif identity is None:
        raise Refused("rescue-needs-identity", folder=source)
    else:
        rows = list(_of_medium(at, source, identity, despite_gap=despite_gap))
    for row in rows:
        events.RESCUED.log(**row)
    return Answer({"terminals": rows}, [_line(row) for row in rows], ok=not any(row["left"] for row in rows))


def _of_home(at: AtCentre, home: Path, *, despite_gap: bool) -> dict[str, Any]:
    with contextlib.ExitStack() as alone:
        for what in (RESCUE, WINDOW, DAEMON):
            # Neither sold in nor carried by anybody else meanwhile.
            alone.enter_context(sole(home, what))
        database = bootstrap.till_database(home)
        alone.callback(database.close)
        with database.read() as connection:
            own = terminal.load(connection)

        def packets() -> Iterator[Packet]:
            seq = 0
            while True:
                with database.read() as connection:
                    some = outbox.read_after(
                        connection, own, seq, most=MOST_PACKETS, most_bytes=MOST_PUSH_BYTES
                    )
                if not some:
                    return
                yield from some
                seq = some[-1].seq

        return _carried(at, own.org_id, own.terminal_no, packets(), despite_gap=despite_gap)


def _of_medium(at: AtCentre, medium: Path, identity: Path, *, despite_gap: bool) -> Iterator[dict[str, Any]]:
    if time.time() - _written_at(medium) < _AT_WORK_S:
        raise Refused("rescue-medium-at-work", folder=medium)
    for held in reading.read(medium, identity):
        row = _carried(at, held.org_id, held.terminal_no, held.packets, despite_gap=despite_gap)
        yield row | {"torn": held.torn}


def _written_at(medium: Path) -> float:
    """When something was last written there, in seconds since 1970; 0 when nothing was."""
    try:
        return max((path.stat().st_mtime for path in medium.rglob("*.bohari")), default=0.0)
    except OSError as error:
        raise Unavailable("path-unreadable", path=medium, why=error.strerror) from error


def _carried(
    at: AtCentre,
    org_id: int,
    terminal_no: int,
    packets: Iterable[Packet],
    *,
    despite_gap: bool,
) -> dict[str, Any]:
    if org_id != at.org_id:
        raise Refused("rescue-other-organisation", terminal=terminal_no)
    one = rescue.Rescue(at.centre.database, org_id, terminal_no, at.clock)
    done = one.carry(packets, despite_gap=despite_gap)
    return {
        "terminal": terminal_no,
        "known": done.known,
        "taken": done.taken,
        "set_aside": done.set_aside,
        "left": done.left,
        "missing": list(done.missing),
    }


def _line(row: dict[str, Any]) -> str:
    line = (
        f"Till {row['terminal']}: {row['known']} documents were here before, {row['taken']} are in the books"
        f" now, {row['set_aside']} wait for two people (“quarantine list”)."
    )
    if row["left"]:
        missing = ", ".join(f"{row['terminal']}/{seq}" for seq in row["missing"])
        line += f" {row['left']} were left where they are: {missing} is missing before them."
    if row.get("torn"):
        line += f" {row['torn']} files end in the middle of a document, as when a stick is pulled out."
    return line
