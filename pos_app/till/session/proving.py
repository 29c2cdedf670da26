"""The secrets of approvals in the memory of a till: each for as long as the approval that brought it.

A PIN opens its owner's secret (`pin_hash.unwrap`).  Nobody else keeps one: with its approval it is gone, and
what must outlive that (a basket that is parked) gets a key that is good for its own request and no other.
"""

from collections.abc import Mapping
from weakref import ref

from pos_app.ledger import approving
from pos_app.ledger.approving import Key
from pos_app.ledger.head import FromAfar, Head


class Secret:
    """A person's, opened by their PIN."""

    __slots__ = ("__weakref__", "_bytes")

    def __init__(self, secret: bytes) -> None:
        self._bytes = secret

    def key(self, request_id: str) -> bytes:
        """What proves this person's approval of one request."""
        return approving.key_of(self._bytes, request_id)


class Answer:
    """What a person answered from afar: good for the request that they were asked about."""

    __slots__ = ("__weakref__", "given", "request_id")

    def __init__(self, request_id: str, given: FromAfar) -> None:
        self.request_id = request_id
        self.given = given


class Proving:
    """What is at hand at a till to prove approvals with."""

    def __init__(self) -> None:
        #: By person, the PIN typed last first; each as long as its own approval is held.
        self._given: dict[int, list[ref[Secret]]] = {}
        self._answers: list[ref[Answer]] = []
        self._own: tuple[int, Secret] | None = None
        self._next: Secret | Answer | None = None
        self._lent: tuple[str, Mapping[int, Key]] = ("", {})

    def signed_in(self, person_id: int, secret: Secret | None) -> None:
        """Who is at the till from now on, by their PIN."""
        self.forget()
        self._own = None if secret is None else (person_id, secret)

    def forget(self) -> None:
        """Nobody is at the till.  An approval that somebody still holds keeps what proves it."""
        self._own, self._next, self._lent = None, None, ("", {})

    def give(self, person_id: int, secret: Secret) -> None:
        """Somebody approved: it is at hand for as long as their approval keeps it."""
        alive = [one for one in self._given.get(person_id, ()) if one() is not None]
        self._given[person_id] = [ref(secret), *alive]

    def answered(self, answer: Answer) -> None:
        """Somebody approved from afar: it is at hand for as long as their approval keeps it."""
        self._answers = [one for one in self._answers if one() is not None] + [ref(answer)]

    def answers(self, person_id: int, request_id: str) -> tuple[FromAfar, ...]:
        """What a person answered from afar for a request."""
        held = [found for one in self._answers if (found := one()) is not None]
        mine = [one.given for one in held if one.request_id == request_id]
        return tuple([one for one in mine if one.person_id == person_id])

    def keep_for_next(self, secret: Secret | Answer | None) -> None:
        """Somebody approved what is recorded next, whatever that is."""
        self._next = secret

    def lend(self, request_id: str, keys: Mapping[int, Key]) -> None:
        """The keys that were kept with what is recorded next under this request."""
        self._lent = (request_id, keys)

    def done(self) -> None:
        """It is recorded."""
        self._next, self._lent = None, ("", {})

    def key(self, person_id: int, request_id: str) -> bytes | None:
        """What proves a person's approval of a request, where their secret is at hand."""
        held = (one() for one in self._given.get(person_id, ()))
        secret = next((one for one in held if one is not None), None)
        if secret is None and self._own is not None and self._own[0] == person_id:
            secret = self._own[1]
        return None if secret is None else secret.key(request_id)

    def keys(self, document: Head) -> dict[int, Key]:
        """The keys of those whom a document names."""
        request_id = document.request_id
        found: dict[int, Key] = {}
        lent = self._lent[1] if self._lent[0] == request_id else {}
        for person_id in approving.named(document):
            kept = lent.get(person_id)
            afar = kept if isinstance(kept, tuple) else ()
            fresh = [one for one in self.answers(person_id, request_id) if one not in afar]
            # A PIN is for all of the document, whatever was answered beside it.
            key = self.key(person_id, request_id) or (kept if isinstance(kept, bytes) else None)
            if key or afar or fresh:
                found[person_id] = key or (*afar, *fresh)
        return found
