"""What each business proves itself with to its provider: in the keyring or a file that only its owner reads.

Never in the database: a copy of it, or whoever may read every table, speaks with no provider.
"""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from pos_app.ledger.errors import Damaged
from pos_app.payments.daraja import Account
from pos_app.store.engine import key_store


def name_of(org_id: int, business_id: int) -> str:
    """Under which name the key store has it."""
    return f"payments-{org_id}-{business_id}.key"


def find(home: Path, org_id: int, business_id: int) -> Account | None:
    """What a business proves itself with; None where it has nothing.  Raises `Damaged` for what is none."""
    kept = key_store.find(home, name_of(org_id, business_id))
    if kept is None:
        return None
    try:
        return msgspec.json.decode(kept.content, type=Account)
    except msgspec.DecodeError as error:
        raise Damaged("payment-account-damaged", file=name_of(org_id, business_id)) from error


def keep(home: Path, org_id: int, business_id: int, account: Account) -> str:
    """Keep it in the stead of the one before; gives where it lies, in a word."""
    name = name_of(org_id, business_id)
    content = msgspec.json.encode(account)
    if key_store.place_of(home, name) is None:
        return key_store.keep(home, name, content).value
    key_store.replace(home, name, content)
    place = key_store.place_of(home, name)
    return "" if place is None else place.value


def forget(home: Path, org_id: int, business_id: int) -> None:
    """Take it away."""
    key_store.forget(home, name_of(org_id, business_id))


def all_of(home: Path, org_id: int, business_ids: Mapping[int, object]) -> dict[int, Account]:
    """Of the businesses of an organisation, those that have one."""
    found = {one: find(home, org_id, one) for one in business_ids}
    return {one: account for one, account in found.items() if account is not None}
