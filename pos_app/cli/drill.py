"""`bohari drill`: network, printer and power are pulled in a shop of its own, and nothing may be missing."""

import secrets
import tempfile
from pathlib import Path
from typing import Annotated, Final

import typer

from pos_app.cli import drill_proof, drill_shop, drill_till
from pos_app.cli.answer import Answer
from pos_app.cli.command import TOLD, Call, command, noun
from pos_app.cli.drill_proof import MONEY, Pull, Row, together
from pos_app.cli.drill_shop import DrillShop
from pos_app.cli.drill_till import DRAWER, FLOAT, PAPER, SELL
from pos_app.cli.machine import Tried
from pos_app.cli.needs import open_to_all
from pos_app.ledger.errors import Unavailable
from pos_app.ledger.money import decimal_text, grouped_text

app: Final = noun()
_SALES: Final = 5
_ROUNDS: Final = 3
#: How long after its first sale a till is killed, in ms: from the first to the last, all over between.
_FIRST_MS: Final = 20
_SPAN_MS: Final = 601
_STRIDE: Final = 2_477
_HEADS: Final = (
    "What was pulled",
    "Paid",
    "In the till",
    "At the centre",
    "Receipts",
    "Missing",
    "Amount KES",
)
_WIDE: Final = 34


@command(
    app,
    "drill",
    TOLD,
    open_to_all("It trades in a shop of its own, which it throws away, and shows nothing of the books."),
)
def drill(
    call: Call,
    *,
    sales: Annotated[int, typer.Option(min=1, max=1_000, help="So many with each thing gone.")] = _SALES,
    rounds: Annotated[int, typer.Option(min=1, max=1_000, help="How often the plug is pulled.")] = _ROUNDS,
    seed: Annotated[int, typer.Option(help="When it is pulled; the same again pulls it alike.")] = 0,
    report: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the report there too.")] = None,
    database: Annotated[
        str, typer.Option(metavar="URL", help="An empty Postgres database, where this machine has none.")
    ] = "",
    sells: Annotated[bool, typer.Option("--sells", hidden=True)] = False,
) -> Answer:
    """Pull network, printer and power while a till sells, and prove that nothing is missing."""
    if sells:
        drill_till.work(call.home)
        return Answer()
    # On the disk of the home: that of temporary files may be none.
    try:
        call.home.mkdir(parents=True, exist_ok=True)
        with (
            tempfile.TemporaryDirectory(prefix="drill-", dir=call.home) as folder,
            drill_shop.own_settings(database),
            DrillShop(Path(folder)) as shop,
        ):
            pulls = _pull_all(shop, sales, rounds, seed or secrets.randbelow(10**6))
            found = drill_proof.read(shop, _drawer(shop))
            table = drill_proof.rows(found, pulls, shop.till.who.terminal_no)
            tried = drill_proof.findings(found, table, FLOAT)
    except OSError as error:
        raise Unavailable("home-unwritable", home=call.home, why=error.strerror or str(error)) from error
    answer = _answer(table, tried)
    if report is not None:
        report.write_text("\n".join(answer.lines) + "\n", encoding="utf-8")
    return answer


def _pull_all(shop: DrillShop, sales: int, rounds: int, seed: int) -> list[Pull]:
    """Everything that can be pulled, one after the other; each time all is back before the next."""
    till = shop.till
    till.process.do(SELL, sales)
    pulls = [_over(shop, "nothing", "nothing, as every day")]
    shop.network.stop()
    till.process.do(SELL, sales)
    waited = till.sync().waiting
    shop.network.start()
    pulls.append(_over(shop, "network", "the network: the server is gone", waited))
    shop.printer.stop()
    till.process.do(SELL, sales)
    waited = till.unprinted()
    shop.printer.start()
    pulls.append(_over(shop, "printer", "the printer: nobody answers", waited))
    moments = [(_FIRST_MS + (seed + place * _STRIDE) % _SPAN_MS) / 1_000 for place in range(rounds + 1)]
    for moment_s in moments[:-1]:
        till.process.pull_the_plug(moment_s)
        till.switched_on()
    pulls.append(_over(shop, "power", f"the power, {rounds} × while it sold"))
    shop.network.stop()
    shop.printer.stop()
    till.process.pull_the_plug(moments[-1])
    waited = till.sync().waiting
    shop.network.start()
    shop.printer.start()
    till.switched_on()
    pulls.append(_over(shop, "all", "all three at once", waited))
    return pulls


def _over(shop: DrillShop, name: str, words: str, waited: int | None = None) -> Pull:
    """All is back: papers come, the centre hears.  What does not come in time is found missing."""
    shop.till.process.do(PAPER)
    shop.till.catch_up()
    return Pull(name, words, shop.till.last(), waited)


def _drawer(shop: DrillShop) -> int:
    """What the till expects in its drawer, in minor units."""
    return int(next(line for line in shop.till.process.do(DRAWER) if line.startswith(DRAWER)).split()[1])


def _answer(table: list[Row], tried: list[Tried]) -> Answer:
    whole = all(one.ok for one in tried)
    lines = [*_drawn(table), "", *(f"{one.word} {one.name}: {one.sentence}" for one in tried)]
    lines.append("Nothing is missing." if whole else "Something is missing, or was not tried: see BAD above.")
    values = {
        "currency": MONEY.code,
        "pulls": [_told(row) for row in table],
        "missing": [one for row in table for one in row.missing],
        "findings": [
            {"name": one.name, "ok": one.ok, "sentence": one.sentence, "warns": one.warns} for one in tried
        ],
    }
    return Answer(values, lines, whole)


def _told(row: Row) -> dict[str, object]:
    return {
        "pulled": row.pull.name,
        "paid": row.sold,
        "till": row.till,
        "centre": row.centre,
        "receipts": row.papers,
        "receipts_unsure": row.unsure,
        "missing": len(row.missing),
        "amount": decimal_text(row.amount, MONEY),
        "waited": row.pull.waited,
    }


def _drawn(table: list[Row]) -> list[str]:
    """The table: a line a pull, and their sum."""
    rule = "-" * (_WIDE + sum(_width(head) + 2 for head in _HEADS[1:]))
    return [_line(_HEADS), rule, *(_line(_cells(row)) for row in table), rule, _line(_cells(together(table)))]


def _cells(row: Row) -> tuple[str, ...]:
    unsure = f" + {row.unsure}?" if row.unsure else ""
    counts = (str(row.sold), str(row.till), str(row.centre), f"{row.papers}{unsure}", str(len(row.missing)))
    return (row.pull.words, *counts, grouped_text(row.amount, MONEY))


def _width(head: str) -> int:
    return max(len(head), 12 if head == _HEADS[-1] else 8)


def _line(cells: tuple[str, ...]) -> str:
    first, *rest = cells
    pairs = zip(rest, _HEADS[1:], strict=True)
    return first.ljust(_WIDE) + "".join("  " + cell.rjust(_width(head)) for cell, head in pairs)
