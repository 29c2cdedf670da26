"""Plays a plan: all tills and the centre, one event after the other, in one thread."""

import random
import shutil
import tempfile
from collections.abc import Callable
from contextvars import Context, copy_context
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

import sqlcipher3.dbapi2 as sqlcipher
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pos_app.ledger import request
from pos_app.ledger.errors import BohariError, Refused
from pos_app.store.engine.errors import Frozen
from tests.simulate import auditor
from tests.simulate.centre import ModelCentre
from tests.simulate.checks import Checks
from tests.simulate.clock import BEGIN, FleetTime
from tests.simulate.home import Home, Image
from tests.simulate.network import Network, Seen
from tests.simulate.people import DEEDS, Counter
from tests.simulate.plan import Event, Plan
from tests.simulate.real_centre import RAW_KEY, RealCentre
from tests.simulate.shop import GOODS, enrolled, key_of, terminal_of
from tests.simulate.station import Receipt, Station, told
from tests.simulate.trace import Broken, Trace
from tests.support.worlds.till_fixture import CASHIER, MANAGER, PRODUCTS

_SIGNS: Final = Ed25519PrivateKey.from_private_bytes(RAW_KEY)
_MOST_ROUNDS: Final = 400
_SETTLED_ROUNDS: Final = 25
_AT_WORK_S: Final = 120.0


class Outcome(NamedTuple):
    """How a simulation went: a digest of all that happened, counts, what broke and at which event."""

    digest: str
    counts: dict[str, int]
    broken: Broken | None
    step: int
    lines: tuple[str, ...]
    #: What people were told of faults, by the code of the sentence.
    words: dict[str, str]


class Copied(NamedTuple):
    """A till's disk as it was, with what its people knew then."""

    image: Image
    receipts: list[Receipt]


class Fleet:
    """All tills of a plan, and their centre."""

    def __init__(
        self, plan: Plan, folder: Path, real: RealCentre | None = None, *, approved: bool = True
    ) -> None:
        """`real` is the centre in the place of the model."""
        self.plan, self._folder = plan, folder
        self.time, self.trace = FleetTime(), Trace()
        self.context: Context = copy_context()
        keys = {
            terminal_of(number).terminal_no: key_of(number).public_key().public_bytes_raw()
            for number in range(plan.tills)
        }
        self.model_door = ModelCentre(keys, _SIGNS, lambda: BEGIN + self.time.passed)
        self.centre: ModelCentre | RealCentre = self.model_door
        #: What a till may be compared with: the model, where it is the centre.
        self.model = self.model_door if real is None else None
        #: The model asks nobody whether they may; the real one wants proof of who approved.
        self.person = CASHIER if approved and real is None else MANAGER
        if real is not None:
            self.centre, real.clock.time = real, self.time
        self.network = Network(self.centre, plan.faults, self.trace, self.time)
        self.checks = Checks(self)
        self.prices = {sku: PRODUCTS[sku].price for sku in GOODS}
        self.counts: dict[str, int] = {}
        self.words: dict[str, str] = {}
        self._copies: dict[int, Copied] = {}
        self._centre_copies: tuple[Any, dict[str, int]] | None = None
        public = _SIGNS.public_key().public_bytes_raw()
        self.stations = [
            Station(
                self,
                number,
                Home(folder / str(number), enrolled(number, plan.tills, self.centre.epoch, public)),
            )
            for number in range(plan.tills)
        ]

    def close(self) -> None:
        """Give all back."""
        for station in self.stations:
            station.stop()

    # --- one event --------------------------------------------------------------------------------

    def happen(self, event: Event) -> None:
        """Play one event, and look."""
        self.time.pass_(event.after_s)
        chance = random.Random(event.draw)
        here = [one for one in self.stations if one.number == event.till]
        station = here[event.draw % len(here)]
        station.chance = chance
        self.trace.note(str(event))
        self._count(event.what)
        self.network.late(chance)
        if event.what in DEEDS:
            self._deed(station, event.what, chance)
        else:
            _EVENTS[event.what](self, station, chance)
        if station.home.dead:
            station.crash()

    def _count(self, what: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1

    def _deed(self, station: Station, what: str, chance: random.Random) -> None:
        """People do something; the receipt they get is noted, unless the program died meanwhile."""
        counter = Counter(station.till, station.cash, station.sales, chance)
        try:
            station.till.refresh()
            done = counter.do(what)
        except Frozen as no:
            self._count("frozen deeds")
            self.words[told(no)] = no.sentence
            self.trace.note(f"  frozen: {told(no)}")
            if not station.suspect:
                raise Broken("frozen", f"till {station.name} is frozen: {told(no)}") from no
            return
        except BohariError as no:
            if station.home.dead:
                return
            self._count(f"refused {told(no)}")
            if not isinstance(no, Refused):
                self.words[told(no)] = no.sentence
            self.trace.note(f"  refused: {told(no)}")
            try:
                self.checks.after_nothing(station)
            except sqlcipher.OperationalError:
                # The kill came while it was looked at: the look is cut off, and nothing is said of it.
                if not station.home.dead:
                    raise
            return
        except Broken:
            raise
        except Exception as error:
            if station.home.dead:
                return
            raise Broken("fault", f"till {station.name}, {what}: {type(error).__name__}: {error}") from error
        if station.home.dead or done is None:
            return
        station.cash += done.cash
        self._count("recorded")
        self.trace.note(f"  {done.recorded.number}: cash {done.cash:+}")
        self.checks.after_deed(station, done.recorded.document_id)

    def _turn(self, station: Station, _: random.Random) -> None:
        station.turn()
        if not station.home.dead:
            self.checks.after_turn(station)

    def _something(self, station: Station, chance: random.Random) -> None:
        """Either people do something, or the daemon goes on."""
        if chance.random() < 0.5:
            self._deed(station, "sell", chance)
        else:
            station.turn()

    # --- what fails -------------------------------------------------------------------------------

    def _kill(self, station: Station, _: random.Random) -> None:
        station.home.kill()

    def _kill_inside(self, station: Station, chance: random.Random) -> None:
        if chance.random() < 0.5:
            station.home.kill_inside(station.database, int(10 ** chance.uniform(1, 3.7)))
        else:
            station.home.kill_between(station.database, chance.randint(1, 12))
        self._something(station, chance)
        if not station.home.dead:
            station.home.calm(station.database)

    def _kill_at_news(self, station: Station, chance: random.Random) -> None:
        """The daemon is killed between two of its writes: pages of the feed among them."""
        station.home.kill_between(station.database, chance.randint(1, 12))
        station.turn()
        if not station.home.dead:
            station.home.calm(station.database)

    def _power_cut(self, station: Station, chance: random.Random) -> None:
        """The count of signatures is as it was some documents ago, the database is not."""
        counts = station.home.counts()
        for _ in range(chance.randrange(4)):
            self._deed(station, "sell", chance)
        station.home.kill_with(counts)

    def _torn(self, station: Station, chance: random.Random) -> None:
        before = station.receipts[:], station.cash, station.sales[:], dict(station.numbers)
        station.home.watch_log(station.database)
        self._something(station, chance)
        if station.home.dead:
            return
        # Nobody has seen what the last transaction did.
        if station.receipts != before[0]:
            station.receipts, station.cash, station.sales, station.numbers = before
        station.home.tear(chance)

    def _full(self, station: Station, chance: random.Random) -> None:
        station.home.fill(station.database)
        self._something(station, chance)
        station.home.calm(station.database)

    def _read_only(self, station: Station, chance: random.Random) -> None:
        station.home.forbid(station.database)
        self._something(station, chance)
        station.home.calm(station.database)

    def _jump(self, station: Station, chance: random.Random) -> None:
        """The clock on the wall is put wrong, mostly by minutes, or right."""
        far = chance.choice((0, 0, 60, 600, 86_400))
        station.clock.wrong = timedelta(seconds=chance.randint(-far, far))
        self.trace.note(f"  the clock of till {station.name} is wrong by {station.clock.wrong}")

    def _restart(self, station: Station, _: random.Random) -> None:
        """Both programs end in order and start again, as for an upgrade."""
        station.restart()

    def _upgrade(self, station: Station, chance: random.Random) -> None:
        station.upgrade(chance)

    def _cut(self, station: Station, chance: random.Random) -> None:
        station.cut_until = self.time.passed + timedelta(seconds=chance.uniform(1, 300))

    def _false(self, station: Station, chance: random.Random) -> None:
        station.false_until = self.time.passed + timedelta(seconds=chance.uniform(1, 60))

    def _price(self, _: Station, chance: random.Random) -> None:
        sku = chance.choice(GOODS)
        self.prices[sku] = chance.randrange(5, 3_000_00)
        self.centre.set_price(sku, self.prices[sku])

    def _copy(self, station: Station, _: random.Random) -> None:
        self._copies[id(station)] = Copied(station.home.image(), station.receipts[:])

    def _restore(self, station: Station, _: random.Random) -> None:
        """Somebody puts the database of before into the folder; the count beside it stays."""
        self._put_back(station, with_counts=False)

    def _restore_all(self, station: Station, _: random.Random) -> None:
        """The whole disk is as it was."""
        self._put_back(station, with_counts=True)

    def _put_back(self, station: Station, *, with_counts: bool) -> None:
        copied = self._copies.get(id(station))
        if copied is None or station.setting("frozen"):
            return
        image = dict(copied.image)
        if not with_counts:
            image = {name: file for name, file in image.items() if not name.startswith("counts")}
            image |= station.home.counts()
        self._count("put back")
        station.put_back(image, copied.receipts)

    def _clone(self, station: Station, _: random.Random) -> None:
        """The disk is copied and both go on."""
        if len([one for one in self.stations if one.number == station.number]) > 1:
            return
        self._count("cloned")
        name = f"{station.number}b"
        image = station.home.image()
        other = Station(self, station.number, Home(self._folder / name, image), name)
        other.receipts, other.cash = station.receipts[:], station.cash
        other.numbers = dict(station.numbers)
        station.suspect = other.suspect = True
        self.stations.append(other)

    def _revoke(self, station: Station, _: random.Random) -> None:
        for one in self.stations:
            if one.number == station.number:
                one.suspect = True
        self.centre.revoke(station.who.terminal_no)

    def _centre_restart(self, _: Station, __: random.Random) -> None:
        self.centre.restart()

    def _centre_copy(self, _: Station, __: random.Random) -> None:
        self._centre_copies = (self.centre.copied(), dict(self.prices))

    def _centre_restore(self, _: Station, chance: random.Random) -> None:
        """A new life: of what was copied, or of all that there is, which no mark gives away."""
        state: Any = self.centre.copied()
        if self._centre_copies is not None and chance.random() < 0.5:
            state, self.prices = self._centre_copies[0], dict(self._centre_copies[1])
        self.centre.put_back(state)

    def is_false(self, station: Station) -> bool:
        """Whether what answers this till is not the centre."""
        return self.time.passed < station.false_until

    # --- the end ----------------------------------------------------------------------------------

    def settle(self) -> dict[str, int]:
        """Everything is well again until all is said; then the auditor comes.  Raises `Broken`."""
        self.network.well()
        for station in self.stations:
            station.cut_until = station.false_until = timedelta()
            station.clock.wrong = timedelta()
            station.chance = random.Random(f"end {self.plan.seed} {station.name}")
        self._until_calm()
        if self._rescue():
            self._until_calm()
        return auditor.audit(self)

    def _rescue(self) -> bool:
        """What second media and frozen homes have is carried to the centre; gives whether there was any."""
        # A till that spoke just now is at work.
        self.time.pass_(_AT_WORK_S)
        carried = False
        for station in self.stations:
            packets = station.kept[:]
            if station.setting("frozen"):
                packets += station.packets()
            if packets:
                self.centre.rescue(station.who.terminal_no, packets)
                carried = True
        return carried

    def _until_calm(self) -> None:
        rounds = calm = 0
        while calm < _SETTLED_ROUNDS:
            rounds += 1
            if rounds > _MOST_ROUNDS:
                waiting = [one.name for one in self.stations if not self._is_settled(one)]
                raise Broken("drain", f"the tills {', '.join(waiting)} and the centre do not come together")
            self.time.pass_(61.0 if calm == 0 else 5.1)
            for station in self.stations:
                station.turn()
                self.checks.after_turn(station)
            calm = calm + 1 if all(map(self._is_settled, self.stations)) else 0

    def _is_settled(self, station: Station) -> bool:
        if station.setting("frozen"):
            return True
        mark = self.centre.mark(station.who.terminal_no)
        return mark[0] == 0 if not station.receipts else mark == (station.end())


_EVENTS: Final[dict[str, Callable[[Fleet, Station, random.Random], None]]] = {
    "turn": Fleet._turn,
    "kill": Fleet._kill,
    "kill inside": Fleet._kill_inside,
    "kill at news": Fleet._kill_at_news,
    "power cut": Fleet._power_cut,
    "torn write": Fleet._torn,
    "full disk": Fleet._full,
    "read-only disk": Fleet._read_only,
    "clock jump": Fleet._jump,
    "restart": Fleet._restart,
    "upgrade": Fleet._upgrade,
    "partition": Fleet._cut,
    "false server": Fleet._false,
    "price": Fleet._price,
    "centre restart": Fleet._centre_restart,
    "centre copy": Fleet._centre_copy,
    "centre restore": Fleet._centre_restore,
    "copy": Fleet._copy,
    "restore": Fleet._restore,
    "restore of all": Fleet._restore_all,
    "clone": Fleet._clone,
    "revoke": Fleet._revoke,
}


def play(
    plan: Plan,
    *,
    shm: Path = Path("/dev/shm"),
    real: RealCentre | None = None,
    record: Callable[[Seen], None] | None = None,
    approved: bool = True,
) -> Outcome:
    """Play a plan from its beginning to the auditor's word, with the model of a centre or the `real` one.

    `record` is told of every request that reached the centre.  With `approved` a cashier is at the tills,
    and a manager beside; else a manager alone.
    """
    folder = Path(tempfile.mkdtemp(prefix="bohari-simulate-", dir=shm if shm.is_dir() else None))
    step = 0
    try:
        with request.using(request.Reproducible(f"simulation {plan.seed}")):
            fleet = Fleet(plan, folder, real, approved=approved)
            fleet.network.record = record
            try:
                for step, event in enumerate(plan.events, start=1):  # noqa: B007 - told in the outcome
                    fleet.happen(event)
                counts = fleet.settle()
            except Broken as broken:
                return _outcome(fleet, broken, step)
            finally:
                fleet.close()
            return _outcome(fleet, None, step, counts)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _outcome(fleet: Fleet, broken: Broken | None, step: int, counts: Any = None) -> Outcome:
    if broken is not None:
        fleet.trace.note(f"BROKEN {broken}")
    every = fleet.counts | (counts or {})
    return Outcome(fleet.trace.digest, every, broken, step, tuple(fleet.trace.lines), fleet.words)
