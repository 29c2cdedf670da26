"""What happens in a simulation: a list of events that follows from a seed.

Each event has its own number to draw from, so that a plan with some events left out plays the others as
before as far as they can be: a failure is made small by leaving out (see `shrink`).
"""

import random
from collections.abc import Sequence
from typing import Final, NamedTuple

#: What people do; the weight of each.  Sales are counted apart.
_DEEDS: Final = {
    "refund": 4,
    "void": 3,
    "on account": 6,
    "pay": 4,
    "cash in": 2,
    "cash out": 2,
    "close": 1,
    "receive": 2,
    "adjust": 1,
    "park": 1,
}
#: How often a daemon gets to go on, for each sale; a seed has one of these.
_TURNS_A_SALE: Final = (0.25, 0.5, 1.0, 1.5)
#: What may go wrong, and how many events lie between two of each when a seed switches it on.
EVERY: Final = {
    "kill": 150,
    "kill inside": 120,
    "kill at news": 300,
    "power cut": 250,
    "torn write": 150,
    "full disk": 200,
    "read-only disk": 300,
    "clock jump": 200,
    "restart": 250,
    "partition": 300,
    "false server": 300,
    "poison": 200,
    "price": 100,
    "centre restart": 400,
    "centre copy": 500,
    "centre restore": 1000,
    "copy": 300,
    "restore": 2000,
    "restore of all": 3000,
    "clone": 3000,
    "revoke": 4000,
    "upgrade": 500,
}
#: What a shop has or has not: no event, but what is lost depends on it.
EQUIPMENT: Final = ("second medium",)
#: What happens to single requests, and how many of a thousand when a seed switches it on.
OF_REQUESTS: Final = {
    "lost": 40,
    "answer lost": 40,
    "late": 30,
    "twice": 40,
    "slow": 150,
    "broken": 10,
    "busy": 20,
}
#: Those that take what only the old disk had, where no second medium has it too.
HARD: Final = ("restore", "restore of all", "clone")


class Event(NamedTuple):
    """Something that happens at a till (or anywhere), so many seconds after what happened before."""

    what: str
    till: int
    draw: int
    after_s: float

    def __str__(self) -> str:
        return f"+{self.after_s:.1f} s  till {self.till}: {self.what} ({self.draw})"


class Plan(NamedTuple):
    """All of a simulation."""

    seed: int
    tills: int
    faults: tuple[str, ...]
    events: tuple[Event, ...]

    def with_events(self, events: Sequence[Event]) -> "Plan":
        """The same with other events."""
        return self._replace(events=tuple(events))


def drawn(
    seed: int, sales: int, *, tills: int = 0, faults: Sequence[str] | None = None, often: int = 1
) -> Plan:
    """The plan of a seed with so many sales; `tills` 0 and `faults` None are drawn too.

    What goes wrong does so `often` times as often as it would.
    """
    chance = random.Random(f"plan {seed}")
    every = (*EVERY, *OF_REQUESTS, *EQUIPMENT)
    swarm = tuple(fault for fault in every if chance.random() < 0.5)
    number = tills or chance.choice((1, 2, 3, 4, 6))
    on = swarm if faults is None else tuple(faults)
    return Plan(seed, number, on, tuple(_events(chance, sales, number, on, often)))


def _events(chance: random.Random, sales: int, tills: int, faults: Sequence[str], often: int) -> list[Event]:
    deeds, weights = list(_DEEDS), list(_DEEDS.values())
    rates = [(fault, often / EVERY[fault]) for fault in faults if fault in EVERY]
    pause_s, turns = chance.choice((0.5, 2.0, 5.0)), chance.choice(_TURNS_A_SALE)
    events = []

    def happens(what: str) -> None:
        events.append(
            Event(what, chance.randrange(tills), chance.getrandbits(32), chance.expovariate(1 / pause_s))
        )

    for _ in range(sales):
        happens("sell")
        if chance.random() < 0.15:
            happens(chance.choices(deeds, weights)[0])
        for _ in range(int(turns + chance.random())):
            happens("turn")
        for fault, rate in rates:
            if chance.random() < rate * 3:
                happens(fault)
    return events
