"""The judges of approvals: whether who is named proved it, and is another than the seller where the house
wants that.

Whether maker or approver had the right at that time is asked before anything is booked (see
`store.organisation.rights`): who never had it is quarantined with the document.

Decisions
---------
2026-11-30  A secret comes with a PIN, so whoever was given theirs before that has none, and is not asked for
a proof until their next PIN; from an hour after that they are, for ever, also once they have left. A till
that was offline meanwhile knows the PIN of before, or one without a secret: what it says is noted.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from pos_app.ledger import approving, remote_approval
from pos_app.ledger.approving import Secret, Told
from pos_app.ledger.document import Document
from pos_app.ledger.flagging import APPROVAL_OLD, APPROVAL_UNPROVED, APPROVED_BY_SELLER, FlagKind, Found
from pos_app.ledger.judging import FOREVER_US, Fit, held_at
from pos_app.ledger.permission import (
    DISCOUNT_STEPS,
    SELLERS_OWN,
    WORDS,
    Need,
    Permission,
    covering,
)
from pos_app.ledger.rights import needs
from pos_app.store.documents.rows import Sealed
from pos_app.store.master import approval_secrets, people
from pos_app.store.organisation.rights import Rights
from pos_app.store.rules.credit_judge import LATE, OFFLINE
from pos_app.store.rules.goods_judge import past_lines
from pos_app.store.rules.then import Then
from pos_app.store.tables.columns import micros

_MICROSECOND: Final = timedelta(microseconds=1)


def judge(then: Then, held: Rights, document: Document) -> Iterator[Found]:
    """What of it nobody but its maker stands behind; nothing where the house does not mind."""
    if not then.another or not _wants_another(then, document):
        return
    # Who sells past the last day needs the same leave as for another price.
    past = (Need(Permission.PRICE, document.approver_id),) if past_lines(then, document) else ()
    for need in (*needs(document), *past):
        if need.approver_id not in (None, document.person_id):
            continue
        if need.permission in SELLERS_OWN or _is_beyond_own(held, need, document):
            deed = WORDS[need.permission]
            yield Found(document.document_id, APPROVED_BY_SELLER, {"deed": deed})
            return


def _is_beyond_own(held: Rights, need: Need, document: Document) -> bool:
    """Whether it is a discount that the seller's roles do not give by themselves, but the right to prices."""
    at_us = micros(document.recorded_at)
    return need.permission in DISCOUNT_STEPS.values() and not any(
        held.allows(document.person_id, one, document.business_id, document.depot_id, at_us)
        for one in covering(need.permission)
        if one is not Permission.PRICE
    )


def _wants_another(then: Then, document: Document) -> bool:
    """Whether the rule held at the depot when it was recorded, and ever since."""
    # The depot's own rule goes before the organisation's.
    for depot_id in (document.depot_id, 0):
        spans = then.another.get(depot_id, [])
        if any(until_us == FOREVER_US for _, until_us in spans):
            return all(held_at(spans, micros(document.recorded_at)))
    return False


class ProofJudge:
    """Judges whether those whose approval the documents of a batch name proved it."""

    def __init__(
        self,
        connection: Connection,
        org_id: int,
        batch: Sequence[Sealed],
        held: Rights,
        arrived_at: datetime,
        *,
        oldest: datetime | None = None,
    ) -> None:
        """`oldest` is when the first of all that came with the batch was recorded; None where that is all."""
        # By what came together: of a till that was away, the last hour too was without news.
        first = oldest or min((one.document.recorded_at for one in batch), default=arrived_at)
        self._held = held
        self._was_offline = arrived_at - first > LATE
        self._names: dict[int, str] = {}
        asked = {person_id for one in batch for person_id in approving.named(one.document)}
        self._secrets = approval_secrets.of_people(connection, org_id, sorted(asked)) if asked else {}
        for person_id in self._secrets:
            self._names[person_id] = people.person_name(connection, org_id, person_id)

    @property
    def has_any(self) -> bool:
        """Whether anybody's approval can be held against a secret of theirs."""
        return bool(self._secrets)

    def judge(self, sealed: Sealed, document: Document) -> Iterator[Found]:
        """Who did not prove it, and who did by what no longer counted."""
        odd: dict[FlagKind, list[str]] = {}
        for person_id in approving.named(document):
            kind = self._kind(sealed, person_id, self._secrets.get(person_id, ()))
            if kind is not None:
                odd.setdefault(kind, []).append(self._names[person_id])
        for kind, names in odd.items():
            yield Found(document.document_id, kind, {"approver": ", ".join(names)})

    def _kind(self, sealed: Sealed, person_id: int, known: Sequence[Secret]) -> FlagKind | None:
        document, at_us = sealed.document, micros(sealed.document.recorded_at)
        how = approving.fit(Told(document, sealed.prev_hash, sealed.body, at_us), person_id, known)
        if how is not Fit.NEVER and known and self._is_for_more(document, person_id):
            return APPROVAL_UNPROVED
        if how is not Fit.NEVER:
            return APPROVAL_OLD if how is Fit.OLD else None
        is_unheard = at_us < known[0].since_us + OFFLINE // _MICROSECOND
        claims = approving.claims(document, person_id)
        return APPROVAL_OLD if self._was_offline and is_unheard and not claims else APPROVAL_UNPROVED

    def _is_for_more(self, document: Document, person_id: int) -> bool:
        """Whether somebody who approved from afar is named for something else too, that its maker may not.

        At the till they see the document itself, and one PIN is for all of it.
        """
        if not document.from_afar or any(one.person_id == person_id for one in document.proofs):
            return False
        at_us = micros(document.recorded_at)
        wanted = [
            need.permission
            for need in needs(document)
            if need.approver_id == person_id
            and not any(
                self._held.allows(document.person_id, one, document.business_id, document.depot_id, at_us)
                for one in covering(need.permission)
            )
        ]
        return remote_approval.lacks(document, person_id, wanted)
