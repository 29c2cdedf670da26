"""`bohari doctor`: looks for what could go wrong, and changes nothing."""

import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Final, NamedTuple

import typer

from pos_app import bootstrap
from pos_app.bootstrap import HomeKind
from pos_app.cli.answer import Answer
from pos_app.cli.command import TOLD, Call, command, noun
from pos_app.cli.homes import Opened, kind_of, opened
from pos_app.cli.moments import shown
from pos_app.cli.needs import open_to_all
from pos_app.language import said
from pos_app.ledger.clock import SystemClock
from pos_app.ledger.errors import BohariError
from pos_app.store.documents import terminal
from pos_app.store.engine import key, key_store, pepper
from pos_app.store.engine.key_store import Place
from pos_app.store.feed import ahead
from pos_app.store.journal import quarantine
from pos_app.store.master import to_fill_in
from pos_app.store.schema import schema, seal_check
from pos_app.store.upkeep import health
from pos_app.support import write as write_support

app: Final = noun()

#: The key of a centre's personal fields (see `store.privacy_key`, which a till does not load).
_PRIVACY_KEY: Final = "privacy.key"
#: The key that signs the centre's answers (see `sync.server.server_key`).
_SERVER_KEY: Final = "server.key"
_PRIVACY_VARIABLE: Final = "BOHARI_PRIVACY_KEY"
_LEAST_FREE_BYTES: Final = 500_000_000
#: What is said of a key that lies in no file of its own.
_KEPT: Final = {
    Place.SERVICE: "The service got it from systemd.",
    Place.SEALED: "It is sealed to this machine.",
    Place.KEYRING: "It is in the keyring.",
}


class Finding(NamedTuple):
    """One thing that was looked at; `sentence` says how it is, or what to do.

    `warns`: nothing is broken, and it could be better.
    """

    name: str
    ok: bool
    sentence: str
    warns: bool = False

    @property
    def word(self) -> str:
        """How its line begins."""
        return "BAD" if not self.ok else "note" if self.warns else "ok "


@command(
    app,
    "doctor",
    TOLD,
    open_to_all("It changes nothing and must run where no PIN can be checked."),
)
def doctor(
    call: Call,
    support: Annotated[
        Path | None, typer.Option(metavar="FILE.zip", help="Gather findings and logs for whoever helps.")
    ] = None,
) -> Answer:
    """Look for what could go wrong: keys, disk, damage, versions."""
    home, kind = call.home, kind_of(call.home)
    findings = [Finding("home", True, f"{home} is a {kind.value} home."), _disk(home)]
    findings += _keys(home, kind)
    try:
        with opened(home, call.org) as one:
            findings += _database(one)
            findings += _papers(one)
            findings.append(_traffic(one))
    except BohariError as error:
        findings.append(Finding("database", False, error.sentence))
    values: dict[str, Any] = {
        "findings": [
            {"name": one.name, "ok": one.ok, "sentence": one.sentence, "warns": one.warns} for one in findings
        ]
    }
    lines = [f"{one.word} {one.name}: {one.sentence}" for one in findings]
    if support is not None:
        inside = write_support(home, support, values, SystemClock().now())
        values["support"] = str(support)
        lines.append(f"{support} holds {', '.join(inside)}; send it to whoever helps you.")
    return Answer(values, lines, all(one.ok for one in findings))


def _disk(home: Path) -> Finding:
    free = shutil.disk_usage(home).free
    enough = free >= _LEAST_FREE_BYTES
    return Finding(
        "disk", enough, f"{free // 1_000_000:,} MB are free" + ("." if enough else "; make room soon.")
    )


def _keys(home: Path, kind: HomeKind) -> Iterator[Finding]:
    if kind is HomeKind.CENTRAL and os.environ.get(_PRIVACY_VARIABLE):
        yield Finding(_PRIVACY_KEY, True, f"It comes from {_PRIVACY_VARIABLE}.")
        return
    till = (key.FILE, bootstrap.TERMINAL_KEY, pepper.FILE)
    names = till if kind is HomeKind.TILL else (_PRIVACY_KEY, _SERVER_KEY)
    for name in names:
        place = key_store.place_of(home, name)
        if place is None:
            yield Finding(name, False, "It is missing; restore it.")
        elif place is not Place.FILE:
            yield Finding(name, True, _KEPT[place])
        elif sys.platform != "win32" and (home / name).stat().st_mode & 0o077:
            yield Finding(name, False, f"Others can read it; chmod 600 {home / name}.")
        elif name in (bootstrap.TERMINAL_KEY, pepper.FILE):
            yield Finding(
                name,
                True,
                "Only its owner reads it; whoever copies this disk has it all the same.",
                warns=True,
            )
        else:
            yield Finding(name, True, "Only its owner reads it.")


def _database(opened: Opened) -> Iterator[Finding]:
    side = "till" if opened.kind is HomeKind.TILL else "central"
    # As the owner: versions and seals are no organisation's, and the application may not read them.
    with opened.database.as_owner().read() as connection:
        yield Finding("engine", True, health.engine_version(connection) + ".")
        standing = schema.version(connection)
        yield Finding("version", standing == schema.HEADS[side], f"Migrations {', '.join(sorted(standing))}.")
        damage = health.damage(connection)
        yield Finding("pages", not damage, damage[0] if damage else "No page is damaged.")
        seals = list(seal_check.problems(connection))
        yield Finding("seals", not seals, seals[0] if seals else "All triggers stand as declared.")
        if side == "central":
            hidden = ahead.hidden(connection, [opened.org_id])
            yield Finding("feed", not hidden, _hidden(hidden) if hidden else "Nothing is hidden from tills.")
        newest = health.newest(connection, opened.org_id)
        is_ahead = newest is not None and newest > opened.clock.now() + timedelta(minutes=5)
        yield Finding(
            "clock",
            not is_ahead,
            f"A document is of {shown(newest, opened.organisation.time_zone)}, later than this clock; set it."
            if is_ahead and newest
            else "The clock is not behind the books.",
        )


def _hidden(kinds: Sequence[str]) -> str:
    return said("feed-stamps-ahead", source=kinds[0]).spoken


def _papers(opened: Opened) -> Iterator[Finding]:
    """What papers lack: numbers that a template left to be written in, and those that nobody said."""
    if opened.kind is HomeKind.TILL:
        return
    with opened.database.read() as connection:
        zeros = to_fill_in.of(connection, opened.org_id)
        unsaid = to_fill_in.unsaid(connection, opened.org_id, opened.organisation.currency.code)
    for sentence in (*zeros, *unsaid):
        yield Finding("papers", True, sentence.spoken, warns=True)
    if not zeros and not unsaid:
        yield Finding("papers", True, "What they say of businesses and depots is written in.")


def _traffic(opened: Opened) -> Finding:
    with opened.database.read() as connection:
        if opened.kind is HomeKind.CENTRAL:
            waiting = len(quarantine.waiting(connection, opened.org_id))
            return Finding("quarantine", not waiting, f"{waiting} documents wait for a decision.")
        sync = terminal.sync_state(connection, terminal.load(connection))
    trouble = sync.frozen or sync.error
    return Finding("sync", not trouble, trouble or f"{sync.waiting} documents wait to be sent.")
