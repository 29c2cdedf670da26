"""The masters of the back office, in the order in which they are shown."""

from typing import Final

from pos_app.web.masters.accounts import ACCOUNTS
from pos_app.web.masters.categories import CATEGORIES
from pos_app.web.masters.currencies import CURRENCIES
from pos_app.web.masters.declaration import Master
from pos_app.web.masters.groups import GROUPS
from pos_app.web.masters.loyalty import LOYALTY
from pos_app.web.masters.parties import CUSTOMERS, EMPLOYEES, MEMBERS, VENDORS
from pos_app.web.masters.people import PEOPLE
from pos_app.web.masters.places import BUSINESSES, DEPOTS
from pos_app.web.masters.price_lists import PRICE_LISTS
from pos_app.web.masters.products import PRODUCTS
from pos_app.web.masters.promotions import PROMOTIONS
from pos_app.web.masters.roles import ROLES
from pos_app.web.masters.stock_places import STOCK_PLACES
from pos_app.web.masters.tax_codes import TAX_CODES
from pos_app.web.masters.units import UNITS

MASTERS: Final[tuple[Master, ...]] = (
    PRODUCTS,
    CATEGORIES,
    PRICE_LISTS,
    PROMOTIONS,
    LOYALTY,
    CUSTOMERS,
    GROUPS,
    VENDORS,
    MEMBERS,
    EMPLOYEES,
    PEOPLE,
    ROLES,
    DEPOTS,
    STOCK_PLACES,
    BUSINESSES,
    TAX_CODES,
    CURRENCIES,
    UNITS,
    ACCOUNTS,
)
