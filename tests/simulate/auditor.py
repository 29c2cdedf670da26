"""What must hold at the end of a simulation: every receipt is somewhere, nothing is twice, all sides agree.

The auditor believes nobody: which documents there were it knows from the receipts, what they come to it adds
up by the model of `tests.support.oracle`, and holds that against the centre and against every till.
"""

from collections import Counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from pos_app.ledger import canonical
from pos_app.ledger.document import Document
from pos_app.store.documents import terminal
from pos_app.store.tables.projections import PROJECTIONS, Projection
from tests.simulate.ledger_rows import stored_after
from tests.simulate.station import Station
from tests.simulate.trace import Broken
from tests.support.documents.specimens import LOCATION
from tests.support.oracle.model import Model

if TYPE_CHECKING:
    from tests.simulate.fleet import Fleet

Rows = dict[tuple[Any, ...], tuple[int, ...]]


def audit(fleet: "Fleet") -> dict[str, int]:
    """Judge a fleet whose daemons have said all they had to say; gives what was counted.  Raises `Broken`."""
    model, counts = Model(), Counter[str]()
    for number in range(fleet.plan.tills):
        stations = [one for one in fleet.stations if one.number == number]
        for station in stations:
            fleet.checks.whole(station)
            fleet.checks.fed(station)
            _accounted(fleet, station, counts)
        for document in _booked(fleet, number + 1, stations):
            model.add(document)
    centre = fleet.centre.balances()
    for projection in PROJECTIONS:
        if projection.from_centre:
            _agree("the centre", projection, centre[projection.name], _figures(model, projection))
    differences = model.differences({**centre, "account_balance": centre["account_balance"]})
    if differences:
        raise Broken("audit", differences[0])
    for station in fleet.stations:
        if not station.frozen():
            _till_agrees(fleet, station, model)
        else:
            counts["frozen"] += 1
    counts["booked"] = len(model.documents)
    return dict(counts)


def _accounted(fleet: "Fleet", station: Station, counts: Counter[str]) -> None:
    """Every receipt is in the books or waits for a decision; what went with an old disk is counted."""
    number = station.who.terminal_no
    booked, aside = set(fleet.centre.booked(number).values()), fleet.centre.aside(number)
    counts["receipts"] += len(station.receipts)
    for receipt in station.receipts:
        if receipt.hash in aside:
            counts["in quarantine"] += 1
        elif receipt.hash not in booked:
            raise Broken("out of the books", f"till {station.name}: nobody has {receipt}")
    held, kept = booked | aside, {packet.hash for packet in station.kept}
    for receipt, _ in station.lost:
        if receipt.hash in held:
            counts["rescued"] += receipt.hash in kept
        elif receipt.hash in kept:
            raise Broken("medium", f"the centre lacks {receipt} of the medium of till {station.name}")
        elif kept or "second medium" in fleet.plan.faults:
            counts["younger than the medium"] += 1
        else:
            counts["lost with a disk"] += 1
    if not fleet.centre.is_active(number) and not station.setting("frozen"):
        raise Broken("revoked", f"till {station.name} was taken away and sells on")
    mark, mark_hash = fleet.centre.mark(number)
    end = (station.receipts[-1].seq, station.receipts[-1].hash) if station.receipts else (0, b"")
    if not station.frozen() and (mark, mark_hash if mark else b"") != end:
        raise Broken("unnoticed", f"till {station.name} sells on at {end[0]}, the centre has it at {mark}")


def _booked(fleet: "Fleet", number: int, stations: list[Station]) -> list[Document]:
    """The documents of a terminal that the centre has in its books, by what people have papers of."""
    bodies: dict[bytes, bytes] = {}
    for station in stations:
        bodies |= {receipt.hash: packet.body for receipt, packet in station.lost}
        with station.database.read() as connection:
            bodies |= {one.hash: one.body for one in stored_after(connection, station, 0)}
    known = {one.hash for station in stations for one in station.receipts}
    known |= {receipt.hash for station in stations for receipt, _ in station.lost}
    found, numbers = [], Counter[tuple[str, int]]()
    for seq, hash_ in sorted(fleet.centre.booked(number).items()):
        if hash_ not in known:
            raise Broken("invented", f"the books have {seq} of terminal {number}, which nobody made")
        document = canonical.decode(bodies[hash_])
        numbers[document.series, document.number] += 1
        found.append(document)
    twice = [one for one, count in numbers.items() if count > 1]
    if twice:
        raise Broken("number", f"terminal {number} has {twice[0]} twice in the books")
    return found


def _figures(model: Model, projection: Projection) -> Rows:
    return model.figures(projection.name)


def _agree(who: str, projection: Projection, shown: Rows, expected: Rows) -> None:
    for key in shown.keys() | expected.keys():
        nothing = (0,) * len(projection.values)
        if shown.get(key, nothing) != expected.get(key, nothing):
            raise Broken(
                "audit",
                f"{who}: {projection.name} {key} is {shown.get(key)}, paper says {expected.get(key)}",
            )


def _till_agrees(fleet: "Fleet", station: Station, model: Model) -> None:
    """A till that is in step has of every balance that it is told what the books have."""
    for projection in PROJECTIONS:
        if not projection.from_centre:
            continue
        own = {"drawer_cash": ("drawer_id", station.who.drawer_id), "stock_level": ("location_id", LOCATION)}
        name, value = own.get(projection.name, ("org_id", 1))
        place = projection.keys.index(name)
        expected = {key: values for key, values in _figures(model, projection).items() if key[place] == value}
        shown = {key: values for key, values in _cached(station, projection).items() if key[place] == value}
        _agree(f"till {station.name}", projection, shown, expected)
    with station.database.read() as connection:
        if terminal.sync_state(connection, station.who).waiting:
            raise Broken("waiting", f"till {station.name} still has something to send")
        rows = connection.execute(text("SELECT sku, price FROM product")).all()
    prices = {row.sku: row.price for row in rows}
    for sku, price in fleet.prices.items():
        if prices[sku] != price:
            raise Broken("price", f"till {station.name} sells {sku} at {prices[sku]}, it costs {price}")


def _cached(station: Station, projection: Projection) -> Rows:
    names = (*projection.keys, *projection.values)
    count = len(projection.keys)
    with station.database.read() as connection:
        rows = connection.execute(text(f"SELECT {', '.join(names)} FROM {projection.name}")).all()
    return {tuple(row[:count]): tuple(row[count:]) for row in rows if any(row[count:])}
