"""`bohari restore upgrade`: the way back from an upgrade of a till, before anything is recorded in it."""

import contextlib
from typing import Final

from pos_app import bootstrap
from pos_app.bootstrap import HomeKind
from pos_app.cli.answer import Answer
from pos_app.cli.command import TOLD_HOME, Call, command, noun
from pos_app.cli.needs import open_to_all
from pos_app.store.engine.sole import DAEMON, WINDOW, sole
from pos_app.store.medium import upgrade_copy

app: Final = noun()


@command(
    app,
    "upgrade",
    TOLD_HOME,
    open_to_all("It takes nothing away: it refuses once anything was signed since the copy."),
)
def restore_upgrade(call: Call) -> Answer:
    """Put back a till's database as it was before the last upgrade, where nothing was recorded since."""
    home = call.home
    bootstrap.expect(home, HomeKind.TILL)
    with contextlib.ExitStack() as alone:
        # Whoever has it open would write into a file that is put away.
        for what in (WINDOW, DAEMON):
            alone.enter_context(sole(home, what))
        away = upgrade_copy.put_back(home)
    return Answer(
        {"away": str(away)},
        [
            f"{home / bootstrap.TILL_DATABASE} is as it was before the upgrade.",
            f"The upgraded one lies in {away}.",
            "Install the version of before now: this one would upgrade it again at its next start.",
        ],
    )
