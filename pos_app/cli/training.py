"""The home in which people learn a till: made beside the real one, brought up to date, and thrown away."""

import contextlib
import shutil
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from pos_app import bootstrap, settings
from pos_app.cli.answer import Answer
from pos_app.cli.command import TOLD_HOME, Call, command, group, noun
from pos_app.cli.needs import open_to_all
from pos_app.ledger.errors import Refused, Unavailable
from pos_app.store.documents import settings as facts
from pos_app.store.documents import training
from pos_app.store.engine import key, key_store, pepper, terminal_key
from pos_app.store.engine.sole import WINDOW, sole
from pos_app.store.feed import training_copy

app: Final = noun()
training_app: Final = group(app, "training", "The home in which people learn a till.")
_ENDING: Final = "-training"


def home_of(real: Path) -> Path:
    """Where people learn the till of a home."""
    whole = real.resolve()
    return whole.with_name(whole.name + _ENDING)


def made(real: Path) -> Path:
    """The home of training, with the prices and people that the till has now.

    Raises `Refused` for what is no till's home, and where something else lies in the place of it.
    """
    bootstrap.expect(real, bootstrap.HomeKind.TILL)
    home = home_of(real)
    if (
        bootstrap.kind_of(home) is None
        and home.exists()
        and any(one.suffix != ".lock" for one in home.iterdir())
    ):
        raise Refused("training-place-taken", home=home)
    source = bootstrap.till_database(real)
    try:
        target = bootstrap.make_till_database(home)
        try:
            _looks(home, real)
            terminal_key.load_or_make(home / bootstrap.TERMINAL_KEY)
            with source.read() as known, target.write() as connection:
                _refuse_real(connection, home)
                training_copy.copy(known, connection)
        finally:
            target.close()
    finally:
        source.close()
    return home


def _looks(home: Path, real: Path) -> None:
    """As the real one looks; its printer and its card terminal are for what counts."""
    settings.take_over(home, real / settings.FILE)
    settings.write(home, printer="", card_terminal="")


def _refuse_real(connection: Connection, home: Path) -> None:
    """Raise `Refused` where the home beside it is a till that counts."""
    if facts.get(connection, "terminal_no") and not training.is_training(connection):
        raise Refused("training-place-taken", home=home)


@command(training_app, "discard", TOLD_HOME, open_to_all("What is in it counts nowhere."))
def discard(call: Call) -> Answer:
    """Throw away all that was tried: the next training begins with an empty drawer and number one."""
    home = home_of(call.home)
    if not (home / bootstrap.TILL_DATABASE).exists():
        return Answer({"home": str(home), "discarded": False}, ["There is no training to throw away."])
    database = bootstrap.till_database(home)
    try:
        with database.read() as connection:
            _refuse_real(connection, home)
    finally:
        database.close()
    with sole(home, WINDOW):
        for name in (key.FILE, bootstrap.TERMINAL_KEY, pepper.FILE):
            with contextlib.suppress(OSError):
                key_store.forget(home, name)
        try:
            shutil.rmtree(home)
        except OSError as error:
            raise Unavailable("home-unwritable", home=home, why=error.strerror) from error
    return Answer({"home": str(home), "discarded": True}, ["All that was tried is gone."])
