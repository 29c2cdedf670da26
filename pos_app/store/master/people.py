"""Reading people and parties, and the state of a person's failed sign-ins at this till."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, text

from pos_app.ledger import wanted_words
from pos_app.ledger.clock import NEVER, Running
from pos_app.ledger.letters import folded
from pos_app.ledger.line import PartyRole
from pos_app.store.engine import privacy
from pos_app.store.engine.letters import folded_sql, like_pattern, order_sql
from pos_app.store.master import finding, pins


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who may sign in; `role` is what they are called, and allows nothing (see `rights`).

    `may` is what they may do at this till now: filled in by whoever has read the rights, empty before.
    `asks`: the house wants another person's approval even for what they may do themselves.
    """

    person_id: int
    code: str
    name: str
    role: str
    may: frozenset[str] = field(default=frozenset(), compare=False, repr=False)
    asks: bool = field(default=False, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Party:
    """A party as a customer, unless it was asked for in another role.

    `credit_limit` in minor units, `terms_days` until an invoice is due.
    """

    party_id: int
    code: str
    name: str
    phone: str
    credit_limit: int
    active: bool
    terms_days: int = 0


@dataclass(frozen=True, slots=True)
class SignInState:
    """How often a person failed in a row, and for how long no attempt is taken: `left_ms` milliseconds when
    the machine had run as `since` says.
    """

    failures: int
    left_ms: int = 0
    since: Running = NEVER

    def left(self, running: Running) -> int:
        """How many milliseconds are left.  A machine that was started anew counts what was left once more."""
        passed = running.ms - self.since.ms
        if running.boot != self.since.boot or passed < 0:
            return self.left_ms
        return max(0, self.left_ms - passed)


def people(connection: Connection, org_id: int) -> list[Person]:
    """Who may sign in at this depot, by name: whose PIN the feed brought there."""
    rows = connection.execute(
        text(
            "SELECT person_id, code, name, role FROM person WHERE org_id = :org AND active = 1"
            " AND pin_hash <> '' ORDER BY person_id"
        ),
        {"org": org_id},
    )
    found = [Person(int(row[0]), row[1], row[2], row[3]) for row in rows]
    return sorted(found, key=lambda person: folded(person.name))


def person(connection: Connection, org_id: int, person_id: int) -> tuple[Person, str] | None:
    """An active person and the hash of their PIN."""
    row = connection.execute(
        text(
            "SELECT person_id, code, name, role, pin_hash FROM person"
            " WHERE org_id = :org AND person_id = :person AND active = 1"
        ),
        {"org": org_id, "person": person_id},
    ).one_or_none()
    if row is None:
        return None
    known = Person(int(row[0]), row[1], row[2], row[3])
    return known, pins.of(connection, org_id, known.person_id, str(row[4]))


def person_name(connection: Connection, org_id: int, person_id: int) -> str:
    """The name of a person, active or not; their number when unknown here."""
    name = connection.execute(
        text("SELECT name FROM person WHERE org_id = :org AND person_id = :person"),
        {"org": org_id, "person": person_id},
    ).scalar_one_or_none()
    return str(name) if name is not None else f"#{person_id}"


def sign_in_state(connection: Connection, org_id: int, person_id: int) -> SignInState:
    """Failed sign-ins of a person at this till, or at shells of this centre."""
    row = connection.execute(
        text(
            "SELECT failures, left_ms, at_ms, boot FROM sign_in_state"
            " WHERE org_id = :org AND person_id = :person"
        ),
        {"org": org_id, "person": person_id},
    ).one_or_none()
    if row is None:
        return SignInState(0)
    return SignInState(int(row[0]), int(row[1]), Running(str(row[3]), int(row[2])))


def put_sign_in_state(connection: Connection, org_id: int, person_id: int, state: SignInState) -> None:
    """Keep failed sign-ins, so that a restart does not forget them."""
    connection.execute(
        text(
            "INSERT INTO sign_in_state (org_id, person_id, failures, left_ms, at_ms, boot)"
            " VALUES (:org, :person, :failures, :left, :at, :boot) ON CONFLICT (org_id, person_id)"
            " DO UPDATE SET failures = excluded.failures, left_ms = excluded.left_ms,"
            " at_ms = excluded.at_ms, boot = excluded.boot, locked_until = NULL"
        ),
        {
            "org": org_id,
            "person": person_id,
            "failures": state.failures,
            "left": state.left_ms,
            "at": state.since.ms,
            "boot": state.since.boot,
        },
    )


#: As a customer (or in another role): whoever is none has no credit.
_PARTY_AS: Final = (
    "SELECT p.party_id, p.code, p.name, p.phone, coalesce(r.credit_limit, 0), p.active,"
    " coalesce(r.terms_days, 0) FROM party AS p LEFT JOIN party_role AS r ON r.org_id = p.org_id"
    " AND r.party_id = p.party_id AND r.role = '{role}' AND r.active = 1"
)
_PARTY: Final = _PARTY_AS.format(role=PartyRole.CUSTOMER.value)


def _party(connection: Connection, org_id: int, row: Any) -> Party:
    phone = privacy.of(connection).decrypt_text(org_id, privacy.PHONE, row[3])
    return Party(int(row[0]), row[1], row[2], phone, int(row[4]), bool(row[5]), int(row[6]))


def customers(connection: Connection, org_id: int, words: str, limit: int) -> list[Party]:
    """Active customers whose name, code or phone holds the words, by name; on a till."""
    return parties(connection, org_id, PartyRole.CUSTOMER, words, limit)


def parties(connection: Connection, org_id: int, role: PartyRole, words: str, limit: int) -> list[Party]:
    """Active parties in a role whose name, code or phone holds the words, by name; on a till.

    At the centre telephone numbers are closed: there `parties_by_phone` finds whole ones.
    """
    name, code = (folded_sql(connection, column) for column in ("p.name", "p.code"))
    rows = connection.execute(
        text(
            f"{_PARTY_AS.format(role=role.value)} WHERE p.org_id = :org AND r.role IS NOT NULL"
            f" AND p.active = 1 AND ({name} LIKE :pattern ESCAPE '\\' OR {code} LIKE :pattern ESCAPE '\\'"
            " OR p.phone LIKE :pattern ESCAPE '\\')"
            f" ORDER BY {order_sql(connection, 'p.name')}, p.party_id LIMIT :limit"
        ),
        {"org": org_id, "pattern": like_pattern(words), "limit": limit},
    )
    return [_party(connection, org_id, row) for row in rows]


def found_parties(
    connection: Connection, org_id: int, role: PartyRole, words: str, limit: int
) -> list[Party]:
    """As `parties`, by the index of a till: words in any order, one slip forgiven, the best first."""
    wanted = wanted_words.wanted(words)
    if not wanted:
        return parties(connection, org_id, role, "", limit)
    keys = finding.party_keys(connection, org_id, role, wanted, limit)
    found = {one.party_id: one for one in _by_keys(connection, org_id, role, keys)}
    return [found[key] for key in keys if key in found]


def _by_keys(connection: Connection, org_id: int, role: PartyRole, keys: Sequence[int]) -> list[Party]:
    listed = ", ".join(str(int(key)) for key in keys)
    statement = f"{_PARTY_AS.format(role=role.value)} WHERE p.org_id = :org AND p.party_id IN ({listed})"
    return [_party(connection, org_id, row) for row in connection.execute(text(statement), {"org": org_id})]


def parties_by_phone(connection: Connection, org_id: int, phone: str) -> list[Party]:
    """At the centre: whose telephone this is, however it is written (0712…, +254 712…)."""
    rows = connection.execute(
        text(
            f"{_PARTY} WHERE p.org_id = :org AND p.phone <> ''"
            f" AND {privacy.equals(connection, 'p.phone', 'mark')} ORDER BY p.party_id"
        ),
        {"org": org_id, "mark": privacy.of(connection).blind_index(org_id, privacy.PHONE, phone)},
    )
    return [_party(connection, org_id, row) for row in rows]


def party(
    connection: Connection, org_id: int, party_id: int, role: PartyRole = PartyRole.CUSTOMER
) -> Party | None:
    """The party with this key, with its terms in a role."""
    row = connection.execute(
        text(f"{_PARTY_AS.format(role=role.value)} WHERE p.org_id = :org AND p.party_id = :party"),
        {"org": org_id, "party": party_id},
    ).one_or_none()
    return None if row is None else _party(connection, org_id, row)


def merged_into(connection: Connection, org_id: int, party_id: int) -> Party | None:
    """The customer into whom this one was merged, as a double of theirs; None for one that was not."""
    into = connection.execute(
        text("SELECT into_id FROM party WHERE org_id = :org AND party_id = :party"),
        {"org": org_id, "party": party_id},
    ).scalar_one_or_none()
    return None if into is None else party(connection, org_id, int(into))
