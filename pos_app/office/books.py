"""What the books and the master data say inside one transaction, by the codes that people write."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import TypeVar

from sqlalchemy import Connection

from pos_app.ledger.chart import AccountRole, Accounts, Chart
from pos_app.ledger.currency import currency as find_currency
from pos_app.ledger.day import day_of, to_date, zone
from pos_app.ledger.document import Head
from pos_app.ledger.errors import Refused
from pos_app.ledger.exchange_rate import RATE_ONE, minor_rate
from pos_app.ledger.head import HeadFields, note_of
from pos_app.ledger.line import PartyRole
from pos_app.ledger.numbering import printed_number
from pos_app.ledger.request import new_request
from pos_app.ledger.rules.amounts import check_day, check_rate
from pos_app.ledger.tax import NO_TAX, TaxTerms
from pos_app.ledger.treasury import GIVEN_ROLE
from pos_app.store.documents import documents
from pos_app.store.master import catalogue, codes, locations, party_terms, place, rates, unknown
from pos_app.store.master.catalogue import Product, Shop
from pos_app.store.master.codes import AccountCode, DepotCode, LocationCode, PartyCode
from pos_app.store.master.organisations import Organisation
from pos_app.store.organisation import master_import

Wanted = TypeVar("Wanted", bound=Head)


@dataclass(frozen=True, kw_only=True)
class PostingDetails:
    """When and where something is recorded, as a person says it; what is left out is taken from the place.

    `business` and `depot` are codes, `on` is a local day (None: now), `rate_micro` is base currency per unit
    of `currency` in millionths (None: the rate of that day).  The same `request_id` (32 hex digits) twice is
    one document.
    """

    business: str = ""
    depot: str = ""
    on: int | None = None
    currency: str = ""
    rate_micro: int | None = None
    note: str = ""
    request_id: str = ""


class Books:
    """One transaction of the office.  Everything raises `Refused` for a code that nothing has."""

    def __init__(
        self,
        connection: Connection,
        organisation: Organisation,
        seat: DepotCode,
        person_id: int,
        now: datetime,
    ) -> None:
        """`seat` is the depot at which the centre itself stands."""
        self.connection = connection
        self.organisation = organisation
        self.org_id = organisation.org_id
        self.person_id = person_id
        self.now = now
        self._seat = seat
        self._chart: Chart | None = None

    # --- when and where -----------------------------------------------------------------------------

    @property
    def today(self) -> int:
        """The local day."""
        return day_of(self.now, self.organisation.time_zone)

    def day(self, occasion: PostingDetails) -> int:
        """The local day of an occasion.  Raises `Refused` for a year that cannot be right."""
        if occasion.on is None:
            return self.today
        check_day(occasion.on, "The document")
        return occasion.on

    def moment(self, occasion: PostingDetails) -> datetime:
        """Now, or noon of the day that was named."""
        day = self.day(occasion)
        if day == self.today:
            return self.now
        local = datetime.combine(to_date(day), time(12), zone(self.organisation.time_zone))
        return local.astimezone(self.now.tzinfo)

    def head_fields(
        self, occasion: PostingDetails, *, depot_id: int | None = None, business_id: int = 0
    ) -> HeadFields:
        """What every document of this occasion says of itself (see `ledger.head.HeadFields`).

        `depot_id` and `business_id` are meant where the occasion names none.
        """
        depot = self.depot(occasion.depot) if occasion.depot or depot_id is None else self._depot(depot_id)
        own = business_id or depot.business_id
        currency = occasion.currency or self.organisation.currency.code
        return {
            "org_id": self.org_id,
            "request_id": occasion.request_id or new_request(),
            "occurred_at": self.moment(occasion),
            "recorded_at": self.now,
            "person_id": self.person_id,
            "approver_id": None,
            "business_id": self.business(occasion.business) if occasion.business else own,
            "depot_id": depot.depot_id,
            "shift": None,
            "currency": currency,
            "rate_micro": self.rate(currency, self.day(occasion), occasion.rate_micro),
            "note": note_of(occasion.note),
        }

    def accounts(self, business_id: int) -> Accounts:
        """The chart as a business sees it, whose document it is."""
        if self._chart is None:
            self._chart = place.chart(self.connection, self.org_id)
        return Accounts(self._chart, business_id)

    def rate(self, currency: str, day: int, rate_micro: int | None = None) -> int:
        """Between minor units, as documents carry it (see `exchange_rate.minor_rate`).

        Raises `Refused` when nobody said what the currency is worth, or what they said cannot be right.
        """
        base, foreign = self.organisation.currency, find_currency(currency)
        if currency == base.code:
            if rate_micro not in (None, RATE_ONE):
                raise Refused("own-currency-has-no-rate", currency=currency)
            return RATE_ONE
        said = rates.exchange_rate(self.connection, self.org_id, currency, day)
        worth = said if rate_micro is None else rate_micro
        if worth is None:
            raise Refused("rate-not-set", currency=currency[:8])
        found = minor_rate(worth, foreign, base)
        check_rate(found)
        return found

    def is_foreign(self, currency: str) -> bool:
        """Whether a currency is another one than the books'."""
        return currency != self.organisation.currency.code

    # --- codes --------------------------------------------------------------------------------------

    def business(self, code: str, *, archived: bool = False) -> int:
        """The key of a business; of one that is archived only where `archived` says so."""
        known = self.businesses()
        found = codes.alike(known, code)
        if found is None:
            raise Refused("business-unknown-of", code=code[:40], codes=", ".join(sorted(known)))
        if (
            not archived
            and found not in master_import.businesses_at_work(self.connection, self.org_id).values()
        ):
            raise Refused("business-archived", code=code[:40])
        return found

    def businesses(self) -> dict[str, int]:
        """The keys of the businesses by code."""
        return master_import.businesses(self.connection, self.org_id)

    def only_business(self) -> int:
        """The key of the one business there is.  Raises `Refused` where there are several."""
        known = master_import.businesses_at_work(self.connection, self.org_id)
        if len(known) != 1:
            raise Refused("business-not-named", codes=", ".join(sorted(known)))
        return next(iter(known.values()))

    def depot(self, code: str, *, archived: bool = False) -> DepotCode:
        """A depot; without a code the one at which the centre stands.

        One that is archived only where `archived` says so: nothing happens there.
        """
        found = codes.depot(self.connection, self.org_id, code) if code else self._seat
        if found is None:
            raise unknown.depot(self.connection, self.org_id, code)
        if not (found.active or archived):
            raise Refused("depot-archived", code=found.code)
        return found

    def _depot(self, depot_id: int) -> DepotCode:
        return codes.depot_of(self.connection, self.org_id, depot_id) or self._seat

    def location(self, code: str, depot_code: str = "") -> LocationCode:
        """A place; without a code that of the depot."""
        if code:
            found = codes.location(self.connection, self.org_id, code)
            if found is None:
                raise Refused("place-unknown", code=code[:40])
            if found.depot_id is not None and not self._depot(found.depot_id).active:
                raise Refused("depot-archived", code=found.code)
            return found
        depot = self.depot(depot_code)
        return LocationCode(depot.location_id, depot.code, "depot", depot.depot_id)

    def transit(self) -> int:
        """Where goods lie that are on their way."""
        found = locations.all_of(self.connection, self.org_id, "transit")
        if not found:
            raise Refused("transit-place-missing")
        return found[0].location_id

    def party(self, code: str, role: PartyRole) -> PartyCode:
        """A party in a role.  Raises `Refused` when they do not have it."""
        found = codes.party(self.connection, self.org_id, code)
        if found is None:
            raise Refused("party-unknown", code=code[:40])
        if not found.active:
            raise Refused("party-inactive-office", name=found.name)
        wanted = GIVEN_ROLE.get(role, role)
        if wanted not in party_terms.roles_of(self.connection, self.org_id, found.party_id):
            raise Refused("party-not-in-role-office", name=found.name, role=wanted.value)
        return found

    def terms_days(self, party_id: int, role: PartyRole) -> int:
        """Days until what is invoiced is due, as agreed with them."""
        terms = party_terms.roles_of(self.connection, self.org_id, party_id).get(role)
        return terms.terms_days if terms is not None else 0

    def product(self, sku: str, location_id: int, day: int) -> Product:
        """A product as it stands on a day, with its stock at a place."""
        found = catalogue.by_sku(self.connection, Shop(self.org_id, location_id, day), sku.strip())
        if found is None:
            raise unknown.product(self.connection, self.org_id, sku)
        return found

    def known_product(self, product_id: int, location_id: int, day: int) -> Product | None:
        """A product by its key; None when no catalogue has it any more."""
        return catalogue.by_id(self.connection, Shop(self.org_id, location_id, day), product_id)

    def tax(self, code: str, day: int) -> TaxTerms:
        """A tax code on a day; no code is no tax.  Raises `Refused` for an unknown or archived one."""
        if not code:
            return NO_TAX
        found = codes.tax_code(self.connection, self.org_id, code)
        if found is None:
            raise Refused("tax-code-unknown", code=code[:20])
        if not found.active:
            raise Refused("tax-code-archived", code=found.code)
        rate = rates.tax_rate(self.connection, self.org_id, found.code, day)
        return TaxTerms(found.code, rate, inclusive=found.treatment != "exclusive")

    # --- accounts -----------------------------------------------------------------------------------

    def account(self, role: AccountRole, business_id: int) -> str:
        """The account of a role in a business."""
        return self.accounts(business_id).of(role)

    def account_named(
        self, code: str, business_id: int | None = None, *, archived: bool = False
    ) -> AccountCode:
        """An account by its code; with a business, one that this business may post to.

        One that is archived only where `archived` says so: nothing is posted to it.
        """
        found = codes.account(self.connection, self.org_id, code.strip())
        if found is None:
            raise Refused("account-unknown", code=code[:20])
        if not (found.active or archived):
            raise Refused("account-archived", code=found.code, name=found.name)
        if business_id is not None and found.business_id not in (None, business_id):
            raise Refused("account-of-other-business", code=found.code, name=found.name)
        return found

    # --- documents ----------------------------------------------------------------------------------

    def document(self, document_id: int, kind: type[Wanted], what: str) -> Wanted:
        """A document of a type that was not voided; `what` is its name in a sentence."""
        found = documents.get(self.connection, self.org_id, document_id)
        if not isinstance(found, kind):
            raise Refused("no-such-document", what=what)
        if documents.is_voided(self.connection, self.org_id, document_id):
            raise Refused("document-voided", what=what)
        return found

    def number(self, document: Head) -> str:
        """The number of a document as it is printed."""
        number_prefix = self._depot(document.depot_id).number_prefix
        return printed_number(number_prefix, document.terminal_no, document.series, document.number)
