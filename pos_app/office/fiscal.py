"""Fiscal devices as the office keeps them: who signs for a business, how it goes, what waits for a person."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from ipaddress import ip_address
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from pos_app.fiscal import regimes
from pos_app.fiscal.regime import ASIDE, ITEM, REFUSED, SENT, STATES, WAITING, Device, Regime
from pos_app.language import Sentence, said
from pos_app.ledger.errors import Refused
from pos_app.ledger.head import note_of
from pos_app.ledger.numbering import parse_printed
from pos_app.ledger.permission import Permission
from pos_app.office.books import Books
from pos_app.office.office import Office
from pos_app.store.documents import documents
from pos_app.store.fiscal import devices, gathering, receipts, settings
from pos_app.store.fiscal.devices import FiscalDevice
from pos_app.store.fiscal.receipts import Kept
from pos_app.store.fiscal.settings import FiscalSetting
from pos_app.store.master import letterheads, master_edit, unknown
from pos_app.store.organisation import master_import
from pos_app.store.tables.columns import from_micros, micros
from pos_app.store.tables.fiscal_setting_table import fiscal_setting

_CLASS_DIGITS: Final = (8, 10)
_MOST: Final = 500
#: An invoice of a device, as pages and commands read it.
Invoiced = Kept


@dataclass(frozen=True, kw_only=True)
class FiscalChoice:
    """What is said of a business's device; None stays.  `hours` 0 is as long as the regime allows."""

    regime: str | None = None
    address: str | None = None
    branch: str | None = None
    serial: str | None = None
    item_class: str | None = None
    hours: int | None = None
    is_trial: bool | None = None


class Chosen(NamedTuple):
    """What a business has."""

    setting: FiscalSetting
    device: FiscalDevice


class Standing(NamedTuple):
    """How the device of a business goes: how many wait and were refused, since when the oldest waits, until
    when tills go on selling without it, and what is wrong.
    """

    code: str
    name: str
    regime: str
    unit: str
    waiting: int
    refused: int
    since: datetime | None
    until: datetime | None
    answered_at: datetime | None
    is_stopped: bool
    says: Sentence | None


def regime_names() -> list[str]:
    """Every regime by the name that settings keep, none first."""
    return list(regimes.REGIMES)


def chosen(office: Office, code: str) -> Chosen:
    """What a business has.  Raises `Refused` for a code that none has."""
    with office.read() as books:
        key = books.business(code, archived=True)
        return _chosen(books, key)


def choose(office: Office, code: str, choice: FiscalChoice) -> bool:
    """Say by whom the sales of a business are signed from now on; gives whether anything is different.

    Raises `Refused` for what the regime does not take, and while an invoice waits for the one of before.
    """
    with office.read() as books:
        key = books.business(code)
    with office.change(Permission.EDIT_MASTER, business_id=key) as books:
        before = _chosen(books, key)
        now = _said(before, choice)
        if now == before:
            return False
        if now.setting.regime != before.setting.regime or now.device.serial != before.device.serial:
            _need_none_open(books, key)
        regime = regimes.regime(now.setting.regime)
        if regime.signs:
            _check(books, now, regime)
            gathering.begin(books.connection, books.org_id)
        _put(books, before, now)
        return True


def _said(before: Chosen, choice: FiscalChoice) -> Chosen:
    setting, device = before
    if choice.regime is not None:
        setting = replace(setting, regime=regimes.regime(choice.regime or regimes.NONE).name)
    if choice.branch is not None:
        setting = replace(setting, branch=choice.branch.strip())
    if choice.hours is not None:
        setting = replace(setting, hours=choice.hours)
    if choice.is_trial is not None:
        setting = replace(setting, is_trial=choice.is_trial)
    if choice.address is not None:
        device = replace(device, address=choice.address.strip().rstrip("/"))
    if choice.serial is not None:
        device = replace(device, serial=choice.serial.strip())
    if choice.item_class is not None:
        device = replace(device, item_class=choice.item_class.strip())
    return Chosen(setting, device)


def _check(books: Books, now: Chosen, regime: Regime) -> None:
    """Raise `Refused` for what cannot be a device of a regime."""
    setting, device = now
    seller = letterheads.sellers(books.connection, books.org_id)[setting.business_id]
    regime.check(
        Device(pin=seller.tax_number.replace(" ", "").upper(), branch=setting.branch, serial=device.serial)
    )
    if "address" in regime.needs:
        _check_address(device.address, in_shop=regime.in_shop)
    most = int(regime.ceiling.total_seconds()) // 3600
    if not 0 <= setting.hours <= most:
        raise Refused("fiscal-hours-wrong", most=most)
    _check_class(device.item_class)


def _check_class(digits: str) -> None:
    if not (digits.isascii() and digits.isdecimal() and len(digits) in _CLASS_DIGITS):
        raise Refused("etims-class-wrong", typed=digits[:20])


def _check_address(address: str, *, in_shop: bool) -> None:
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise Refused("fiscal-address-wrong", address=address[:80]) from None
    if parts.scheme not in ("http", "https") or not host or parts.query or parts.username:
        raise Refused("fiscal-address-wrong", address=address[:80])
    if parts.scheme == "http" and not in_shop and not _is_here(host):
        raise Refused("fiscal-address-plain", address=address[:80])


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _put(books: Books, before: Chosen, now: Chosen) -> None:
    setting, device = now
    is_new = regimes.regime(setting.regime).signs and setting.regime != before.setting.regime
    master_edit.put(
        books.connection,
        fiscal_setting,
        books.org_id,
        business_id=setting.business_id,
        regime=setting.regime,
        branch=setting.branch,
        hours=setting.hours,
        is_trial=int(setting.is_trial),
        from_us=micros(books.now) if is_new else setting.from_us,
    )
    devices.put(books.connection, device)


def _need_none_open(books: Books, business_id: int) -> None:
    open_now = receipts.counts(books.connection, books.org_id).get(business_id, {})
    if open_now:
        raise Refused("fiscal-still-open", number=sum(open_now.values()))


def _chosen(books: Books, business_id: int) -> Chosen:
    connection, org_id = books.connection, books.org_id
    device = devices.find(connection, org_id, business_id)
    return Chosen(settings.of_business(connection, org_id, business_id), device)


# --- how it goes ------------------------------------------------------------------------------------------


def standings(office: Office) -> list[Standing]:
    """Every business that has a device, by code."""
    with office.read() as books:
        return standings_of(books)


def standings_of(books: Books) -> list[Standing]:
    """The same inside a transaction."""
    connection, org_id = books.connection, books.org_id
    on = settings.signing(connection, org_id)
    if not on:
        return []
    counts = receipts.counts(connection, org_id)
    found = []
    for key, seller in letterheads.sellers(connection, org_id).items():
        if key not in on:
            continue
        device, open_now = devices.find(connection, org_id, key), counts.get(key, {})
        since_us = receipts.oldest_open_us(connection, org_id, key)
        since = None if since_us is None else from_micros(since_us)
        ceiling = on[key].ceiling
        found.append(
            Standing(
                seller.code,
                seller.name,
                on[key].regime,
                device.unit,
                open_now.get(WAITING, 0) + open_now.get(SENT, 0),
                open_now.get(REFUSED, 0),
                since,
                since + ceiling if since is not None and ceiling else None,
                device.answered_at,
                device.stopped,
                device.said,
            )
        )
    return found


def listed(
    office: Office, states: Sequence[str] = (), business: str = "", most: int = _MOST
) -> list[Invoiced]:
    """Invoices that stand so, the oldest first; without a word those that wait for a person or the device."""
    unknown = [state for state in states if state not in STATES]
    if unknown:
        raise Refused("fiscal-state-unknown", typed=" ".join(unknown)[:40], states=", ".join(STATES))
    with office.read() as books:
        office.need_everywhere(books.connection, Permission.SEE_REPORTS)
        key = books.business(business, archived=True) if business else 0
        wanted = tuple(states) or (REFUSED, WAITING, SENT)
        return receipts.of_state(books.connection, books.org_id, wanted, most, key)


def show(office: Office, number: str) -> list[Invoiced]:
    """What is signed of a document, by its printed number.  Raises `Refused` where nothing is."""
    with office.read() as books:
        office.need_everywhere(books.connection, Permission.SEE_REPORTS)
        return _of_number(books, number)


# --- what a person does -----------------------------------------------------------------------------------


def retry(office: Office, number: str, original: str = "") -> list[Invoiced]:
    """Send what was refused of a document once more; `original` names the receipt that it takes from."""
    with office.change(Permission.DECIDE) as books:
        found = [kept for kept in _of_number(books, number) if kept.receipt.state in (REFUSED, ASIDE)]
        if not found:
            raise Refused("fiscal-not-refused", number=number.strip()[:30])
        of = _key(books, original) if original else None
        for kept in found:
            if of is not None and kept.takes_back:
                receipts.name_original(books.connection, kept, of)
            receipts.put_back(books.connection, kept)
        office.note(books, "fiscal.retried", f"document {found[0].document_id}", after=original.strip()[:30])
        return _of_number(books, number)


def set_aside(office: Office, number: str, reason: str) -> list[Invoiced]:
    """Send nothing more of what was refused of a document, and say why.

    Raises `Refused` for what was signed or is on its way: that is the authority's.
    """
    why = note_of(reason)
    if not why:
        raise Refused("fiscal-reason-missing")
    with office.change(Permission.DECIDE) as books:
        found = [kept for kept in _of_number(books, number) if kept.receipt.state == REFUSED]
        if not found:
            raise Refused("fiscal-not-refused", number=number.strip()[:30])
        for kept in found:
            says = said("fiscal-set-aside", name=office.person.name, reason=why)
            receipts.set_aside(books.connection, kept, says)
        office.note(books, "fiscal.set_aside", f"document {found[0].document_id}", after=why)
        return _of_number(books, number)


def resume(office: Office, code: str) -> None:
    """Ask the device of a business again at once, whatever stopped it."""
    with office.change(Permission.DECIDE) as books:
        key = books.business(code)
        if settings.of_business(books.connection, books.org_id, key).known is None:
            raise Refused("fiscal-none")
        devices.resume(books.connection, devices.find(books.connection, books.org_id, key))
        office.note(books, "fiscal.resumed", f"business {code.strip()}")


def classify(office: Office, code: str, sku: str, item_class: str) -> None:
    """Say of which class of the authority a product is; it is told with the next sale."""
    digits = item_class.strip()
    _check_class(digits)
    with office.read() as books:
        key = books.business(code)
    with office.change(Permission.EDIT_MASTER, business_id=key) as books:
        known = master_import.product_ids(books.connection, books.org_id, [sku.strip()])
        product_id = known.get(sku.strip())
        if product_id is None:
            raise unknown.product(books.connection, books.org_id, sku)
        device = devices.find(books.connection, books.org_id, key)
        devices.choose_class(books.connection, device, ITEM, product_id, digits)
        office.note(books, "fiscal.classified", f"product {product_id}", after=digits)


def _of_number(books: Books, number: str) -> list[Invoiced]:
    found = receipts.of_document(books.connection, books.org_id, _key(books, number))
    if not found:
        raise Refused("fiscal-nothing-of", number=number.strip()[:30])
    return found


def _key(books: Books, number: str) -> int:
    terminal_no, series, count = parse_printed(number)
    key = documents.key_of_number(books.connection, books.org_id, terminal_no, series, count)
    if key is None:
        raise Refused("document-not-in-books")
    return key
