"""Today at a glance: what was sold when and where, what the drawers should hold, what asks for a person.

Decisions
---------
2026-11-30  Beside today's hours stand those of the same weekday a week ago, and beside today's sum what last
week had until the same minute: a whole day against half a day says nothing.

2026-11-30  A page that looks by itself asks for the mark first, which is the sum of what was taken of all
terminals and of what waits: whoever has it already is told that nothing changed, for the price of one row.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import text

from pos_app.language import Sentence, said
from pos_app.ledger.currency import Currency, currency
from pos_app.ledger.document import DrawerClose
from pos_app.ledger.exchange_rate import worth_of
from pos_app.ledger.flagging import Weight
from pos_app.ledger.money import grouped_text
from pos_app.ledger.permission import Permission
from pos_app.office.books import Books
from pos_app.office.fiscal import standings_of
from pos_app.office.office import Office
from pos_app.reports.model.period import Period, period, zone_of
from pos_app.store.documents import documents
from pos_app.store.journal import double_codes, flags, quarantine
from pos_app.store.organisation import terminals
from pos_app.store.organisation.terminals import Seen
from pos_app.store.report_queries import chart_of_accounts, sales
from pos_app.store.report_queries.sales import QUARTER_S, SoldWhere
from pos_app.store.report_queries.scope import Scope
from pos_app.store.stock import drawers
from pos_app.store.stock.drawers import Turn
from pos_app.store.upkeep import findings, night_state

_WEEK: Final = timedelta(days=7)
#: So long before tills stop selling for want of a signature somebody is called.
_FISCAL_SOON: Final = timedelta(hours=18)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
#: A till that is open and was not heard for so long is said to be silent.
SILENT_AFTER: Final = timedelta(minutes=15)
#: So many alerts are told; the rest is a number.
MOST_ALERTS: Final = 20


class Hour(NamedTuple):
    """An hour of the day on the organisation's clocks: sold today, and a week ago, tax included."""

    hour: int
    today: int
    last_week: int


class Part(NamedTuple):
    """A business, a depot or a till: sold today, and a week ago until the same minute, tax included."""

    name: str
    today: int
    last_week: int


class Till(NamedTuple):
    """A till: whether its drawer is open and since when (None: never opened), when it was last heard, and
    what its drawer should hold, by currency.
    """

    terminal_no: int
    name: str
    depot: str
    is_open: bool
    since: datetime | None
    seen_at: datetime | None
    is_silent: bool
    cash: dict[str, int]


class Alert(NamedTuple):
    """Something that asks for a person: what it is about, and the sentence."""

    about: str
    sentence: Sentence


class Done(NamedTuple):
    """A depot of which every till that worked today is closed: when the last was closed, how many there are,
    and by how much they differ in all, in minor units of the base currency.
    """

    depot: str
    at: datetime
    tills: int
    difference: int


class Today(NamedTuple):
    """The whole of it; amounts in minor units of the base currency."""

    at: datetime
    mark: str
    money: Currency
    hours: list[Hour]
    sold: int
    last_week: int
    sales: int
    businesses: list[Part]
    depots: list[Part]
    tills: list[Part]
    machines: list[Till]
    done: list[Done]
    alerts: list[Alert]
    more_alerts: int


def mark(office: Office) -> str:
    """What changes whenever the glance may: until then a page that looks by itself has nothing to draw."""
    with office.read() as books:
        _need(office, books)
        return _mark(office, books)


def glance(office: Office) -> Today:
    """Today as the centre knows it now.  Raises `Refused` for who may see no reports."""
    with office.read() as books:
        _need(office, books)
        now, base = books.now, office.organisation.currency
        zone = zone_of(office.organisation.time_zone)
        today = period(now.astimezone(zone).date(), now.astimezone(zone).date(), zone)
        week = period(today.last - _WEEK, today.last - _WEEK, zone)
        sold, before = _sold(books, today), _sold(books, week)
        until = now - _WEEK
        by_now = [one for one in before if _EPOCH + timedelta(seconds=one.quarter * QUARTER_S) <= until]
        every = [one for one in terminals.tills(books.connection, books.org_id) if one.active]
        machines = _machines(books, every)
        alerts = _alerts(books, today, machines)
        named = chart_of_accounts.businesses(books.connection, books.org_id)
        return Today(
            at=now,
            mark=_mark(office, books),
            money=base,
            hours=_hours(sold, before, today),
            sold=_worth(sold),
            last_week=_worth(by_now),
            sales=sales.count(books.connection, _scope(books, today)),
            businesses=_parts(sold, by_now, "business_id", {key: one.name for key, one in named.items()}),
            depots=_parts(sold, by_now, "depot_id", _depots(books)),
            tills=_parts(sold, by_now, "terminal_no", {one.terminal_no: _called(one) for one in every}),
            machines=machines,
            done=_done(books, today, machines),
            alerts=alerts[:MOST_ALERTS],
            more_alerts=max(0, len(alerts) - MOST_ALERTS),
        )


def _need(office: Office, books: Books) -> None:
    office.need_everywhere(books.connection, Permission.SEE_REPORTS)


def _mark(office: Office, books: Books) -> str:
    row = books.connection.execute(
        text(
            "SELECT (SELECT coalesce(sum(last_seq), 0) FROM terminal WHERE org_id = :org),"
            " (SELECT count(*) FROM quarantine WHERE org_id = :org AND decided_at IS NULL),"
            " (SELECT count(*) FROM flag_look WHERE org_id = :org)"
        ),
        {"org": books.org_id},
    ).one()
    # An open page goes on to the next minute by itself: the hours move, and tills fall silent.
    minute = int(office.clock.now().timestamp()) // 60
    return "-".join(str(int(one)) for one in (*row, minute))


def _scope(books: Books, days: Period) -> Scope:
    return Scope(books.org_id, None, days.start, days.end)


def _sold(books: Books, days: Period) -> list[SoldWhere]:
    return sales.by_place(books.connection, _scope(books, days))


def _worth(lines: Iterable[SoldWhere]) -> int:
    """In the base currency, tax included: what is of one rate is summed before it is converted."""
    sums: dict[int, int] = defaultdict(int)
    for one in lines:
        sums[one.rate_micro] += one.net + one.tax
    return sum(worth_of(amount, rate) for rate, amount in sums.items())


def _hours(sold: list[SoldWhere], before: list[SoldWhere], today: Period) -> list[Hour]:
    def hour_of(line: SoldWhere) -> int:
        return today.local(_EPOCH + timedelta(seconds=line.quarter * QUARTER_S)).hour

    of_today: dict[int, list[SoldWhere]] = defaultdict(list)
    of_week: dict[int, list[SoldWhere]] = defaultdict(list)
    for line in sold:
        of_today[hour_of(line)].append(line)
    for line in before:
        of_week[hour_of(line)].append(line)
    known = [*of_today, *of_week]
    if not known:
        return []
    return [Hour(at, _worth(of_today[at]), _worth(of_week[at])) for at in range(min(known), max(known) + 1)]


def _parts(sold: list[SoldWhere], before: list[SoldWhere], key: str, names: dict[int, str]) -> list[Part]:
    groups: dict[int, tuple[list[SoldWhere], list[SoldWhere]]] = defaultdict(lambda: ([], []))
    for at, lines in enumerate((sold, before)):
        for line in lines:
            groups[getattr(line, key)][at].append(line)
    found = [
        Part(names.get(number, str(number)), _worth(today), _worth(week))
        for number, (today, week) in groups.items()
    ]
    return sorted(found, key=lambda part: (-part.today, part.name))


def _depots(books: Books) -> dict[int, str]:
    rows = books.connection.execute(
        text("SELECT depot_id, name FROM depot WHERE org_id = :org"), {"org": books.org_id}
    )
    return {int(row[0]): str(row[1]) for row in rows}


def _called(till: Seen) -> str:
    return f"{till.terminal_no} {till.name}".strip()


def _machines(books: Books, every: list[Seen]) -> list[Till]:
    turned = drawers.turns(books.connection, books.org_id)
    cash = drawers.everywhere(books.connection, books.org_id)
    return [_till(one, turned.get(one.terminal_no), cash, books.now) for one in every]


def _till(seen: Seen, turn: Turn | None, cash: dict[int, dict[str, int]], now: datetime) -> Till:
    is_open = turn is not None and turn.is_open
    silent = is_open and (seen.last_seen_at is None or now - seen.last_seen_at > SILENT_AFTER)
    return Till(
        seen.terminal_no,
        seen.name,
        seen.depot,
        is_open,
        None if turn is None else turn.at,
        seen.last_seen_at,
        silent,
        {} if turn is None else cash.get(turn.drawer_id, {}),
    )


def _alerts(books: Books, today: Period, machines: list[Till]) -> list[Alert]:
    connection, org_id = books.connection, books.org_id
    found = [
        Alert("quarantine", said("web-alert-quarantine", document=f"{one.terminal_no}/{one.seq}"))
        for one in quarantine.waiting(connection, org_id)
    ]
    found += [
        Alert("codes", said("web-alert-code-twice", number=one.number, other=one.other_number))
        for one in double_codes.waiting(connection, org_id)
    ]
    found += [
        Alert("flags", said("web-alert-flag", number=one.number, why=one.sentence))
        for one in flags.waiting(connection, org_id)
        if one.weight is Weight.ALERT
    ]
    found += _unsigned(books)
    drifts = findings.all_of(connection, org_id)
    if drifts:
        found.append(Alert("drift", said("web-alert-drift", count=len(drifts))))
    night = night_state.read(connection, org_id)
    if night.last is not None and night.last.problem_count:
        found.append(Alert("verify", said("web-alert-verification", count=night.last.problem_count)))
    found += [
        Alert("till", said("web-alert-silent", till=f"{one.terminal_no} {one.name}".strip()))
        for one in machines
        if one.is_silent
    ]
    return [*_differences(books, today), *found]


def _unsigned(books: Books) -> list[Alert]:
    """What the tax authority's devices refused, and those that are wrong or silent for long."""
    told = []
    for device in standings_of(books):
        if device.is_stopped and device.says is not None:
            told.append(said("web-alert-fiscal-stopped", name=device.name, why=device.says))
        if device.refused:
            told.append(said("web-alert-fiscal", name=device.name, count=device.refused))
        if device.until is not None and device.until - books.now < _FISCAL_SOON:
            told.append(said("web-alert-fiscal-late", name=device.name, count=device.waiting))
    return [Alert("fiscal", sentence) for sentence in told]


def _done(books: Books, today: Period, machines: list[Till]) -> list[Done]:
    """The depots whose last till is closed, by code."""
    turned = drawers.turns(books.connection, books.org_id)
    at_work: dict[str, list[Turn]] = defaultdict(list)
    for one in machines:
        turn = turned.get(one.terminal_no)
        # A till that stayed open since yesterday is at work too.
        if turn is not None and (turn.is_open or today.start is None or turn.at >= today.start):
            at_work[one.depot].append(turn)
    base = books.organisation.currency.code
    found = []
    for depot, turns in sorted(at_work.items()):
        if not any(turn.is_open for turn in turns):
            closes = [close for turn in turns for close in _closes(books, turn.document_id)]
            difference = sum(one.counted - one.expected for one in closes if one.currency == base)
            found.append(Done(depot, max(turn.at for turn in turns), len(turns), difference))
    return found


def _differences(books: Books, today: Period) -> list[Alert]:
    """The drawers that were closed today with more or less in them than the books expected."""
    turned = drawers.turns(books.connection, books.org_id)
    start = today.start
    found = []
    for turn in turned.values():
        if turn.is_open or (start is not None and turn.at < start):
            continue
        for close in _closes(books, turn.document_id):
            if close.counted == close.expected:
                continue
            what = grouped_text(close.counted - close.expected, currency(close.currency))
            if close.currency != books.organisation.currency.code:
                what = f"{close.currency} {what}"
            found.append(Alert("drawer", said("web-alert-difference", till=turn.terminal_no, amount=what)))
    return found


def _closes(books: Books, document_id: int) -> list[DrawerClose]:
    """The closes of one shift, one of each currency, which stand one after another; the last is given."""
    found: list[DrawerClose] = []
    while True:
        close = documents.get(books.connection, books.org_id, document_id - len(found))
        if not isinstance(close, DrawerClose) or (found and close.shift != found[0].shift):
            return found
        found.append(close)
