"""A centre that judges and an enrolled till whose file somebody may edit, for what the centre finds odd."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text

from pos_app.ledger.clock import SystemClock
from pos_app.ledger.line import PartyRole, TenderKind
from pos_app.ledger.quantity import ONE
from pos_app.store.journal import flags
from pos_app.store.master import party_terms
from pos_app.store.master.people import Person
from pos_app.store.organisation import founding
from pos_app.till.session.recorded import Recorded
from pos_app.till.till import Till
from tests.support.worlds.sync_fixtures import Centre

CASH = TenderKind.CASH


class Shifted(SystemClock):
    """A clock that is wrong by so much."""

    by = timedelta()

    def now(self) -> Any:
        return super().now() + self.by


class Desk:
    """An enrolled till at work, whose file somebody may edit."""

    def __init__(self, centre: Centre, folder: Path, *, by: timedelta = timedelta()) -> None:
        self.centre, self.line, self.clock = centre, centre.till(folder), Shifted()
        self.clock.by = by
        self.line.drain()
        self.start(Person(centre.founded.owner_id, "OWNER", "Owner", "owner"))
        self.till.drawer.open(5_000_00)

    def start(self, person: Person) -> None:
        """The till is opened, and somebody signs in."""
        self.person = person
        self.till = Till(self.line.database, self.clock)
        self.till._context.person = person

    def edit(self, sql: str, **values: Any) -> None:
        """What somebody does who has the key of the file."""
        with self.line.database.write() as connection:
            connection.execute(text(sql), values)
        self.start(self.person)

    def sync(self) -> None:
        self.line.drain()
        self.till.refresh()

    def sell(self, sku: str = "SKU1", *, customer: int | None = None, on_account: bool = False) -> Recorded:
        basket = self.till.baskets.new()
        if customer is not None:
            basket.set_customer(self.till.customers.get(customer))
        basket.add(self.till.catalogue.scan(sku).product, ONE)
        taking = self.till.checkout(basket)
        taking.add_tender(TenderKind.ACCOUNT if on_account else CASH, taking.total)
        return taking.complete()


def kinds(centre: Centre) -> list[str]:
    """What was flagged, by kind; nothing may be quarantined."""
    assert centre.quarantine() == []
    with centre.database.for_org(centre.org_id).read() as connection:
        return [one.kind.removeprefix("flag-") for one in flags.everything(connection, centre.org_id)]


def change(centre: Centre, do: Callable[[Any], None]) -> None:
    with centre.database.for_org(centre.org_id).write() as connection:
        do(connection)


def rewrite(centre: Centre, sql: str) -> None:
    """Change what the centre keeps of before, which nothing else can."""
    with centre.database.write() as connection:
        connection.execute(text("ALTER TABLE former_term DISABLE TRIGGER USER"))
        connection.execute(text(sql))
        connection.execute(text("ALTER TABLE former_term ENABLE TRIGGER USER"))


def long_ago(centre: Centre, hours: int = 2) -> None:
    """Whatever changed at the centre did so some hours ago."""
    rewrite(centre, f"UPDATE former_term SET until_us = until_us - {hours} * 3600000000")


def no_history(centre: Centre) -> None:
    """What holds at the centre held for ever."""
    rewrite(centre, "DELETE FROM former_term")


def limit(centre: Centre, amount: int) -> None:
    customer = PartyRole.CUSTOMER
    change(centre, lambda one: party_terms.put_role(one, centre.org_id, 1, customer, credit_limit=amount))


def forget_seals(desk: Desk) -> None:
    with desk.line.database.write() as connection:
        names = connection.scalars(text("SELECT name FROM sqlite_schema WHERE type = 'trigger'")).all()
        for name in names:
            connection.execute(text(f"DROP TRIGGER {name}"))


def hire(centre: Centre, code: str, role: str) -> int:
    """Somebody begins to work for the organisation, everywhere; gives their key."""
    with centre.database.write() as connection:
        return founding.add_person(
            connection, centre.org_id, f"THE-{code}", code.title(), role=role, pin_hash="pin"
        )
