"""`bohari payments`: what providers confirmed, which sale took it, and what is missing on either side."""

import sys
import tomllib
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec
import typer

from pos_app import settings
from pos_app.cli.acting import AT_WORK
from pos_app.cli.answer import Answer, counted
from pos_app.cli.command import command, group, noun
from pos_app.cli.homes import CENTRE, AtCentre
from pos_app.cli.needs import needs
from pos_app.ledger.currency import currency
from pos_app.ledger.errors import Refused
from pos_app.ledger.money import grouped_text
from pos_app.ledger.permission import Permission
from pos_app.office import received_payments
from pos_app.office.moments import shown
from pos_app.office.office import Office
from pos_app.office.received_payments import Chosen
from pos_app.payments.daraja import Account, Daraja
from pos_app.payments.provider import Outcome
from pos_app.store.payments import accounts
from pos_app.store.payments.matching import ODD, Match, Verdict

app: Final = noun()
payments_app: Final = group(
    app, "payments", "M-Pesa that its provider confirmed: which sale took it, and what is missing."
)

_FIELDS: Final = ", ".join(one for one in Account.__struct_fields__ if one != "url")
#: Nobody types more secrets than so.
_MOST_BYTES: Final = 16_384
Since = Annotated[int, typer.Option("--since", metavar="DAY", help="YYYYMMDD; left out, today.")]
Until = Annotated[int, typer.Option("--until", metavar="DAY", help="The last day; left out, the first.")]
Business = Annotated[str, typer.Option("--business", metavar="CODE", help="Of this business alone.")]
Depot = Annotated[str, typer.Option("--depot", metavar="CODE", help="What this depot took, or nobody yet.")]
Reason = Annotated[str, typer.Option("--reason", help="What it was, for the audit log.")]
PaymentCode = Annotated[str, typer.Argument(metavar="CODE", help="As it stands in the message.")]
Whose = Annotated[str, typer.Argument(metavar="BUSINESS", help="Its code.")]


@command(payments_app, "list", AT_WORK, needs(Permission.SEE_REPORTS))
def list_all(
    office: Office,
    *,
    since: Since = 0,
    until: Until = 0,
    business: Business = "",
    depot: Depot = "",
    on_account: Annotated[bool, typer.Option("--open", help="Only what no sale took yet.")] = False,
) -> Answer:
    """What came, and which document took it."""
    chosen = Chosen(since, until, business, depot)
    wanted = (Verdict.OPEN,) if on_account else tuple(one for one in Verdict if one is not Verdict.MISSING)
    found = received_payments.look(office, chosen, wanted)
    rows = [values_of(office, one) for one in found.payments]
    return Answer({"payments": rows}, [*map(_line, rows), f"{counted(len(rows), 'payment')}."])


@command(payments_app, "match", AT_WORK, needs(Permission.SEE_REPORTS))
def match(
    office: Office, *, since: Since = 0, until: Until = 0, business: Business = "", depot: Depot = ""
) -> Answer:
    """Payments against documents: how many stand how, and each that a person has to look at."""
    found = received_payments.look(office, Chosen(since, until, business, depot), (*ODD, Verdict.OPEN))
    rows = [values_of(office, one) for one in (*found.payments, *found.missing)]
    money = office.organisation.currency
    counts = {
        one.value: {"count": count, "amount": amount}
        for one, (count, amount) in sorted(found.figures.by_verdict.items())
    }
    told = [
        f"{name:<15} {one['count']:>7}  {grouped_text(one['amount'], money):>16}"
        for name, one in counts.items()
    ]
    is_well = not found.figures.count(*ODD)
    return Answer({"figures": counts, "rows": rows}, [*told, *map(_line, rows)], ok=is_well)


@command(payments_app, "settle", AT_WORK, needs(Permission.DECIDE))
def settle(
    office: Office,
    code: PaymentCode,
    *,
    reason: Reason,
    accept: Annotated[
        bool,
        typer.Option("--accept", help="It waited for a person and is money that came: a till may take it."),
    ] = False,
) -> Answer:
    """Say what became of a payment that no sale will take, or let one stand that waited for a person."""
    paid = received_payments.settle(office, code, reason, accept=accept)
    return Answer({"code": paid.code, "state": paid.state}, [f"{paid.code} is {paid.state} now."])


@command(payments_app, "find", AT_WORK, needs(Permission.DECIDE))
def find(
    office: Office,
    code: PaymentCode,
    *,
    business: Annotated[str, typer.Option("--business", metavar="CODE", help="To whose number it was paid.")],
) -> Answer:
    """Ask M-Pesa for a code that was typed and that nobody confirmed; the server does it while it runs."""
    ask = received_payments.search(office, code, business)
    return Answer(
        {"ask": ask.ask_id}, [f"Asked for {ask.code}; “bohari payments asked” tells what came of it."]
    )


@command(payments_app, "fetch", AT_WORK, needs(Permission.DECIDE))
def fetch(
    office: Office,
    business: Whose,
    *,
    on: Annotated[
        int, typer.Option("--on", metavar="DAY", help="YYYYMMDD, two days back at most; left out, today.")
    ] = 0,
) -> Answer:
    """Ask M-Pesa for its own list of a day; the server holds it against ours while it runs.

    What nobody told us is taken in, and what M-Pesa does not know stands in “bohari payments odd”.
    """
    ask = received_payments.fetch(office, business, on)
    return Answer(
        {"ask": ask.ask_id, "day": int(ask.reference)},
        [f"Asked for the list of {ask.reference}; “bohari payments asked --all” tells what came of it."],
    )


@command(payments_app, "give-back", AT_WORK, needs(Permission.PARTY_MONEY))
def give_back(office: Office, code: PaymentCode, *, reason: Reason) -> Answer:
    """Let M-Pesa reverse a payment that no document stands by; the server does it while it runs."""
    ask = received_payments.give_back(office, code, reason)
    return Answer(
        {"ask": ask.ask_id}, [f"{ask.code} goes back; “bohari payments asked” tells what came of it."]
    )


@command(payments_app, "asked", AT_WORK, needs(Permission.SEE_REPORTS))
def list_asked(
    office: Office,
    *,
    everything: Annotated[bool, typer.Option("--all", help="What is ended as well.")] = False,
) -> Answer:
    """What M-Pesa was asked and has not answered, and what nobody knows the end of."""
    zone = office.organisation.time_zone
    rows = [
        {
            "ask": one.ask_id,
            "kind": one.kind.value,
            "state": one.state.value,
            "code": one.code or one.reference,
            "amount": one.amount,
            "reason": one.reason,
            "words": received_payments.answer_of(one),
            "made_at": shown(one.made_at, zone),
        }
        for one in received_payments.asked(office, everything=everything)
    ]
    lines = [
        f"{row['made_at']}  {row['kind']:<6}  {row['state']:<8}  {row['code']:<12}"
        f"  {row['reason']} {row['words']}"
        for row in rows
    ]
    return Answer({"asked": rows}, [*lines, f"{counted(len(rows), 'asking')}."])


@command(payments_app, "odd", AT_WORK, needs(Permission.SEE_REPORTS))
def list_odd(
    office: Office,
    *,
    everything: Annotated[bool, typer.Option("--all", help="What somebody looked at as well.")] = False,
) -> Answer:
    """What came to the addresses for payments and is none that could be booked, and why."""
    zone = office.organisation.time_zone
    rows = [
        {
            "message": one.notice_id,
            "at": shown(one.received_at, zone),
            "what": one.what,
            "from": one.address,
            "reason": "" if one.reason is None else one.reason.code,
            "why": "" if one.reason is None else one.reason.spoken,
            "body": one.body,
        }
        for one in received_payments.odd(office, everything=everything)
    ]
    lines = [f"{row['message']}  {row['at']}  {row['from']}  {row['why']}" for row in rows]
    return Answer({"messages": rows}, [*lines, f"{counted(len(rows), 'message')}."])


@command(payments_app, "looked", AT_WORK, needs(Permission.DECIDE))
def looked(
    office: Office,
    message: Annotated[str, typer.Argument(metavar="MESSAGE", help="As “odd” lists it.")],
    *,
    reason: Reason,
) -> Answer:
    """Say what an odd message was; it stands in the list no more."""
    received_payments.looked(office, message, reason)
    return Answer({"message": message}, [f"{message} was looked at."])


# --- speaking with the provider -----------------------------------------------------------------------


@command(payments_app, "connect", CENTRE, needs(Permission.OPERATE))
def connect(
    at: AtCentre,
    business: Whose,
    *,
    secrets: Annotated[
        Path,
        typer.Option("--secrets", metavar="FILE", help=f"A TOML file with {_FIELDS}; - is standard input."),
    ],
) -> Answer:
    """Keep what a business proves itself with to M-Pesa: in the keyring, or a file of this account alone."""
    payee, _ = received_payments.payee(_office(at), business)
    account = _account(secrets)
    place = accounts.keep(at.centre.home, at.org_id, payee.business_id, account)
    words = f"{payee.name} speaks with M-Pesa as {account.shortcode}; the secrets lie in: {place}."
    return Answer({"business": payee.code, "shortcode": account.shortcode, "place": place}, [words])


@command(payments_app, "disconnect", CENTRE, needs(Permission.OPERATE))
def disconnect(at: AtCentre, business: Whose) -> Answer:
    """Take away what a business proves itself with; what it was paid stays."""
    payee, _ = received_payments.payee(_office(at), business)
    accounts.forget(at.centre.home, at.org_id, payee.business_id)
    return Answer({"business": payee.code}, [f"{payee.name} speaks with M-Pesa no more."])


@command(payments_app, "address", CENTRE, needs(Permission.OPERATE))
def address(at: AtCentre, business: Whose) -> Answer:
    """The address at which a business hears of its payments; whoever knows it can tell of some: keep it."""
    payee, path = received_payments.payee(_office(at), business)
    base = _base(at)
    lines = [f"{base}{path}/{what}" for what in ("confirmation", "validation")]
    return Answer({"business": payee.code, "address": base + path}, lines)


@command(payments_app, "register", CENTRE, needs(Permission.OPERATE))
def register(at: AtCentre, business: Whose) -> Answer:
    """Tell M-Pesa at which address this business hears of its payments."""
    heard = _daraja(at, business).register()
    if heard.outcome not in (Outcome.PENDING, Outcome.DONE):
        raise Refused("payments-not-registered", why=heard.words or heard.reason or heard.outcome.value)
    return Answer(
        {"business": business, "number": heard.handle}, [f"M-Pesa tells {business} of its payments now."]
    )


def _office(at: AtCentre) -> Office:
    return Office(at.centre.database, at.clock, at.org_id, at.actor.person.code)


def _base(at: AtCentre) -> str:
    chosen = settings.load(at.centre.home)
    base = (chosen.public_address or chosen.serving).rstrip("/")
    if not base:
        raise Refused("payments-without-address")
    return base


def _daraja(at: AtCentre, business: str) -> Daraja:
    # The library of HTTP is loaded only where something is sent.
    from sync.server.payment_sender import HttpExchange

    payee, path = received_payments.payee(_office(at), business)
    account = accounts.find(at.centre.home, at.org_id, payee.business_id)
    if account is None:
        raise Refused("payments-not-connected", business=payee.code)
    return Daraja(account, HttpExchange(), at.clock, _base(at) + path)


def _account(file: Path) -> Account:
    try:
        if str(file) == "-":
            written = sys.stdin.read(_MOST_BYTES)
        else:
            with file.open(encoding="utf-8") as open_:
                written = open_.read(_MOST_BYTES)
        found = msgspec.convert(tomllib.loads(written), Account, strict=False)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError):
        # What is wrong with it may hold what must not be shown.
        raise Refused("payment-secrets-unreadable", fields=_FIELDS) from None
    return found


# --- rows -----------------------------------------------------------------------------------------------


def values_of(office: Office, row: Match) -> dict[str, Any]:
    """A row of the list, for a program."""
    paid, document = row.payment, row.document
    zone = office.organisation.time_zone
    at = paid.paid_at if paid is not None else document.occurred_at if document is not None else None
    return {
        "verdict": row.verdict.value,
        "code": row.code,
        "at": "" if at is None else shown(at, zone),
        "amount": paid.amount if paid is not None else 0,
        "currency": paid.currency if paid is not None else document.currency if document else "",
        "who": "" if paid is None else paid.who,
        "number": "" if paid is None else paid.number,
        "document": "" if document is None else document.number,
        "document_amount": 0 if document is None else document.amount,
        "note": "" if paid is None else paid.note,
    }


def _line(row: dict[str, Any]) -> str:
    money = currency(row["currency"] or "KES")
    paid = grouped_text(row["amount"], money) if row["amount"] else "-"
    booked = grouped_text(row["document_amount"], money) if row["document_amount"] else "-"
    return (
        f"{row['at']}  {row['verdict']:<14}  {row['code']:<12}  {paid:>12}  {booked:>12}"
        f"  {row['document']:<12}  {row['who']}"
    )
