"""`bohari depot`: where is sold, as receipts name it."""

from dataclasses import asdict, dataclass
from typing import Annotated, Final

import typer

from pos_app.cli import history
from pos_app.cli.acting import AT_WORK, LOOKING
from pos_app.cli.answer import Answer
from pos_app.cli.command import Code, command, group, noun
from pos_app.cli.letterheads import Lines, NewName, Text, changed, line, said, shown
from pos_app.cli.needs import needs, open_to_all, somewhere
from pos_app.cli.options import Name
from pos_app.files.sheet import yes
from pos_app.ledger.house_rule import HouseRule
from pos_app.ledger.money import decimal_text
from pos_app.ledger.permission import Permission
from pos_app.office.masters import depot_rules, depots
from pos_app.office.masters.history import as_seen, revision
from pos_app.office.office import Office

app: Final = noun()
depot_app: Final = group(app, "depot", "The depots, and what their receipts say.")


@dataclass(frozen=True)
class DepotDetails:
    """What receipts say of a depot; what is not said stays, an empty text takes away."""

    address: Annotated[Lines, typer.Option(metavar="LINE", help="Its address; again for each line.")] = None
    phone: Annotated[Text, typer.Option(help="Its telephone.")] = None
    head: Annotated[
        Lines, typer.Option(metavar="LINE", help="Words above every receipt; again for each line.")
    ] = None
    foot: Annotated[
        Lines, typer.Option(metavar="LINE", help="Words below every receipt; again for each line.")
    ] = None


@dataclass(frozen=True)
class DrawerRules:
    """How the tills of a depot keep drawers and paper; what is not said stays."""

    receipt_width: Annotated[
        int | None, typer.Option(metavar="MM", help="Its roll: 80 or 58 mm; a till may have its own.")
    ] = None
    float: Annotated[str | None, typer.Option(help="With how much a drawer is opened: 5000.00.")] = None
    blind_close: Annotated[
        bool | None,
        typer.Option("--blind-close/--open-close", help="Who counts hears afterwards what is expected."),
    ] = None
    reason_from: Annotated[
        str | None, typer.Option(metavar="AMOUNT", help="From which difference a close says why; 0: any.")
    ] = None
    count_other_money: Annotated[
        bool | None,
        typer.Option(
            "--count-other-money/--cash-alone", help="A close ticks M-Pesa, bank, card and vouchers too."
        ),
    ] = None
    count_cylinders: Annotated[
        bool | None,
        typer.Option(
            "--count-cylinders/--no-cylinders", help="A close counts full and empty cylinders and bottles."
        ),
    ] = None
    drawer_most: Annotated[
        str | None,
        typer.Option(metavar="AMOUNT", help="From so much cash on a till asks for the safe; 0: never."),
    ] = None
    drawer_of_person: Annotated[
        bool | None,
        typer.Option("--drawer-per-person/--drawer-per-till", help="Whose a drawer is until it is closed."),
    ] = None
    voucher_days: Annotated[
        int | None, typer.Option(metavar="DAYS", help="So long a voucher holds that is sold; 0: for ever.")
    ] = None
    paid_at_intake: Annotated[
        int | None,
        typer.Option(metavar="PERCENT", help="So much of a laundry order is paid when it is taken in."),
    ] = None
    day_starts: Annotated[
        str | None, typer.Option(metavar="HH:MM", help="When a shift should end and another day begin.")
    ] = None

    def said(self, office: Office) -> dict[HouseRule, int]:
        """As rules.  Raises `Refused` for what one cannot be."""
        told = {
            name: yes(int(value)) if isinstance(value, bool) else str(value)
            for name, value in asdict(self).items()
            if value is not None
        }
        return depot_rules.read(told, office.organisation.currency)


Business = Annotated[
    str, typer.Option("--business", metavar="CODE", help="Whose drawers stand there; of one, that one.")
]
Letter = Annotated[
    str,
    typer.Option("--letter", help="What its printed numbers begin with; the beginning of its code."),
]


@command(depot_app, "add", AT_WORK, somewhere(Permission.EDIT_MASTER))
def add_depot(
    office: Office,
    code: Code,
    *,
    name: Name,
    business: Business = "",
    letter: Letter = "",
    details: DepotDetails,
    drawers: DrawerRules,
) -> Answer:
    """One more depot, with the place of its stock; then “bohari enrol-code --depot” brings a till there."""
    made = depots.add_depot(
        office,
        code,
        name,
        said(details),
        business=business.strip(),
        letter=letter,
        rules=drawers.said(office),
    )
    words = (
        f"{name.strip()} is a depot now; its numbers begin with {made.number_prefix}."
        f" Who works at no one depot signs in there after “bohari person works CODE --depot {made.code}”."
    )
    values = {"depot": made.depot_id, "code": made.code, "letter": made.number_prefix}
    return Answer(values, [words])


@command(depot_app, "edit", AT_WORK, somewhere(Permission.EDIT_MASTER))
def edit_depot(
    office: Office,
    code: Code,
    *,
    name: NewName = None,
    business: Business = "",
    letter: Letter = "",
    seen: history.Seen = None,
    details: DepotDetails,
    drawers: DrawerRules,
) -> Answer:
    """What receipts say of a depot, from now on; a copy of an older receipt says what it said.

    How its tills keep drawers and paper they obey as soon as they have synced. Its business and its letter
    change only while nothing was recorded there.
    """
    told = said(details, name)
    with as_seen(office, "depot", code, seen):
        did = depots.edit_depot(
            office,
            code.strip(),
            told,
            business=business.strip(),
            letter=letter,
            rules=drawers.said(office),
        )
    return changed(code, did)


@command(
    depot_app,
    "list",
    LOOKING,
    open_to_all("It stands on every receipt."),
)
def list_depots(office: Office) -> Answer:
    """Every depot with what its receipts say."""
    found = depots.depots(office)
    gone = depots.archived_depots(office)
    rows = [shown(one) | {"active": one.code not in gone} for one in found]
    return Answer({"depots": rows}, [line(one, archived=one.code in gone) for one in found])


@command(depot_app, "show", LOOKING, needs(Permission.SEE_REPORTS))
def show_depot(office: Office, code: Code) -> Answer:
    """One depot, whole: what its receipts say, and how its tills keep drawers and paper."""
    found = depots.show(office, code.strip())
    values = {
        **shown(found.head),
        "business": found.business,
        "letter": found.letter,
        "active": yes(int(found.active)),
        "revision": revision(office, "depot", code),
        **found.rules,
        "cash_step": decimal_text(office.organisation.cash_step, office.organisation.currency),
    }
    return Answer(values, [f"{name:<16} {value}" for name, value in values.items() if value])


@command(depot_app, "archive", AT_WORK, somewhere(Permission.EDIT_MASTER))
def archive_depot(office: Office, code: Code) -> Answer:
    """Let nothing happen there any more: a depot without a till at work and without goods."""
    found = depots.archive_depot(office, code.strip())
    return Answer(
        {"code": found.code}, [f"{found.code} is archived; what happened there stays in the books."]
    )


@command(depot_app, "restore", AT_WORK, somewhere(Permission.EDIT_MASTER))
def restore_depot(office: Office, code: Code) -> Answer:
    """Open an archived depot again."""
    found = depots.restore_depot(office, code.strip())
    return Answer({"code": found.code}, [f"{found.code} is open again."])


@command(depot_app, "history", LOOKING, history.MAY_SEE)
def depot_history(office: Office, code: Code) -> Answer:
    """Who changed a depot, when, what it said before and says since."""
    return history.told(office, "depot", code)
