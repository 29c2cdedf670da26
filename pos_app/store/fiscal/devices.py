"""The devices of businesses at the centre: as people say them, as they were registered, and how they go.

The functions work inside the caller's transaction.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, text

from pos_app.fiscal.regime import Device, Entry, Registered
from pos_app.language import Sentence
from pos_app.store.engine import privacy
from pos_app.store.fiscal import sayings
from pos_app.store.fiscal.settings import FiscalSetting


@dataclass(frozen=True)
class FiscalDevice:
    """A device; `secret` is closed unless it was read to be used (`opened`)."""

    org_id: int
    business_id: int
    address: str = ""
    serial: str = ""
    item_class: str = ""
    secret: str = ""
    unit: str = ""
    recorder: str = ""
    codes: str = ""
    codes_at: datetime | None = None
    next_number: int = 1
    registered_at: datetime | None = None
    answered_at: datetime | None = None
    failures: int = 0
    rests_until: datetime | None = None
    stopped: bool = False
    said: Sentence | None = None


_READ: Final = (
    "SELECT org_id, business_id, address, serial, item_class, secret, unit, recorder, codes, codes_at,"
    " next_number, registered_at, answered_at, failures, rests_until, stopped, said FROM fiscal_device"
    " WHERE org_id = :org AND business_id = :business"
)


def find(connection: Connection, org_id: int, business_id: int, *, lock: bool = False) -> FiscalDevice:
    """The device of a business; an empty one where nothing was said.  With `lock`, until the commit."""
    row = connection.execute(
        text(_READ + (" FOR UPDATE" if lock else "")), {"org": org_id, "business": business_id}
    ).one_or_none()
    if row is None:
        return FiscalDevice(org_id, business_id)
    told = dict(row._mapping)
    return FiscalDevice(**told | {"stopped": bool(row.stopped), "said": sayings.read(row.said)})


def opened(connection: Connection, device: FiscalDevice, setting: FiscalSetting, pin: str) -> Device:
    """A device as its regime uses it."""
    secret = privacy.of(connection).decrypt_text(device.org_id, privacy.FISCAL_SECRET, device.secret)
    return Device(
        pin=pin,
        branch=setting.branch,
        serial=device.serial,
        secret=secret if device.secret else "",
        unit=device.unit,
        recorder=device.recorder,
        codes=device.codes,
        item_class=device.item_class,
        is_trial=setting.is_trial,
    )


def put(connection: Connection, device: FiscalDevice) -> None:
    """Keep what a person says of a device; another serial number is another device, and registered anew."""
    before = find(connection, device.org_id, device.business_id, lock=True)
    connection.execute(
        text(
            "INSERT INTO fiscal_device (org_id, business_id, address, serial, item_class)"
            " VALUES (:org, :business, :address, :serial, :class) ON CONFLICT (org_id, business_id)"
            " DO UPDATE SET address = excluded.address, serial = excluded.serial,"
            " item_class = excluded.item_class, rests_until = NULL, failures = 0, stopped = 0"
        ),
        {
            "org": device.org_id,
            "business": device.business_id,
            "address": device.address,
            "serial": device.serial,
            "class": device.item_class,
        },
    )
    if before.serial != device.serial:
        forget(connection, device)


def forget(connection: Connection, device: FiscalDevice) -> None:
    """Another device: it knows nothing of ours, and counts from one."""
    _set(
        connection,
        device,
        "secret = '', unit = '', recorder = '', codes = '', codes_at = NULL, registered_at = NULL,"
        " next_number = 1, said = ''",
    )
    connection.execute(
        text(
            "UPDATE fiscal_entry SET number = 0, code = '', said = ''"
            " WHERE org_id = :org AND business_id = :business"
        ),
        {"org": device.org_id, "business": device.business_id},
    )


def registered(connection: Connection, device: FiscalDevice, told: Registered, at: datetime) -> None:
    """Keep what it is known by from now on."""
    secret = privacy.of(connection).encrypt_text(device.org_id, privacy.FISCAL_SECRET, told.secret)
    _set(
        connection,
        device,
        "secret = :secret, unit = :unit, recorder = :recorder, codes = :codes, codes_at = :at,"
        " registered_at = :at, answered_at = :at, failures = 0, rests_until = NULL, stopped = 0, said = ''",
        secret=secret,
        unit=told.unit,
        recorder=told.recorder,
        codes=told.codes,
        at=at,
    )


def keep_codes(connection: Connection, device: FiscalDevice, codes: str, at: datetime) -> None:
    """Keep what its authority says now of tax types."""
    _set(connection, device, "codes = :codes, codes_at = :at, answered_at = :at", codes=codes, at=at)


def counts_on(connection: Connection, device: FiscalDevice, next_number: int) -> None:
    """The number that its next invoice gets."""
    _set(connection, device, "next_number = :next", next=next_number)


def answered(connection: Connection, device: FiscalDevice, at: datetime) -> None:
    """It goes well."""
    _set(
        connection,
        device,
        "answered_at = :at, failures = 0, rests_until = NULL, stopped = 0, said = ''",
        at=at,
    )


def rests(connection: Connection, device: FiscalDevice, says: Sentence, until: datetime) -> None:
    """It did not answer: it is asked again then."""
    _set(
        connection,
        device,
        "failures = failures + 1, rests_until = :until, said = :said",
        until=until,
        said=sayings.written(says),
    )


def stops(connection: Connection, device: FiscalDevice, says: Sentence) -> None:
    """It is asked nothing until a person sets it going."""
    _set(connection, device, "stopped = 1, said = :said", said=sayings.written(says))


def resume(connection: Connection, device: FiscalDevice) -> None:
    """Ask it again at once."""
    _set(connection, device, "stopped = 0, failures = 0, rests_until = NULL, said = ''")


def _set(connection: Connection, device: FiscalDevice, what: str, **bound: Any) -> None:
    connection.execute(
        text(f"UPDATE fiscal_device SET {what} WHERE org_id = :org AND business_id = :business"),
        {"org": device.org_id, "business": device.business_id, **bound},
    )


# --- what it was told of ----------------------------------------------------------------------------------

_ENTRY: Final = "org_id = :org AND business_id = :business AND kind = :kind AND key = :key"


@dataclass(frozen=True)
class Known:
    """Something that a device was told of, or is about to be; `code` is empty until it was."""

    number: int
    code: str
    said: str
    class_code: str


def entry(connection: Connection, device: FiscalDevice, wanted: Entry) -> Known:
    """What a device was told of something; with its number, which is given now where it has none."""
    bound = {
        "org": device.org_id, "business": device.business_id, "kind": wanted.kind, "key": wanted.key,
    }  # fmt: skip
    connection.execute(
        text(
            "INSERT INTO fiscal_entry (org_id, business_id, kind, key) VALUES (:org, :business, :kind, :key)"
            " ON CONFLICT DO NOTHING"
        ),
        bound,
    )
    row = connection.execute(
        text(f"SELECT number, code, said, class_code FROM fiscal_entry WHERE {_ENTRY} FOR UPDATE"), bound
    ).one()
    known = Known(int(row.number), row.code, row.said, row.class_code)
    if known.number:
        return known
    number = int(
        connection.execute(
            text(
                "SELECT coalesce(max(number), 0) + 1 FROM fiscal_entry"
                " WHERE org_id = :org AND business_id = :business AND kind = :kind"
            ),
            bound,
        ).scalar_one()
    )
    connection.execute(
        text(f"UPDATE fiscal_entry SET number = :number WHERE {_ENTRY}"), {**bound, "number": number}
    )
    return replace(known, number=number)


def entered(connection: Connection, device: FiscalDevice, wanted: Entry, code: str) -> None:
    """A device was told of it, and names it so."""
    connection.execute(
        text(f"UPDATE fiscal_entry SET code = :code, said = :said WHERE {_ENTRY}"),
        {
            "org": device.org_id,
            "business": device.business_id,
            "kind": wanted.kind,
            "key": wanted.key,
            "code": code,
            "said": wanted.said,
        },
    )


def classes(connection: Connection, org_id: int, business_id: int, kind: str) -> dict[int, str]:
    """The kinds of goods that people chose, by key."""
    rows = connection.execute(
        text(
            "SELECT key, class_code FROM fiscal_entry WHERE org_id = :org AND business_id = :business"
            " AND kind = :kind AND class_code <> ''"
        ),
        {"org": org_id, "business": business_id, "kind": kind},
    )
    return {int(row[0]): str(row[1]) for row in rows}


def choose_class(connection: Connection, device: FiscalDevice, kind: str, key: int, class_code: str) -> None:
    """Say what kind of goods something is."""
    connection.execute(
        text(
            "INSERT INTO fiscal_entry (org_id, business_id, kind, key, class_code)"
            " VALUES (:org, :business, :kind, :key, :class)"
            " ON CONFLICT (org_id, business_id, kind, key) DO UPDATE SET class_code = excluded.class_code"
        ),
        {
            "org": device.org_id,
            "business": device.business_id,
            "kind": kind,
            "key": key,
            "class": class_code,
        },
    )
