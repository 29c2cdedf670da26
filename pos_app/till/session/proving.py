"""The secrets of approvals in the memory of a till: each for as long as the approval that brought it.

A PIN opens its owner's secret (`pin_hash.unwrap`).  Nobody else keeps one: with its approval it is gone, and
what must outlive that (a basket that is parked) gets a key that is good for its own request and no other.
"""

from collections.abc import Mapping
from weakref import ref

from pos_app.ledger import approving
from pos_app.ledger.head import Head


class Secret:
    """A person's, opened by their PIN."""

    __slots__ = ("__weakref__", "_bytes")

    def __init__(self, secret: bytes) -> None:
        self._bytes = secret

    def key(self, request_id: str) -> bytes:
        """What proves this person's approval of one request."""
        return approving.key_of(self._bytes, request_id)


class Proving:
    """What is at hand at a till to prove approvals with."""

    def __init__(self) -> None:
        #: By person, the PIN typed last first; each as long as its own approval is held.
        self._given: dict[int, list[ref[Secret]]] = {}
        self._own: tuple[int, Secret] | None = None
        self._next: Secret | None = None
        self._lent: tuple[str, Mapping[int, bytes]] = ("", {})

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

    def keep_for_next(self, secret: Secret | None) -> None:
        """Somebody approved what is recorded next, whatever that is."""
        self._next = secret

    def lend(self, request_id: str, keys: Mapping[int, bytes]) -> None:
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

    def keys(self, document: Head) -> dict[int, bytes]:
        """The keys of those whom a document names."""
        request_id, found = document.request_id, {}
        lent = self._lent[1] if self._lent[0] == request_id else {}
        for person_id in approving.named(document):
            key = self.key(person_id, request_id) or lent.get(person_id)
            if key is not None:
                found[person_id] = key
        return found
