"""`bohari apply`: the commands of a file, one after another, as whoever is signed in.

Decisions
---------
2026-11-30  Each command is a transaction of its own, as if it had been typed.  All of them in one would
keep the organisation's lock while somebody's file of products is read, and a mistake in the last line would
throw away a hundred good ones.  A mistake ends it and names its line; whoever mends the line applies the
file again: what says `add` of something that is there already is left as it is, and everything else says
how something is to be, however often.

2026-11-30  A file holds commands about what a shop is made of, and no documents: applied twice, a payment
would be two.  Who acts has proved it once, for all lines; each is held against their rights as ever.
"""

import contextlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from pos_app.bootstrap import Central
from pos_app.cli import homes, identity, program
from pos_app.cli.answer import Answer, heard
from pos_app.cli.command import WrongUse, command, noun
from pos_app.cli.command_file import WrittenCommand, read_commands
from pos_app.cli.homes import CENTRE, AtCentre
from pos_app.cli.identity import Actor
from pos_app.cli.needs import somewhere
from pos_app.language import Sentence, said
from pos_app.ledger.errors import BohariError, Refused
from pos_app.ledger.permission import Permission

app: Final = noun()

#: What a file may be about: nothing under these nouns is a document.
MASTERS: Final = frozenset(
    {
        "organisation", "business", "depot", "accounts", "tax", "rates", "rule", "role", "person",
        "category", "unit", "product", "prices", "price-list", "promotion", "loyalty", "customer-group",
        "reorder", "parties", "import",
    }
)  # fmt: skip
#: The line that says how an organisation is founded (see `templates`); later it says nothing new.
FOUNDING: Final = "init"
#: What is refused because there is such a one already.
_THERE: Final = ("-code-taken", "-list-taken", "group-taken", "role-taken")
_STRICT: Final = "--strict"


@dataclass
class Applied:
    """What became of a file: the answers by line, the lines that were there already, and where it ended."""

    answers: list[tuple[WrittenCommand, Answer]] = field(default_factory=list)
    there: list[WrittenCommand] = field(default_factory=list)
    failed: WrittenCommand | None = None
    why: Sentence | str = ""

    def answer(self) -> Answer:
        """For a person, and for a program."""
        values: dict[str, Any] = {
            "done": len(self.answers),
            "there": [one.line_no for one in self.there],
            "lines": [
                {"line": one.line_no, "command": one.shown, "answer": answer.values}
                for one, answer in self.answers
            ],
        }
        lines: list[str] = [
            f"{one.line_no:>4}  {told.spoken if isinstance(told, Sentence) else told}"
            for one, answer in self.answers
            for told in answer.lines
        ]
        if self.there:
            lines.append(said("apply-there", lines=", ".join(str(one.line_no) for one in self.there)))
        if self.failed is not None:
            values |= {"failed": self.failed.line_no, "why": str(self.why)}
            lines.append(said("apply-ended", line=self.failed.line_no, why=self.why))
        else:
            lines.append(said("apply-done", done=len(self.answers)))
        return Answer(values, lines, ok=self.failed is None)


@command(app, "apply", CENTRE, somewhere(Permission.EDIT_MASTER, Permission.EDIT_PEOPLE))
def apply(at: AtCentre, file: Annotated[Path, typer.Argument(metavar="FILE")]) -> Answer:
    """Play a file of commands about what the shop is made of: one a line, files of goods beside it.

    What it says to add and is there already stays as it is. A mistake names its line and ends it; mend
    the line and apply the file again.
    """
    return play(at.centre, at.actor, file).answer()


def play(centre: Central, actor: Actor, file: Path) -> Applied:
    """The commands of a file at an open centre with one organisation chosen, each by this person.

    Raises `Refused` before anything is done for a file that is none and for a line that no file may hold.
    """
    commands = checked(file)
    found = Applied()
    # Files that a line names lie beside the file that holds it.
    with contextlib.chdir(file.resolve().parent), homes.staying(centre), identity.acting(actor):
        for one in commands:
            _play(centre, one, found)
            if found.failed is not None:
                break
    return found


def checked(file: Path) -> list[WrittenCommand]:
    """The commands of a file that may be played, but for the one that founds.

    Raises `Refused` for a file that is none, and for a line that no file may hold or no command is.
    """
    commands = [one for one in read_commands(file) if one.words[0] != FOUNDING]
    for one in commands:
        _check(one)
    return commands


def _check(written: WrittenCommand) -> None:
    try:
        loaded: Any = program.root().load(written.words[0])
    except KeyError:
        raise Refused("apply-no-such-command", line=written.line_no, what=written.words[0][:40]) from None
    if written.words[0] not in MASTERS:
        raise Refused("apply-not-a-master", line=written.line_no, what=written.words[0][:40])
    verbs = getattr(loaded, "commands", None)
    if verbs is not None and (len(written.words) < 2 or written.words[1] not in verbs):
        raise Refused("apply-no-such-command", line=written.line_no, what=" ".join(written.words[:2])[:40])


def _play(centre: Central, written: WrittenCommand, applied: Applied) -> None:
    words = [*written.words, "--home", str(centre.home)]
    if written.words[0] == "import" and _STRICT not in written.words:
        words.append(_STRICT)
    try:
        with heard() as answers:
            program.root()(words, prog_name="bohari", standalone_mode=False)
    except BohariError as error:
        if "add" in written.words[:2] and error.said.code.endswith(_THERE):
            applied.there.append(written)
            return
        applied.failed, applied.why = written, error.said
    except WrongUse as error:
        applied.failed, applied.why = written, getattr(error, "said", None) or program.usage(error)
    except typer.Exit as ended:
        if ended.exit_code:
            applied.failed, applied.why = written, "; ".join(map(str, answers[-1].lines)) if answers else ""
    if applied.failed is None:
        applied.answers += [(written, each) for each in answers]
