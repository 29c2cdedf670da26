"""The program `bohari`: which module holds which command, running one, and what an error becomes.

Exit codes: 0 success, 1 what it checked does not hold or a known error, 2 wrong use.
"""

import io
import json
import os
import sys
from collections.abc import Callable
from typing import Any, Final

import typer

from pos_app import VERSION
from pos_app.cli.answer import out
from pos_app.cli.command import WrongUse, misused
from pos_app.cli.lazy_group import LazyGroup, Place
from pos_app.language import ENGLISH, Sentence, use_language
from pos_app.ledger.errors import BohariError
from pos_app.log import events
from pos_app.log import setting_up as log

_IMPORT: Final = LazyGroup(
    "import",
    {
        "products": Place(
            "pos_app.cli.import_master",
            "sku,barcode,name,price,tax_code,category,unit,business,active (barcodes separated by |).",
        ),
        "customers": Place("pos_app.cli.import_master", "code,name,phone,credit_limit,active."),
        "contacts": Place(
            "pos_app.cli.import_master",
            "code,label,name,phone,email,address,active: people and places of parties, a row each.",
        ),
        "meters": Place(
            "pos_app.cli.import_master",
            "code,meter,sku,serial,first_reading,rate,active: meters at customers' places, a row each.",
        ),
        "vendors": Place(
            "pos_app.cli.import_master",
            "code,name,phone,address,tax_number,terms_days,active: of whom is bought, a row each.",
        ),
        "units": Place(
            "pos_app.cli.import_master",
            "code,word,name,local_name,decimals,is,active: units of measure, a row each.",
        ),
        "promotions": Place(
            "pos_app.cli.import_master",
            "code,name,kind,amount,take,pay,products,categories,since,until,days,hours,depot,group,"
            "on_contracts,active.",
        ),
        "stock-count": Place(
            "pos_app.cli.import_master",
            "sku,quantity: what was counted at a place, as one count; all of it or nothing.",
        ),
        "sales": Place(
            "pos_app.cli.import_sales",
            "number,occurred_at,customer,sku,description,quantity,unit_price: history from another system.",
        ),
        "permit": Place(
            "pos_app.cli.import_permit",
            "Let somebody bring history in at a depot whose tills have sold, for some hours.",
        ),
        "invoices": Place(
            "pos_app.cli.import_invoices",
            "number,customer,date,sku,quantity,unit_price; with or without subtotal,tax_total,total:"
            " as drafts.",
        ),
    },
    help="Bring products, customers or sales in from CSV or XLSX.",
)

_EXPORT: Final = LazyGroup(
    "export",
    {
        "journal": Place("pos_app.cli.export", "Every document as a transaction."),
        "products": Place(
            "pos_app.cli.export_master",
            "Every product, archived ones too, as “bohari import products” reads it.",
        ),
        "customers": Place(
            "pos_app.cli.export_master",
            "Every customer with telephone and address, as “bohari import customers” reads it.",
        ),
        "contacts": Place(
            "pos_app.cli.export_master",
            "Every contact of every party, as “bohari import contacts” reads it.",
        ),
        "meters": Place(
            "pos_app.cli.export_master",
            "Every meter at a customer's place, as “bohari import meters” reads it.",
        ),
        "vendors": Place(
            "pos_app.cli.export_master",
            "Every vendor with telephone and address, as “bohari import vendors” reads it.",
        ),
        "units": Place(
            "pos_app.cli.export_master",
            "Every unit of measure, as “bohari import units” reads it.",
        ),
        "promotions": Place(
            "pos_app.cli.export_master", "Every promotion, as “bohari import promotions” reads it."
        ),
        "stock-count": Place(
            "pos_app.cli.export_master",
            "What lies at a place by the books: to count from, and for “bohari import stock-count”.",
        ),
    },
    help="Write the books and the lists out for other programs.",
)

_TRANSFER: Final = LazyGroup(
    "transfer",
    {
        "money": Place("pos_app.cli.treasury", "Move money between our own places."),
        "stock": Place("pos_app.cli.stock", "Send goods to another place."),
        "receive": Place(
            "pos_app.cli.stock",
            "Goods of a transfer came: all that was on its way, or these lines: sku,quantity.",
        ),
    },
    help="Money or goods from one place to another.",
)

_RESTORE: Final = LazyGroup(
    "restore",
    {
        "till": Place(
            "pos_app.cli.restore_till",
            "Put a lost till to work again in a new home, as a new till with its place and its settings.",
        ),
        "centre": Place(
            "pos_app.cli.restore_centre",
            "Make this home the centre that was backed up there; a new epoch begins.",
        ),
        "upgrade": Place(
            "pos_app.cli.restore_upgrade",
            "Put back a till's database as it was before the last upgrade, where nothing was recorded since.",
        ),
    },
    help="Put a till or the centre back to work from its backup.",
)

#: Every command by name: its module and its line in `bohari --help`, in that order.
_PLACES: Final[dict[str, Place | LazyGroup]] = {
    "init": Place(
        "pos_app.cli.init",
        "Make a central home: organisation, chart of accounts, one business, one depot, one owner.",
    ),
    "apply": Place(
        "pos_app.cli.apply",
        "Play a file of commands about what the shop is made of: one a line, files of goods beside it.",
    ),
    "template": Place("pos_app.cli.templates", "The templates that a shop can begin with."),
    "server": Place("pos_app.cli.server", "Run the central server until SIGTERM."),
    "enrol-code": Place("pos_app.cli.enrolment", "Print a one-time code that enrols one till."),
    "enrol": Place("pos_app.cli.enrolment", "Make this home a till of the centre."),
    "server-key": Place("pos_app.cli.server_key", "The key that signs the centre's answers, and the next."),
    "till": Place("pos_app.cli.window", "Open the till's window; there is one on a home."),
    "syncd": Place("pos_app.cli.syncd", "Keep a till and the centre in step; one daemon on a home does."),
    "report": Place(
        "pos_app.cli.report", "The books on paper: statements, ledgers, ageing, stock, sales, tax."
    ),
    "recalculate": Place("pos_app.cli.recalculate", "Compare cached balances with the ledger and mend them."),
    "verify": Place(
        "pos_app.cli.verify", "Check chain, seals, sums and projections; or whether a paper is true."
    ),
    "status": Place("pos_app.cli.status", "What waits, since when, and what is wrong."),
    "backup": Place("pos_app.cli.backup", "Copy the database while it is in use, closed to a public key."),
    "backup-key": Place("pos_app.cli.backup", "Make the key pair that copies are closed to."),
    "backup-open": Place("pos_app.cli.backup", "Open a copy with the private key."),
    "backup-set": Place(
        "pos_app.cli.backup_set",
        "Make a backup of this till there every day and after each close, from now on.",
    ),
    "backup-off": Place(
        "pos_app.cli.backup_set", "Make no more backups by itself; those that are there stay."
    ),
    "backups": Place("pos_app.cli.backups", "The centre's backups that are made by themselves."),
    "restore": _RESTORE,
    "selftest": Place(
        "pos_app.cli.selftest",
        "Try this machine: commits, a program that is killed, a printer's bytes, the speed of a scan.",
    ),
    "drill": Place(
        "pos_app.cli.drill",
        "Pull network, printer and power while a till sells, and prove that nothing is missing.",
    ),
    "doctor": Place("pos_app.cli.doctor", "Look for what could go wrong: keys, disk, damage, versions."),
    "demo": Place("pos_app.cli.demo", "See a depot trade: a server, a till, its daemon and its window."),
    "demo-month": Place(
        "pos_app.cli.demo",
        "Play a month of three businesses on four tills into a new home, lock it, and prove its books.",
    ),
    "landed-cost": Place(
        "pos_app.cli.purchasing",
        "Freight or duty on a receipt, shared out over its goods by value; their bill goes on account 2140.",
    ),
    "paper": Place(
        "pos_app.cli.paper",
        "A document as a PDF: invoices, orders, transfers and what came on A4, all else as its slip.",
    ),
    "settle": Place(
        "pos_app.cli.payments",
        "Money that came before goes to invoices: what is named, or as far as it goes.",
    ),
    "expenses": Place("pos_app.cli.treasury", "Bought and paid at once."),
    "adjust": Place("pos_app.cli.stock", "Correct the stock of a place."),
    "entry": Place(
        "pos_app.cli.journal_entries",
        "An entry by hand: account,debit,credit,business,party,due,description; every business balances.",
    ),
    "opening": Place(
        "pos_app.cli.journal_entries",
        "Opening balances: account,debit,credit,business,party,due,description,currency,rate;"
        " a row with a due date is an open invoice; a row of stock has sku,location,quantity,cost instead.",
    ),
    "lock": Place(
        "pos_app.cli.year_end",
        "Nothing may be dated on or before a day any more; an earlier day opens what lies after it.",
    ),
    "year-end": Place(
        "pos_app.cli.year_end", "Income and expense to retained earnings, business by business, once."
    ),
    "value-stock": Place(
        "pos_app.cli.stock",
        "Value what moved since the last time, by moving average; the server does it by itself too.",
    ),
    "revalue": Place(
        "pos_app.cli.revaluation",
        "Foreign money at the rates of a day: the difference to what it stands at is gain or loss.",
    ),
    "void": Place(
        "pos_app.cli.journal_entries",
        "Take back a document that the office made; what others built upon is voided first.",
    ),
    "import": _IMPORT,
    "export": _EXPORT,
    "explain": Place("pos_app.cli.explain", "One balance, line by line."),
    "archive": Place("pos_app.cli.archive", "Old years written out, read back and checked."),
    "db": Place("pos_app.cli.db_check", "The central database itself."),
    "label": Place("pos_app.cli.label", "Labels for shelves, goods and cases."),
    "fiscal": Place("pos_app.cli.fiscal", "What tax authorities sign, and what waits for a person."),
    "stand-in": Place("pos_app.cli.stand_in", "Machines that are none, to try a till with."),
    "payments": Place(
        "pos_app.cli.received_payments",
        "M-Pesa that its provider confirmed: which sale took it, and what is missing.",
    ),
    "codes": Place("pos_app.cli.codes", "M-Pesa codes that came twice, and deciding on them."),
    "flags": Place("pos_app.cli.flags", "What is odd about documents that were booked, and looking at it."),
    "quarantine": Place("pos_app.cli.quarantine", "What was not booked, and deciding on it."),
    "requests": Place("pos_app.cli.requests", "What people at tills asked for: customers, products, prices."),
    "audit": Place("pos_app.cli.audit", "Who changed what, when and where."),
    "terminal": Place("pos_app.cli.terminal", "The tills: which there are, and taking one away."),
    "training": Place("pos_app.cli.training", "The home in which people learn a till."),
    "approval": Place("pos_app.cli.approval", "Approving from afar what a till asks in figures."),
    "rule": Place("pos_app.cli.rules", "What the house rules for its tills: PINs, locking, approving."),
    "rescue": Place(
        "pos_app.cli.rescue",
        "Bring in what a till has and the centre does not; what does not fit waits for two people.",
    ),
    "medium": Place(
        "pos_app.cli.medium",
        "The second medium of a till: where each document lies as well.",
    ),
    "login": Place(
        "pos_app.cli.login", "Sign in at this shell: commands of this account need no PIN until it ends."
    ),
    "logout": Place("pos_app.cli.login", "End the session of this account."),
    "whoami": Place("pos_app.cli.login", "Who is signed in at this shell, and what they may do here."),
    "token": Place("pos_app.cli.token", "What jobs and other programs show instead of a PIN."),
    "message": Place("pos_app.cli.message", "What customers are told by SMS and e-mail."),
    "webhook": Place("pos_app.cli.webhook", "Other programs that are told of what happens, as it happens."),
    "session": Place("pos_app.cli.sessions", "Who is signed in to the back office in a browser."),
    "recover": Place(
        "pos_app.cli.recovery",
        "A new PIN for an owner with the recovery key of founding; prints the PIN and the next key, once.",
    ),
    "recovery-key": Place(
        "pos_app.cli.recovery", "A new recovery key, printed once; the one of before counts no more."
    ),
    "person": Place("pos_app.cli.person", "Who works here, and what they may do."),
    "role": Place("pos_app.cli.roles", "What a role may do."),
    "invoices": Place("pos_app.cli.invoicing", "Invoices to customers: drafts and posted ones."),
    "bills": Place("pos_app.cli.purchasing", "Bills of vendors: drafts and posted ones."),
    "orders": Place("pos_app.cli.purchasing", "What was ordered of vendors."),
    "receipts": Place("pos_app.cli.purchasing", "What came of vendors."),
    "pay": Place("pos_app.cli.payments", "Money from customers, to vendors, with parties."),
    "bags": Place("pos_app.cli.bags", "Cash on its way to the bank, and its arrival."),
    "bank": Place(
        "pos_app.cli.bank",
        "Statements of banks: brought in, held against the books, and what each line is of.",
    ),
    "vouchers": Place("pos_app.cli.vouchers", "Vouchers and deposit slips: what is left, and why."),
    "transfer": _TRANSFER,
    "parties": Place("pos_app.cli.parties", "Customers, vendors, employees, members."),
    "category": Place("pos_app.cli.categories", "The categories of products, and their order on the tiles."),
    "unit": Place("pos_app.cli.units", "Units of measure: what things are counted and packed in."),
    "product": Place("pos_app.cli.products", "What the shop sells."),
    "pack": Place("pos_app.cli.packs", "Packs of products: a case of twelve, its price and its barcodes."),
    "prices": Place("pos_app.cli.prices", "What customers pay by agreement."),
    "price-list": Place("pos_app.cli.price_lists", "Price lists: what they say, and whom they are for."),
    "promotion": Place(
        "pos_app.cli.promotions", "Something off in a period: a per cent, three for two, a bundle."
    ),
    "loyalty": Place("pos_app.cli.loyalty", "Programmes that give points, and who has how many."),
    "customer-group": Place("pos_app.cli.party_groups", "Customers who get the same prices."),
    "rates": Place("pos_app.cli.exchange_rates", "What currencies are worth."),
    "tax": Place("pos_app.cli.tax_codes", "The tax codes and their rates."),
    "accounts": Place("pos_app.cli.accounts", "The chart of accounts."),
    "organisation": Place(
        "pos_app.cli.organisation", "The organisation itself: name, time zone, smallest coin."
    ),
    "business": Place(
        "pos_app.cli.businesses", "The businesses of the organisation, and what their papers say."
    ),
    "depot": Place("pos_app.cli.depots", "The depots, and what their receipts say."),
    "locations": Place("pos_app.cli.stock", "Where stock lies."),
    "reorder": Place("pos_app.cli.stock", "What runs short."),
}


def root() -> LazyGroup:
    """All commands."""
    return LazyGroup("bohari", _PLACES, help="Bohari POS. “bohari --version” says which version this is.")


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
            raise misused("argument-not-utf8", text=shown)
    if words[:1] == ["--version"]:
        out(json.dumps({"ok": True, "version": VERSION}) if "--json" in words else f"bohari {VERSION}")
        return 0
    return root()(words, prog_name="bohari", standalone_mode=False)


def _guarded(run: Callable[[], Any], as_json: bool) -> int:
    """Run, and turn every known error into a sentence on standard error and an exit code."""
    try:
        code = run()
    except typer.Exit as done:
        return done.exit_code
    except typer.Abort:
        return 1
    except WrongUse as error:
        return _fail(usage(error), as_json, 2, getattr(error, "said", None))
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


def usage(error: Exception) -> str:
    """What is wrong with how a command was used, as click says it."""
    said: Any = getattr(error, "format_message", lambda: str(error))()
    return str(said) or said("no-command")


def _fail(sentence: str, as_json: bool, exit_code: int, known: Sentence | None = None) -> int:
    sys.stderr.write(sentence.rstrip() + "\n")
    if as_json:
        values: dict[str, object] = {"ok": False, "error": sentence.strip()}
        if known is not None and known.code:
            values |= {"code": known.code, "facts": dict(known.facts)}
        out(json.dumps(values, ensure_ascii=False))
    return exit_code
