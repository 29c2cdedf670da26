"""The commands of the office: quarantine, audit log, people.  One subcommand a line, as in `cli`."""

from pathlib import Path
from typing import Annotated, Final

import typer

from pos_app.cli.answer import Answer
from pos_app.cli.command import Code, Home, Json, Org, print_answer

quarantine_app: Final = typer.Typer(no_args_is_help=True, help="What was not booked, and deciding on it.")
audit_app: Final = typer.Typer(no_args_is_help=True, help="Who changed what, when and where.")
person_app: Final = typer.Typer(no_args_is_help=True, help="Who works here, and what they may do.")

Document = Annotated[str, typer.Argument(metavar="TERMINAL/SEQUENCE")]
Hash = Annotated[str, typer.Option("--hash", help="Its hash or the beginning of it, where several came.")]
Reason = Annotated[str, typer.Option(help="Why.")]
By = Annotated[str, typer.Option("--by", metavar="CODE", help="Who decides.")]
With = Annotated[str, typer.Option("--with", metavar="CODE", help="Who decides with them.")]
Actor = Annotated[str, typer.Option("--by", metavar="CODE", help="Who does this, for the audit log.")]
Business = Annotated[str, typer.Option(help="Only in this business.")]
Depot = Annotated[str, typer.Option(help="Only at this depot.")]
Role = Annotated[str, typer.Option(help="owner, accountant, manager, cashier, driver, auditor, ...")]


@quarantine_app.command("list")
def quarantine_list(
    home: Home,
    everything: Annotated[bool, typer.Option("--all", help="What was decided as well.")] = False,
    as_json: Json = False,
    _org: Org = "",
) -> None:
    """What waits for a decision, with the reason."""
    from pos_app.cli import quarantine

    print_answer(quarantine.list_all(home, decided=everything), as_json)


@quarantine_app.command("show")
def quarantine_show(
    document: Document, home: Home, hash_: Hash = "", as_json: Json = False, _org: Org = ""
) -> None:
    """One document, whole."""
    from pos_app.cli import quarantine

    print_answer(quarantine.show(home, document, hash_), as_json)


def _decision(what: str, home: Path, document: str, hash_: str, names: tuple[str, str, str]) -> Answer:
    from pos_app.cli import quarantine
    from sync.server.decision import Names

    decide = quarantine.accept if what == "accept" else quarantine.reject
    return decide(home, document, hash_, Names(*names))


@quarantine_app.command("accept")
def quarantine_accept(
    document: Document,
    home: Home,
    *,
    reason: Reason,
    by: By,
    with_: With,
    hash_: Hash = "",
    as_json: Json = False,
    _org: Org = "",
) -> None:
    """Post it into the books as it is; two different people say so."""
    print_answer(_decision("accept", home, document, hash_, (by, with_, reason)), as_json)


@quarantine_app.command("reject")
def quarantine_reject(
    document: Document,
    home: Home,
    *,
    reason: Reason,
    by: By,
    with_: With,
    hash_: Hash = "",
    as_json: Json = False,
    _org: Org = "",
) -> None:
    """Keep it out of the books for ever; two different people say so."""
    print_answer(_decision("reject", home, document, hash_, (by, with_, reason)), as_json)


@audit_app.command("list")
def audit_list(
    home: Home,
    *,
    since: Annotated[str, typer.Option(help="From this moment on, such as 2026-11-20.")] = "",
    action: Annotated[str, typer.Option(help="An action, or a group such as “product”.")] = "",
    most: Annotated[int, typer.Option("--limit", min=1, help="The newest so many.")] = 1000,
    as_json: Json = False,
    _org: Org = "",
) -> None:
    """Read the audit log of a till or a centre."""
    from pos_app.cli import audit

    print_answer(audit.list_entries(home, since=since, action=action, most=most), as_json)


@person_app.command("list")
def person_list(home: Home, as_json: Json = False, _org: Org = "") -> None:
    """Everybody, with their roles."""
    from pos_app.cli import person

    print_answer(person.list_people(home), as_json)


@person_app.command("add")
def person_add(
    code: Code,
    home: Home,
    *,
    name: Annotated[str, typer.Option(help="Their name.")],
    role: Role,
    depot: Depot = "",
    by: Actor = "",
    as_json: Json = False,
    _org: Org = "",
) -> None:
    """Hire somebody; prints their PIN once."""
    from pos_app.cli import person

    print_answer(person.add(home, code, name=name, role=role, depot=depot, by=by), as_json)


@person_app.command("give")
def person_give(
    code: Code,
    home: Home,
    *,
    role: Role,
    business: Business = "",
    depot: Depot = "",
    by: Actor = "",
    as_json: Json = False,
    _org: Org = "",
) -> None:
    """Give a role from now on."""
    from pos_app.cli import person

    place = {"business": business, "depot": depot, "by": by}
    print_answer(person.change_role(home, code, role, **place, take=False), as_json)


@person_app.command("take")
def person_take(
    code: Code,
    home: Home,
    *,
    role: Role,
    business: Business = "",
    depot: Depot = "",
    by: Actor = "",
    as_json: Json = False,
    _org: Org = "",
) -> None:
    """Take a role from now on."""
    from pos_app.cli import person

    place = {"business": business, "depot": depot, "by": by}
    print_answer(person.change_role(home, code, role, **place, take=True), as_json)


@person_app.command("leave")
def person_leave(code: Code, home: Home, by: Actor = "", as_json: Json = False, _org: Org = "") -> None:
    """Somebody left: all roles end now."""
    from pos_app.cli import person

    print_answer(person.leave(home, code, by), as_json)
