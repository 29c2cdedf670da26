"""Organisations: which there are, what a command needs to know of one, and the labels of subdomains."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, text

from pos_app.ledger.currency import Currency, currency
from pos_app.ledger.errors import Refused
from pos_app.store.engine.engine import Database

#: The longest label that DNS carries.
MOST_LABEL: Final = 63
_LABEL: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
#: First labels of the names that servers themselves have: as an organisation's they would shut others out.
_RESERVED: Final = frozenset(
    {"admin", "api", "app", "bohari", "central", "centre", "localhost", "mail", "pos", "server", "www"}
)


@dataclass(frozen=True)
class Organisation:
    """An organisation; `currency` is its base currency, `cash_step` its smallest coin in minor units."""

    org_id: int
    name: str
    currency: Currency
    time_zone: str
    cash_step: int = 1


def get(connection: Connection, org_id: int) -> Organisation | None:
    """The organisation with this key."""
    row = connection.execute(
        text(
            "SELECT org_id, name, base_currency, time_zone, cash_step FROM organisation WHERE org_id = :org"
        ),
        {"org": org_id},
    ).one_or_none()
    return None if row is None else Organisation(int(row[0]), row[1], currency(row[2]), row[3], int(row[4]))


def named(connection: Connection, name: str) -> list[Organisation]:
    """The organisations that have this label, or this name in any case; for the owner of the database."""
    rows = connection.execute(
        text(
            "SELECT o.org_id FROM organisation AS o LEFT JOIN directory AS d ON d.organisation_id = o.org_id"
            " WHERE d.label = lower(:name) OR lower(o.name) = lower(:name) ORDER BY o.org_id"
        ),
        {"name": name.strip()},
    )
    found = [get(connection, int(row[0])) for row in rows]
    return [one for one in found if one is not None]


def all_ids(connection: Connection) -> list[int]:
    """The keys of all organisations of this database."""
    return [int(row[0]) for row in connection.execute(text("SELECT org_id FROM organisation ORDER BY 1"))]


def default_depot(connection: Connection, org_id: int) -> str:
    """The code of the depot that is meant when none is named: MAIN, or else the first."""
    return str(
        connection.execute(
            text(
                "SELECT code FROM depot WHERE org_id = :org"
                " ORDER BY CASE WHEN code = 'MAIN' THEN 0 ELSE 1 END, depot_id LIMIT 1"
            ),
            {"org": org_id},
        ).scalar_one()
    )


# --- labels: which organisation a subdomain names -----------------------------------------------------


def is_label(text_: str) -> bool:
    """Whether this can stand in front of a domain: small letters, digits, hyphens between them."""
    return _LABEL.fullmatch(text_) is not None


def of_label(connection: Connection, label: str) -> int | None:
    """The organisation with this label, asked before an organisation is known."""
    found = connection.execute(
        text("SELECT tenancy_org_of_label(:label)"), {"label": label}
    ).scalar_one_or_none()
    return None if found is None else int(found)


def served(database: Database) -> list[int]:
    """At the centre: the keys of all organisations, for the application, which sees the rows of none."""
    # Nobody is organisation 0: who proves it may ask which there are, and nothing else.
    with database.for_org(0).read() as connection:
        return [int(one) for one in connection.scalars(text("SELECT tenancy_organisations()"))]


def labels(connection: Connection) -> dict[int, str]:
    """The labels of all organisations, by key; for the owner of the database."""
    rows = connection.execute(text("SELECT organisation_id, label FROM directory"))
    return {int(row[0]): str(row[1]) for row in rows}


def add_label(connection: Connection, org_id: int, name: str, label: str = "") -> str:
    """Give an organisation its label, made of its name when none is wished; gives the label.

    By the owner, who founds one organisation at a time.  Raises `Refused` when the label is taken
    or cannot be one.
    """
    taken = set(labels(connection).values()) | _RESERVED
    if label:
        chosen = label.strip().lower()
        if not is_label(chosen):
            raise Refused("label-malformed", label=label[:70])
        if chosen in taken:
            raise Refused("label-taken", label=chosen)
    else:
        chosen = _free(_slug(name) or "org", taken)
    connection.execute(
        text("INSERT INTO directory (label, organisation_id) VALUES (:label, :org)"),
        {"label": chosen, "org": org_id},
    )
    return chosen


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[: MOST_LABEL - 8].strip("-")


def _free(wished: str, taken: set[str]) -> str:
    number, label = 1, wished
    while label in taken:
        number += 1
        label = f"{wished}-{number}"
    return label
