"""`bohari demo-month`: a month of three businesses through the real tills, the real sync and the real office.

Four tills at two depots sell, each out of its own encrypted file and by the use cases that the window drives;
every evening their daemons bring what they have to the real server, the office records what it has to on the
centre's own chain, the stock is valued, and the tills hear of it.  Then the month is locked and proves itself
(`month_proof`).

Decisions
---------
2026-11-21  The month is played by the clock of October 2026, with requests that follow from the seed, so that
the same seed gives the same documents, byte by byte: `Proof.digest` is the hash over the chains of all
terminals.  Keys, PIN hashes and the tokens of the line are random as anywhere; no document knows them.

2026-11-21  One till is without a line for three days in the middle of the month and brings all of them at
once: what a depot lives through belongs to its month.

2026-11-21  A short month trades on fewer days, spread over the whole of it, and does everything else on them.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from rich.console import Console

from demo.month import founding, homes
from demo.month.counter import Counter
from demo.month.desk import Desk
from demo.month.homes import Seat, local, move_to
from demo.month.office import MonthOffice, Task
from demo.month.proof import Proof, proved
from demo.month.purchases import MonthPurchases
from pos_app.bootstrap import Central
from pos_app.cli.answer import Answer
from pos_app.ledger.clock import SetClock
from pos_app.ledger.document import SERVER_TERMINAL_NO
from pos_app.ledger.request import Reproducible, using
from pos_app.office import revaluation, year_end
from pos_app.office.office import Office
from pos_app.store.organisation import terminals
from pos_app.store.stock.valuation import Valuation

#: With fewer documents than these a day, fewer days are traded on.
_LEAST_A_DAY: Final = 60
#: At least so many customers come to a till on each of its days.
_LEAST_CUSTOMERS: Final = 3
_OPENS, _CLOSES = 7, 19

Say = Callable[[str], None]


def play(home: Path, *, seed: int, documents: int, say: Say) -> Proof:
    """Make a central home in the folder, play a month of at least so many documents on it, and prove it.

    `say` hears how far it is.  Raises `Refused` when there is a home in the folder already.
    """
    clock = SetClock(local(20260930, 18))
    with homes.made(home, clock) as centre:
        org_id = founding.found(centre)
        homes.settle(home, org_id)
        with homes.serving(centre, clock) as url:
            morning = local(founding.FIRST_DAY, 6)
            move_to(clock, morning)
            with homes.seats(centre, org_id, url, morning, seed) as seats:
                Play(centre, clock, org_id, seats, seed).run(documents, say)
                say("The month is locked; checking it ...")
                return proved(centre, org_id, seats)


def play_aloud(home: Path, *, seed: int, documents: int) -> Answer:
    """Play it, say on standard error how far it is, and answer with the proof."""
    console = Console(stderr=True, highlight=False)
    console.print("Founding three businesses at two depots and enrolling four tills ...")
    proof = play(home, seed=seed, documents=documents, say=console.print)
    return Answer(proof.values(), list(proof.lines(home)), proof.holds)


class Play:
    """One month being played."""

    def __init__(self, centre: Central, clock: SetClock, org_id: int, seats: list[Seat], seed: int) -> None:
        self._centre, self._clock, self._org_id, self._seats = centre, clock, org_id, seats
        self._requests = Reproducible(f"{seed} office")
        self._accountant = Office(centre.database, clock, org_id, "ACC")
        managers = {
            depot: Office(centre.database, clock, org_id, person) for _, depot, _, person in homes.SEATS
        }
        self._counters = [Counter(seat, seed) for seat in seats]
        # One till of each depot stands at the gate: two that receive the same would both be right by
        # what they know, and one of them in quarantine in the evening.
        gates = {seat.depot: seat for seat in reversed(seats)}
        self._desks = [
            Desk(counter, at_gate=gates[seat.depot] is seat)
            for counter, seat in zip(self._counters, seats, strict=True)
        ]
        tasks = MonthOffice(self._accountant, managers).tasks()
        tasks += MonthPurchases(self._accountant, managers).tasks()
        self._tasks: list[Task] = sorted(tasks, key=lambda task: task.at)
        self._valuation = Valuation(centre.database, clock, org_id)

    def run(self, documents: int, say: Say) -> None:
        """Play the month until there are so many documents at least, and lock it."""
        days = trading_days(documents)
        middle = len(days) // 2
        self._seats[-1].offline |= set(days[middle : middle + max(1, len(days) // 10)])
        with using(self._requests):
            owner = Office(self._centre.database, self._clock, self._org_id, "OWNER")
            founding.open_books(owner, homes.opening_stock())
            self._valuation.run()
        self._drain(days[0])
        for place, day in enumerate(days):
            last = place == len(days) - 1
            self._day(day, place, self._quota(documents, len(days) - place), last=last)
            self._evening(day, 1000 if last else 1000 * (place + 1) // len(days))
            say(f"{day % 100:2} October: {self.documents()} documents")
        self._end()

    def documents(self) -> int:
        """How many there are, also where the line is down."""
        with self._centre.database.for_org(self._org_id).read() as connection:
            terminals_ = terminals.all_terminals(connection, self._org_id)
        office = sum(one.mark for one in terminals_ if one.terminal_no == SERVER_TERMINAL_NO)
        return office + sum(seat.documents for seat in self._seats)

    def _quota(self, documents: int, days_left: int) -> int:
        """How many documents each till makes today, so that the month comes to its number."""
        missing = max(documents - self.documents(), 0)
        return -(-missing // (days_left * len(self._seats)))

    # --- a day --------------------------------------------------------------------------------------

    def _day(self, day: int, place: int, quota: int, *, last: bool) -> None:
        for number, (seat, counter, desk) in enumerate(
            zip(self._seats, self._counters, self._desks, strict=True)
        ):
            move_to(seat.clock, local(day, _OPENS, 30 + number))
            with using(seat.requests):
                before = seat.documents
                counter.open(day)
                desk.take_in()
                slot = 2 * (place * len(self._seats) + number)
                customers = max(quota - 5, _LEAST_CUSTOMERS)
                seconds = (_CLOSES - _OPENS - 1) * 3600 // (customers + 2)
                for customer in range(customers):
                    counter.serve(seconds)
                    if customer in (customers // 3, 2 * customers // 3):
                        desk.work(slot)
                        slot += 1
                while last and seat.documents - before < quota - 1:
                    counter.serve(5)
                counter.close()

    def _evening(self, day: int, until: int) -> None:
        """The tills' documents come, the office does what is due by now, the stock is valued."""
        self._drain(day)
        move_to(self._clock, local(day, _CLOSES, 30))
        with using(self._requests):
            while self._tasks and self._tasks[0].at <= until:
                self._tasks.pop(0).do()
            self._valuation.run()
        self._drain(day)

    def _drain(self, day: int) -> None:
        """Every till whose line is up, all at once as they would."""
        # The centre's clock goes with theirs: what arrives was not recorded tomorrow.
        move_to(self._clock, max(seat.clock.now() for seat in self._seats))
        reached = [place for place, seat in enumerate(self._seats) if day not in seat.offline]
        with ThreadPoolExecutor(len(self._seats)) as pool:
            list(pool.map(Seat.drain, [self._seats[place] for place in reached]))

    def _end(self) -> None:
        """The first morning of November: everything is in, valued and locked."""
        morning = local(20261101, 8)
        for seat in self._seats:
            move_to(seat.clock, morning)
        move_to(self._clock, morning)
        self._drain(20261101)
        with using(self._requests):
            self._valuation.run()
            # What lies in dollars, in drawers, the safe and the bank, at the rate of the month's last day.
            revaluation.revalue(self._accountant, founding.LAST_DAY)
            year_end.lock(self._accountant, founding.LAST_DAY, reason="October is closed")
        self._drain(20261101)


def trading_days(documents: int) -> list[int]:
    """The days of the month on which the tills are open, the first and the last among them."""
    days = founding.DAYS
    count = min(days, max(4, documents // _LEAST_A_DAY))
    return [founding.FIRST_DAY + place * (days - 1) // (count - 1) for place in range(count)]
