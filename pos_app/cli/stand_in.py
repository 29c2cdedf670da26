"""`bohari stand-in`: machines that are none, to try a till with before the real one is there."""

import time
from typing import Annotated, Final

import typer

from pos_app.cli.answer import Answer, counted
from pos_app.cli.command import TOLD_NOTHING, Call, command, group, noun
from pos_app.cli.needs import open_to_all
from pos_app.devices import message_stand_in
from pos_app.devices.card_stand_in import MANNERS, CardStandIn
from pos_app.devices.message_stand_in import SmsStandIn, SmtpStandIn
from pos_app.devices.printer_stand_in import PrinterStandIn
from pos_app.fiscal.etims import stand_in as etims_stand_in
from pos_app.fiscal.etims.stand_in import EtimsStandIn
from pos_app.ledger.errors import Refused, Unavailable
from pos_app.payments import daraja_stand_in
from pos_app.payments.daraja_stand_in import DarajaStandIn, Shop

app: Final = noun()
stand_in_app: Final = group(app, "stand-in", "Machines that are none, to try a till with.")

_WORDS: Final = ", ".join(MANNERS)


@command(stand_in_app, "card", TOLD_NOTHING, open_to_all("It takes nobody's money."))
def card(
    _call: Call,
    *,
    port: Annotated[int, typer.Option(help="Where it listens on this machine.")] = 9_400,
    manners: Annotated[
        str, typer.Option(metavar="WORDS", help=f"What it does, payment by payment: {_WORDS}.")
    ] = "approve",
    pause: Annotated[int, typer.Option(metavar="S", help="How long slow and late take.")] = 10,
    seconds: Annotated[int, typer.Option(help="For so long; 0: until Ctrl-C.")] = 0,
) -> Answer:
    """Stand in for a card terminal; a till asks it with card_terminal = "tcp://127.0.0.1:9400"."""
    wanted = manners.replace(",", " ").split()
    unknown = [word for word in wanted if word not in MANNERS]
    if unknown or not wanted:
        raise Refused("stand-in-manner-unknown", manner=" ".join(unknown)[:40], manners=_WORDS)
    try:
        made = CardStandIn(wanted, pause_s=float(pause), port=port)
    except (OSError, OverflowError) as error:
        raise Unavailable("port-not-free", port=port, why=error) from error
    with made as standing:
        typer.echo(standing.address, err=True)
        _stand(seconds)
        charged = sum(standing.charged.values())
        count = len(standing.charged)
    return Answer({"payments": count, "charged": charged}, [f"{count} payments, {charged} minor units."])


@command(stand_in_app, "printer", TOLD_NOTHING, open_to_all("It prints nothing."))
def printer(
    _call: Call,
    *,
    port: Annotated[int, typer.Option(help="Where it listens on this machine.")] = 9_100,
    seconds: Annotated[int, typer.Option(help="For so long; 0: until Ctrl-C.")] = 0,
) -> Answer:
    """Stand in for a receipt printer; a till prints on it with printer = "network://127.0.0.1:9100"."""
    try:
        made = PrinterStandIn(port=port)
    except (OSError, OverflowError) as error:
        raise Unavailable("port-not-free", port=port, why=error) from error
    with made as standing:
        typer.echo(standing.address, err=True)
        _stand(seconds)
        papers = standing.papers()
    lines = [line for paper in papers for line in (*paper.splitlines(), "")]
    return Answer({"papers": papers}, [*lines, f"{counted(len(papers), 'paper')}."])


_SENT_WORDS: Final = ", ".join(message_stand_in.MANNERS)
Manners = Annotated[
    str, typer.Option("--manners", metavar="WORDS", help=f"What it does, message by message: {_SENT_WORDS}.")
]
Seconds = Annotated[int, typer.Option("--seconds", help="For so long; 0: until Ctrl-C.")]


@command(stand_in_app, "sms", TOLD_NOTHING, open_to_all("It tells nobody anything."))
def sms(
    _call: Call,
    *,
    port: Annotated[int, typer.Option(help="Where it listens on this machine.")] = 9_401,
    manners: Manners = "take",
    seconds: Seconds = 0,
) -> Answer:
    """Stand in for an SMS gateway; a server asks it with sms_gateway = "http://127.0.0.1:9401"."""
    return _kept(SmsStandIn, port, manners, seconds)


@command(stand_in_app, "smtp", TOLD_NOTHING, open_to_all("It tells nobody anything."))
def smtp(
    _call: Call,
    *,
    port: Annotated[int, typer.Option(help="Where it listens on this machine.")] = 9_402,
    manners: Manners = "take",
    seconds: Seconds = 0,
) -> Answer:
    """Stand in for a mail server; a server asks it with mail_server = "smtp://127.0.0.1:9402"."""
    return _kept(SmtpStandIn, port, manners, seconds)


def _kept(kind: type[SmsStandIn] | type[SmtpStandIn], port: int, manners: str, seconds: int) -> Answer:
    """Listen, and tell what was taken."""
    wanted = manners.replace(",", " ").split()
    unknown = [word for word in wanted if word not in message_stand_in.MANNERS]
    if unknown or not wanted:
        raise Refused("stand-in-manner-unknown", manner=" ".join(unknown)[:40], manners=_SENT_WORDS)
    try:
        made = kind(wanted, port=port)
    except (OSError, OverflowError) as error:
        raise Unavailable("port-not-free", port=port, why=error) from error
    with made as standing:
        typer.echo(standing.address, err=True)
        _stand(seconds)
        taken = list(standing.taken)
    lines = [f"{one.get('to')}: {one.get('message') or one.get('letter')}" for one in taken]
    return Answer({"messages": taken}, [*lines, f"{counted(len(taken), 'message')}."])


_DARAJA_WORDS: Final = ", ".join(daraja_stand_in.MANNERS)


@command(stand_in_app, "daraja", TOLD_NOTHING, open_to_all("It takes nobody's money."))
def daraja(
    _call: Call,
    *,
    shortcode: Annotated[str, typer.Option(help="The number that customers pay.")] = "600100",
    port: Annotated[int, typer.Option(help="Where it listens on this machine.")] = 9_410,
    manners: Annotated[
        str, typer.Option(metavar="WORDS", help=f"What it does, asking by asking: {_DARAJA_WORDS}.")
    ] = "approve",
    pause: Annotated[int, typer.Option(metavar="S", help="How long a customer takes.")] = 5,
    seconds: Annotated[int, typer.Option(help="For so long; 0: until Ctrl-C.")] = 0,
) -> Answer:
    """Stand in for Safaricom's Daraja: tokens, M-Pesa Express, its query, payments, status, reversal."""
    wanted = manners.replace(",", " ").split()
    unknown = [word for word in wanted if word not in daraja_stand_in.MANNERS]
    if unknown or not wanted:
        raise Refused("stand-in-manner-unknown", manner=" ".join(unknown)[:40], manners=_DARAJA_WORDS)
    shop = Shop(shortcode)
    try:
        made = DarajaStandIn(shop, wanted, pause_s=float(pause), port=port)
    except (OSError, OverflowError) as error:
        raise Unavailable("port-not-free", port=port, why=error) from error
    with made as standing:
        # What “bohari payments connect” reads.
        secrets = {name: value for name, value in shop._asdict().items() if value}
        for name, value in {**secrets, "url": standing.url}.items():
            typer.echo(f'{name} = "{value}"', err=True)
        _stand(seconds)
        paid = sum(int(float(one["TransAmount"])) for one in standing.paid.values())
        count = len(standing.paid)
    return Answer({"payments": count, "paid": paid}, [f"{count} payments, {paid} shillings."])


_ETIMS_WORDS: Final = ", ".join(etims_stand_in.MANNERS)
_Manners = Annotated[str, typer.Option(metavar="WORDS", help=f"What it does, sale by sale: {_ETIMS_WORDS}.")]
_Port = Annotated[int, typer.Option(help="Where it listens on this machine.")]
_Pause = Annotated[int, typer.Option(metavar="S", help="How long slow takes.")]
_Seconds = Annotated[int, typer.Option(help="For so long; 0: until Ctrl-C.")]


@command(stand_in_app, "etims-oscu", TOLD_NOTHING, open_to_all("It signs with a key that nobody believes."))
def etims_oscu(
    _call: Call, *, port: _Port = 9_411, manners: _Manners = "ok", pause: _Pause = 10, seconds: _Seconds = 0
) -> Answer:
    """Stand in for KRA's online control unit: --fiscal-address http://127.0.0.1:9411."""
    return _etims("etims-oscu", port, manners, pause, seconds)


@command(stand_in_app, "etims-vscu", TOLD_NOTHING, open_to_all("It signs with a key that nobody believes."))
def etims_vscu(
    _call: Call, *, port: _Port = 8_088, manners: _Manners = "ok", pause: _Pause = 10, seconds: _Seconds = 0
) -> Answer:
    """Stand in for KRA's control unit on the shop's network: --fiscal-address http://127.0.0.1:8088."""
    return _etims("etims-vscu", port, manners, pause, seconds)


def _etims(kind: str, port: int, manners: str, pause: int, seconds: int) -> Answer:
    wanted = manners.replace(",", " ").split()
    unknown = [word for word in wanted if word not in etims_stand_in.MANNERS]
    if unknown or not wanted:
        raise Refused("stand-in-manner-unknown", manner=" ".join(unknown)[:40], manners=_ETIMS_WORDS)
    try:
        made = EtimsStandIn(kind, wanted, pause_s=float(pause), port=port)
    except (OSError, OverflowError) as error:
        raise Unavailable("port-not-free", port=port, why=error) from error
    with made as standing:
        typer.echo(standing.address, err=True)
        _stand(seconds)
        sales, credits_ = standing.books.sales, standing.books.credits
    return Answer(
        {"sales": sales, "credit_notes": credits_, "items": len(standing.books.items)},
        [f"{sales} sales, {credits_} credit notes."],
    )


def _stand(seconds: int) -> None:
    end = time.monotonic() + seconds
    try:
        while not seconds or time.monotonic() < end:
            time.sleep(0.2)
    except KeyboardInterrupt:
        pass
