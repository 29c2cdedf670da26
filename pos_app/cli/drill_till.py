"""The till of a drill in a process of its own, so that its plug can really be pulled: it sells by word.

It hears a line at a time and says what it did; what it said before it was killed counts.
"""

import sys
import time
from pathlib import Path
from typing import Final

from pos_app import bootstrap, settings
from pos_app.cli.answer import out
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import TenderKind
from pos_app.store.journal import print_jobs
from pos_app.till.paper.spool import Spool
from pos_app.till.till import Till

#: What the parent says, each on a line: the PIN first, then these; `sell` with how many, 0 without end.
SELL: Final = "sell"
PAPER: Final = "paper"
DRAWER: Final = "drawer"
#: What is said: ready to sell, one sale with key, amount and number, all that was asked for.
READY: Final = "ready"
SOLD: Final = "sold"
DONE: Final = "done"
#: The float with which the drawer begins, in minor units.
FLOAT: Final = 1_000_00
#: What lies on the shelf of the drill's shop.
GOODS: Final = ("DRILL-WATER", "DRILL-GAS", "DRILL-BREAD")
#: So long a printer that is back is given for all papers.
_PAPER_S: Final = 60.0
_LOOK_EVERY_S: Final = 0.05


def work(home: Path) -> None:
    """Be at the till of this home until nobody says anything more, or the plug is pulled."""
    till = bootstrap.open_till(home)
    spool = bootstrap.make_spool(till, home, settings.load(home))
    try:
        _sign_in(till, sys.stdin.readline().strip())
        if not till.drawer.is_open():
            till.drawer.open(FLOAT)
        spool.start()
        out(READY)
        for line in sys.stdin:
            word, _, number = line.strip().partition(" ")
            _do(till, spool, word, int(number or 0))
            out(DONE)
    finally:
        spool.stop()
        till.close()


def _sign_in(till: Till, pin: str) -> None:
    people = till.sign_in.people()
    if not people:
        raise Refused("cannot-sign-in")
    till.sign_in.sign_in(people[0].person_id, pin)


def _do(till: Till, spool: Spool, word: str, number: int) -> None:
    if word == SELL:
        _sell(till, spool, number)
    elif word == PAPER:
        _wait_for_paper(till, spool)
    elif word == DRAWER:
        out(f"{DRAWER} {till.drawer.expected()}")
    else:
        raise ValueError(word)


def _sell(till: Till, spool: Spool, wanted: int) -> None:
    """So many sales for cash, one after the other, each with its receipt; 0 is without end."""
    done = 0
    # What was being typed when the plug was pulled is sold first, as a cashier would.
    basket = till.baskets.resume()
    while not wanted or done < wanted:
        for step in range(done % len(GOODS) + 1):
            basket.add(till.catalogue.scan(GOODS[(done + step) % len(GOODS)]).product)
        checkout = till.checkout(basket)
        if checkout.due().still_due:
            checkout.add_tender(TenderKind.CASH, checkout.cash_due())
        sale = checkout.complete()
        out(f"{SOLD} {sale.document_id} {sale.total} {sale.number}")
        spool.wake()
        done += 1
        basket = till.baskets.new()


def _wait_for_paper(till: Till, spool: Spool) -> None:
    """Until every paper that waits is out of the printer, or long enough."""
    end = time.monotonic() + _PAPER_S
    spool.wake()
    while time.monotonic() < end:
        with till.database.read() as connection:
            if not print_jobs.unfinished(connection):
                return
        time.sleep(_LOOK_EVERY_S)
        spool.wake()
