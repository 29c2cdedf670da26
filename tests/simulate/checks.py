"""What must hold after every event of a simulation."""

import random
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidSignature
from sqlalchemy import Connection

from pos_app.ledger import canonical
from pos_app.ledger.document import Document
from pos_app.ledger.travel import Cursor
from pos_app.store.balances import balances
from pos_app.store.documents import settings
from pos_app.store.feed import cursors
from pos_app.store.tables.projections import BASELINES, PROJECTIONS
from tests.simulate.ledger_rows import Stored, cash_of, rows_of, stored_after
from tests.simulate.master_feed import MASTER_COLUMNS
from tests.simulate.shop import key_of
from tests.simulate.station import Receipt, Station
from tests.simulate.sums import COLUMNS
from tests.simulate.trace import Broken
from tests.support.documents.specimens import ORG

if TYPE_CHECKING:
    from tests.simulate.fleet import Fleet

#: One deed in so many is looked at with all that is costly: every balance summed anew, every signature.
_WHOLE_EVERY: Final = 150
_SIGNATURE_EVERY: Final = 16
#: What is compared of the feed, of each kind in these columns: what changes in a simulation.
_FED: Final = {**COLUMNS, "product": ("product_id", "price")}
_TOLD: Final = {**COLUMNS, **MASTER_COLUMNS}


class Checks:
    """Raises `Broken`; what is costly is looked at now and then, as the seed has it."""

    def __init__(self, fleet: "Fleet") -> None:
        self._fleet = fleet
        self._chance = random.Random(f"checks {fleet.plan.seed}")
        self.looks = 0

    def after_deed(self, station: Station, document_id: int) -> None:
        """A receipt was given: the document is in the ledger, above the one before, and the cash is right."""
        with station.database.read() as connection:
            fresh = self._fresh(connection, station)
            cash = cash_of(connection, station)
        taken = self._take(station, fresh) if len(fresh) == 1 else []
        if [one.document_id for one in taken] != [document_id]:
            raise Broken("receipt", f"till {station.name} gave one for {document_id}, the ledger has {fresh}")
        if station.suspect:
            station.cash = cash
        if cash != station.cash:
            raise Broken("cash", f"the books of till {station.name} have {cash}, its people {station.cash}")
        if self._chance.random() * _WHOLE_EVERY < 1:
            self.whole(station)

    def after_nothing(self, station: Station) -> None:
        """Something was refused or failed: nothing was recorded."""
        with station.database.read() as connection:
            fresh = self._fresh(connection, station)
            cash = cash_of(connection, station)
        if station.suspect:
            # What was put back, or forgot what the centre told it, has balances of its own.
            station.cash = cash
        if fresh or cash != station.cash:
            raise Broken("nothing", f"till {station.name} refused and recorded {fresh}, cash {cash}")

    def after_crash(self, station: Station) -> None:
        """All that was receipted is there; one document more may be, of which nobody has the paper."""
        with station.database.read() as connection:
            fresh = self._fresh(connection, station)
            cash = cash_of(connection, station)
        if len(fresh) > 1:
            raise Broken("crash", f"till {station.name} has {len(fresh)} documents that nobody made")
        self._take(station, fresh)
        if not fresh and cash != station.cash and not station.suspect:
            raise Broken("cash", f"after a crash till {station.name} has {cash}, not {station.cash}")
        station.cash = cash
        self.whole(station)
        self.fed(station)

    def _fresh(self, connection: Connection, station: Station) -> list[Stored]:
        """What is in the ledger beyond the receipts, whose last must be there as it was."""
        known = station.receipts[-1] if station.receipts else None
        found = stored_after(connection, station, known.seq - 1 if known else 0)
        if known is not None:
            if not found or (found[0].seq, found[0].hash) != (known.seq, known.hash):
                raise Broken("lost", f"till {station.name} has lost {known} that it gave a receipt for")
            found = found[1:]
        return found

    def _take(self, station: Station, fresh: list[Stored]) -> list[Document]:
        """Note what is in the ledger as receipted; gives the documents."""
        taken = []
        for one in fresh:
            last = station.receipts[-1] if station.receipts else None
            before = last.hash if last else canonical.genesis(ORG, station.who.terminal_no)
            document = one.document()
            if one.seq != len(station.receipts) + 1 or one.prev_hash != before:
                raise Broken("chain", f"till {station.name}: {one.seq} does not follow {last}")
            if canonical.chain(before, one.body) != one.hash:
                raise Broken("chain", f"till {station.name}: the hash of {one.seq} is wrong")
            number = station.numbers.get(document.series, 0) + 1
            if document.number != number:
                raise Broken("number", f"till {station.name} printed {document.series} {document.number}")
            station.numbers[document.series] = number
            if self._chance.randrange(_SIGNATURE_EVERY) == 0:
                _check_signature(station, one)
            at = self._fleet.time.passed
            station.receipts.append(Receipt(one.seq, one.hash, document.series, document.number, at))
            self._fleet.trace.mix(one.hash)
            taken.append(document)
        return taken

    def whole(self, station: Station) -> None:
        """Every balance is its sum."""
        self.looks += 1
        with station.database.read() as connection:
            drifts = [found for one in PROJECTIONS for found in balances.drifts(connection, one)]
        if drifts:
            raise Broken("drift", f"till {station.name}: {drifts[0]}")

    def fed(self, station: Station) -> None:
        """What a till holds of the feed is what the model's feed had up to where the till says it has read.

        A position that is kept without its rows passes them over for ever, and shows only where they differ.
        """
        centre = self._fleet.model
        with station.database.read() as connection:
            stands = cursors.read_all(connection)
            epoch, aside = settings.several(connection, "epoch", "set_aside")
            # What was put back, or is in quarantine, is taken off by the till itself.
            if centre is None or epoch != centre.epoch or station.suspect or aside:
                return
            for kind, names in _FED.items():
                places = [_TOLD[kind].index(name) for name in names]
                held = rows_of(connection, BASELINES[kind].name if kind in BASELINES else kind, names)
                for _, _, row in centre.told(station.who.terminal_no, kind, stands.get(kind, Cursor())):
                    if tuple(row[place] for place in places) not in held:
                        raise Broken("feed", f"till {station.name} has passed over a row of {kind}: {row}")

    def after_turn(self, station: Station) -> None:
        """The mark of a till is never beyond what the centre has, and nothing froze without a reason."""
        with station.database.read() as connection:
            told, epoch, code, frozen = settings.several(
                connection, "acknowledged_seq", "epoch", "frozen_code", "frozen"
            )
        mark = int(told or 0)
        if frozen and not station.suspect:
            raise Broken("frozen", f"till {station.name} is frozen ({code}), and nothing was done to it")
        centre = self._fleet.centre
        if epoch != centre.epoch or station.suspect or not mark:
            return
        held = centre.mark(station.who.terminal_no)[0]
        if mark > held:
            raise Broken("mark", f"till {station.name} thinks that the centre has {mark}; it has {held}")
        if mark > len(station.receipts):
            raise Broken("mark", f"till {station.name} heard of {mark} and recorded {len(station.receipts)}")
        hash_ = station.receipts[mark - 1].hash
        if not centre.has(station.who.terminal_no, mark, hash_):
            raise Broken("mark", f"the centre does not have {mark} of till {station.name} as it was recorded")


def _check_signature(station: Station, one: Stored) -> None:
    try:
        key_of(station.number).public_key().verify(one.signature, canonical.signed_text(one.hash))
    except InvalidSignature:
        raise Broken("signature", f"till {station.name}: {one.seq} is signed by somebody else") from None
