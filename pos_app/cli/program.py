"""The `bohari` command: one subcommand a line, each a call into the rooms.

Every command takes `--home` and `--json`; with `--json` it prints exactly one JSON object.  Exit
codes: 0 success, 1 what it checked does not hold or a known error, 2 wrong use.
"""

import importlib
import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from pos_app.cli import line
from pos_app.cli.answer import Answer
from pos_app.cli.command import Home, Json, Org
from pos_app.cli.command import out as _out
from pos_app.cli.command import print_answer as _print
from pos_app.cli.line import explaining, office
from pos_app.language import ENGLISH, Sentence, use_language
from pos_app.ledger.errors import BohariError, Refused
from pos_app.log import events
from pos_app.log import setting_up as log

app: Final = typer.Typer(
    add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None
)
import_app: Final = typer.Typer(no_args_is_help=True, help="Bring products, customers or sales in from CSV.")
export_app: Final = typer.Typer(no_args_is_help=True, help="Write the books out for other programs.")
archive_app: Final = typer.Typer(help="Old years written out, read back and checked.")
db_app: Final = typer.Typer(no_args_is_help=True, help="The central database itself.")
app.add_typer(import_app, name="import")
app.add_typer(export_app, name="export")
app.add_typer(explaining.app, name="explain")
app.add_typer(archive_app, name="archive")
app.add_typer(db_app, name="db")
app.add_typer(office.quarantine_app, name="quarantine")
app.add_typer(office.audit_app, name="audit")
app.add_typer(office.person_app, name="person")

#: What click calls a usage error; typer carries its own click and names only this subclass of it.
_WrongUse: Final[type[Exception]] = typer.BadParameter.__bases__[0]


Author = Annotated[str, typer.Option("--by", help="The code of who changes it, for the audit log.")]
Strict = Annotated[bool, typer.Option("--strict", help="Import nothing if any row is refused.")]
File = Annotated[Path, typer.Argument(help="A CSV file with a header line.")]


def _wrong_use(sentence: str) -> Exception:
    return _WrongUse(sentence)


def _from_checkout(name: str) -> Any:
    """A module of the demonstration, which is no part of the installed product."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise Refused("The demonstration is not installed; run it from a checkout of the source.") from error


# --- the centre -------------------------------------------------------------------------------------


@app.command()
def init(
    home: Home,
    org: Annotated[str, typer.Option(help="The organisation's name.")],
    *,
    currency: Annotated[str, typer.Option(help="Its base currency.")] = "KES",
    demo: Annotated[bool, typer.Option("--demo", help="Fill it with the demonstration data.")] = False,
    another: Annotated[bool, typer.Option("--another", help="Beside those that the centre has.")] = False,
    label: Annotated[str, typer.Option(help="Its subdomain; made of the name.")] = "",
    as_json: Json = False,
) -> None:
    """Make a central home: organisation, chart of accounts, one business, one depot, one owner."""
    from pos_app.cli import init as command

    _print(command.init(home, org, currency, demo=demo, another=another, label=label), as_json)


@app.command()
def server(
    home: Home,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="0 picks a free one.")] = None,
    host: Annotated[str | None, typer.Option(help="The address to listen on.")] = None,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes; one for each core.")] = 1,
    as_json: Json = False,
) -> None:
    """Run the central server until SIGTERM."""
    from pos_app.cli import sync

    def say(url: str) -> None:
        _out(json.dumps({"ok": True, "url": url}) if as_json else f"Bohari answers at {url}")

    sync.serve(home, port, host, say, workers=workers)


@app.command()
def enrol_code(
    home: Home,
    depot: Annotated[str, typer.Option(help="The depot's code; MAIN, or else the first one.")] = "",
    as_json: Json = False,
    _org: Org = "",
) -> None:
    """Print a one-time code that enrols one till."""
    from pos_app.cli import sync

    _print(sync.enrol_code(home, depot), as_json)


# --- a till -----------------------------------------------------------------------------------------


@app.command()
def enrol(
    home: Home,
    server_url: Annotated[str, typer.Option("--server", metavar="URL")],
    code: Annotated[str, typer.Option(help="From “bohari enrol-code”.")],
    ca: Annotated[
        Path | None, typer.Option(help="The certificate (PEM) of whoever signed the server's.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Make this home a till of the centre."""
    from pos_app.cli import sync

    _print(sync.enrol(home, server_url, code, ca), as_json)


@app.command()
def till(
    home: Home,
    full_screen: Annotated[bool, typer.Option("--full-screen", help="Fill the screen.")] = False,
    as_json: Json = False,
) -> None:
    """Open the till's window."""
    from pos_app.cli import window

    code = window.open_window(home, full_screen=full_screen)
    _print(Answer({"exit_code": code}, [], ok=code == 0), as_json)


@app.command()
def syncd(
    home: Home,
    once: Annotated[bool, typer.Option("--once", help="Until both sides agree, then exit.")] = False,
    as_json: Json = False,
) -> None:
    """Keep a till and the centre in step."""
    from pos_app.cli import sync

    _print(sync.syncd(home, once=once), as_json)


# --- data in and out --------------------------------------------------------------------------------


@import_app.command("products")
def import_products(
    file: File, home: Home, strict: Strict = False, by: Author = "", as_json: Json = False, _org: Org = ""
) -> None:
    """sku,barcode,name,price,tax_code,category,unit,business (barcodes separated by |)."""
    from pos_app.cli import import_master

    _print(import_master.import_products(home, file, strict=strict, by=by), as_json)


@import_app.command("customers")
def import_customers(
    file: File, home: Home, strict: Strict = False, by: Author = "", as_json: Json = False, _org: Org = ""
) -> None:
    """code,name,phone,credit_limit."""
    from pos_app.cli import import_master

    _print(import_master.import_customers(home, file, strict=strict, by=by), as_json)


@import_app.command("sales")
def import_sales(file: File, home: Home, strict: Strict = False, as_json: Json = False) -> None:
    """number,occurred_at,customer,sku,description,quantity,unit_price: history from another system."""
    from pos_app.cli import import_sales as command

    _print(command.import_sales(home, file, strict=strict), as_json)


@export_app.command("journal")
def export_journal(
    home: Home,
    form: Annotated[str, typer.Option("--format", help="hledger, beancount or csv.")] = "hledger",
    view: Annotated[
        str, typer.Option("--in", help="original: every currency; base: the organisation's.")
    ] = "original",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A file instead of the screen.")
    ] = None,
    as_json: Json = False,
    _org: Org = "",
) -> None:
    """Every document as a transaction."""
    from pos_app.cli import export

    if form not in export.FORMATS:
        raise _wrong_use(f"There is no format “{form[:20]}”; choose hledger, beancount or csv.")
    if view not in ("original", "base"):
        raise _wrong_use(f"Amounts cannot be shown in “{view[:20]}”; choose original or base.")
    if (form, view) == ("csv", "base"):
        raise _wrong_use("The CSV has both amounts in every row; leave --in out.")
    answer = export.export_journal(home, form, view, output, as_json=as_json)
    if as_json or answer.lines:
        _print(answer, as_json)


@app.command()
def report(
    name: Annotated[str, typer.Argument(help="trial-balance, profit-and-loss, balance-sheet, tax, ...")],
    home: Home,
    *,
    business: Annotated[str, typer.Option(metavar="CODE", help="One business; else all together.")] = "",
    first: Annotated[str, typer.Option("--from", metavar="DATE", help="The first day, 2026-11-01.")] = "",
    last: Annotated[str, typer.Option("--to", metavar="DATE", help="The last day; today.")] = "",
    account: Annotated[str, typer.Option(metavar="CODE", help="For account-ledger.")] = "",
    party: Annotated[str, typer.Option(metavar="CODE", help="For party-statement.")] = "",
    by_business: Annotated[bool, typer.Option("--by-business", help="A column for each business.")] = False,
    form: Annotated[str, typer.Option("--format", help="table, csv, xlsx, pdf or json.")] = "",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file.")] = None,
    as_json: Json = False,
    _org: Org = "",
) -> None:
    """The books on paper: statements, ledgers, ageing, stock, sales, tax."""
    from pos_app.cli import report as command

    form = command.format_of(form, output, as_json=as_json)
    sentence = command.wrong_use(name, form, output)
    if sentence:
        raise _wrong_use(sentence)
    asked = command.Asked(name, business, first, last, account, party, by_business)
    answer = command.report(home, asked, form, output, as_json=as_json)
    if as_json or answer.lines:
        _print(answer, as_json)
    elif not answer.ok:
        raise typer.Exit(1)


# --- what it checks ---------------------------------------------------------------------------------


@app.command()
def recalculate(
    home: Home,
    kind: Annotated[str, typer.Option(help="customers, drawers, accounts, stock, sales, ...")] = "",
    everything: Annotated[bool, typer.Option("--all", help="Every kind.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Mend nothing.")] = False,
    as_json: Json = False,
    _org: Org = "",
) -> None:
    """Compare cached balances with the ledger and mend them."""
    if bool(kind) == everything:
        raise _wrong_use("Say either --kind KIND or --all.")
    from pos_app.cli import recalculate as command
    from pos_app.store.balances.balances import KINDS

    if kind and kind not in KINDS:
        raise _wrong_use(f"“{kind[:20]}” is no kind of balance; choose one of {', '.join(KINDS)}.")
    _print(command.recalculate(home, list(KINDS) if everything else [kind], dry_run=dry_run), as_json)


@app.command()
def verify(home: Home, as_json: Json = False, _org: Org = "") -> None:
    """Check chain, seals, sums and projections."""
    from pos_app.cli import verify as command

    _print(command.verify(home), as_json)


@app.command()
def status(home: Home, as_json: Json = False, _org: Org = "") -> None:
    """What waits, since when, and what is wrong."""
    from pos_app.cli import status as command

    _print(command.status(home), as_json)


@app.command()
def backup(
    home: Home,
    to: Annotated[Path | None, typer.Option(help="A folder; “backups” in the home.")] = None,
    as_json: Json = False,
) -> None:
    """Copy the database while it is in use."""
    from pos_app.cli import backup as command

    _print(command.backup(home, to), as_json)


@archive_app.callback(invoke_without_command=True)
def archive(
    context: typer.Context,
    home: Annotated[Path | None, typer.Option("--home", envvar="BOHARI_HOME", help="The centre.")] = None,
    before: Annotated[int | None, typer.Option(help="A year; seven years are kept by default.")] = None,
    to: Annotated[Path | None, typer.Option(help="A new folder.")] = None,
    as_json: Json = False,
) -> None:
    """Write old years out, read them back, check them against the chain, let the audit log's go."""
    if context.invoked_subcommand is not None:
        return
    if home is None or to is None:
        raise _wrong_use("Say --home SERVER and --to FOLDER.")
    from pos_app.cli import archive as command

    _print(command.make(home, before, to), as_json)


@archive_app.command("verify")
def archive_verify(
    folder: Annotated[Path, typer.Argument(help="An archive.")],
    home: Annotated[
        Path | None, typer.Option("--home", help="Hold it against the chains of this centre too.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Read an archive back: digests, hashes, chains, postings."""
    from pos_app.cli import archive as command

    _print(command.verify(folder, home), as_json)


@db_app.command("check")
def db_check(home: Home, as_json: Json = False) -> None:
    """Indexes, bloat, old snapshots, the feed's lag, partitions: what must be done, and what might be."""
    from pos_app.cli import db_check as command

    _print(command.db_check(home), as_json)


@app.command()
def doctor(
    home: Home,
    support: Annotated[
        Path | None, typer.Option(metavar="FILE.zip", help="Gather findings and logs for whoever helps.")
    ] = None,
    as_json: Json = False,
    _org: Org = "",
) -> None:
    """Look for what could go wrong: keys, disk, damage, versions."""
    from pos_app.cli import doctor as command

    _print(command.doctor(home, support), as_json)


@app.command()
def demo(
    headless: Annotated[bool, typer.Option("--headless", help="A scripted cashier, offscreen.")] = False,
    output: Annotated[Path, typer.Option(help="Where pictures and receipts go.")] = Path("demo-out"),
    as_json: Json = False,
) -> None:
    """See a depot trade: a server, a till, its daemon and its window."""
    run = _from_checkout("demo.run").run

    ok = run(headless=headless, output=output, as_json=as_json)
    _print(Answer({"output": str(output)}, [], ok=ok), as_json)


@app.command("demo-month")
def demo_month(
    home: Home,
    seed: Annotated[int, typer.Option(help="Another seed is another month; the same is the same.")] = 1,
    documents: Annotated[int, typer.Option(min=1, help="At least so many.")] = 5_000,
    as_json: Json = False,
) -> None:
    """Play a month of three businesses on four tills into a new home, lock it, and prove its books."""
    play_aloud = _from_checkout("demo.month.month").play_aloud

    _print(play_aloud(home, seed=seed, documents=documents), as_json)


# --- the books ---------------------------------------------------------------------------------------

line.register(app, import_app)


# --- running ----------------------------------------------------------------------------------------


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit with its code."""
    words = sys.argv[1:] if arguments is None else arguments
    for stream in (sys.stdout, sys.stderr):
        # JSON is UTF-8 whatever the locale, and no terminal's alphabet stops a command.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    use_language(os.environ.get("BOHARI_LANGUAGE", ENGLISH))
    code = _guarded(lambda: _run(words), "--json" in words)
    log.end(code)
    sys.exit(code)


def _run(words: list[str]) -> Any:
    """Run what the words say.  Databases and the wire know no bytes beside text."""
    for word in words:
        if any("\ud800" <= letter <= "\udfff" for letter in word):
            shown = word[:40].encode(errors="backslashreplace").decode()
            raise _wrong_use(f"“{shown}” is not text in UTF-8.")
    return app(words, prog_name="bohari", standalone_mode=False)


def _guarded(run: Callable[[], Any], as_json: bool) -> int:
    """Run, and turn every known error into a sentence on standard error and an exit code."""
    try:
        code = run()
    except typer.Exit as done:
        return done.exit_code
    except typer.Abort:
        return 1
    except _WrongUse as error:
        return _fail(_usage(error), as_json, 2)
    except BohariError as error:
        return _fail(error.sentence, as_json, 1, error.said)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Who reads us has seen enough (`bohari export ... | head`).
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        events.FAULT.log(error, during="command")
        log.end(1)
        _fail(f"This is a fault of Bohari itself: {type(error).__name__}: {error}", as_json, 1)
        raise
    return code if isinstance(code, int) else 0


def _usage(error: Exception) -> str:
    said: Any = getattr(error, "format_message", lambda: str(error))()
    return str(said) or "Name a command; “bohari --help” lists them."


def _fail(sentence: str, as_json: bool, exit_code: int, said: Sentence | None = None) -> int:
    sys.stderr.write(sentence.rstrip() + "\n")
    if as_json:
        values: dict[str, object] = {"ok": False, "error": sentence.strip()}
        if said is not None and said.code:
            values |= {"code": said.code, "facts": dict(said.facts)}
        _out(json.dumps(values, ensure_ascii=False))
    return exit_code
