"""What waits for two people in a world: bytes in quarantine, and one M-Pesa code of two tills."""

from pathlib import Path

from pos_app.ledger.line import TenderKind
from pos_app.ledger.quantity import ONE
from pos_app.store.journal import quarantine
from pos_app.store.master.people import Person
from pos_app.till.till import Till
from tests.web.world import NOON, World


def set_aside(world: World, seq: int, body: bytes = b"<script>no document</script>\x00") -> str:
    """Bytes in quarantine; gives their hash."""
    hash_ = seq.to_bytes(32, "big")
    with world.database.write() as connection:
        quarantine.put(
            connection, org_id=world.centre.org_id, terminal_no=1, seq=seq, hash_=hash_, prev_hash=b"p" * 32,
            body=body, reason="The chain does not fit.", received_at=NOON,
        )  # fmt: skip
    return hash_.hex()


def took_twice(world: World, code: str, folder: Path) -> tuple[str, str]:
    """Two tills take a message while neither hears of the other; gives the numbers of both sales."""
    lines, numbers = [], []
    for name in ("one", "two"):
        line = world.centre.till(folder / name)
        line.drain()
        lines.append(line)
    for line in lines:
        till = Till(line.database, world.centre.clock)
        till._context.person = Person(world.centre.founded.owner_id, "OWNER", "Owner", "owner")
        till.drawer.open(5_000_00)
        basket = till.baskets.new()
        basket.add(till.catalogue.scan("SKU1").product, ONE)
        taking = till.checkout(basket)
        taking.add_tender(TenderKind.MPESA, taking.total, code)
        numbers.append(taking.complete().number)
    for line in lines:
        line.drain()
    return numbers[0], numbers[1]
