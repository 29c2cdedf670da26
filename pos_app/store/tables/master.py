"""The master data: who and what documents speak of.  Made at the centre, brought to tills by the feed.

`stamp` is the id of the transaction that last wrote the row at the centre; the feed reads by it.
Rows are never deleted, they are made inactive.
"""

from typing import Any, Final

from sqlalchemy import Index, UniqueConstraint, text

from pos_app.store.tables.columns import Int, String, may, must
from pos_app.store.tables.fiscal_setting_table import fiscal_setting
from pos_app.store.tables.loyalty_table import loyalty_programme
from pos_app.store.tables.master_table import master_table as _master
from pos_app.store.tables.promotion_tables import promotion, promotion_item
from pos_app.store.tables.unit_tables import pack_barcode, product_pack, unit

organisation: Final = _master(
    "organisation",
    ("organisation_id", Int),
    must("name", String),
    must("base_currency", String),
    must("time_zone", String),
    must("cash_step"),
)


def _business_letterhead() -> tuple[Any, ...]:
    """What papers say of a business beside its name; lines of an address or a bank are parted by newlines.

    `tax_number` is the registration for VAT or GST: who has one issues tax invoices
    (`reports.slips.tax_invoice`).  `tax_number_name` is what it is called: PIN, GST Reg. No.
    `company_number` is what the register of companies gave it: the UEN in Singapore.  `paynow` is under what
    it is paid by PayNow (see `payments.paynow.Proxy`).
    """
    return (
        must("mpesa_till", String, default=""),
        must("legal_name", String, default=""),
        must("address", String, default=""),
        must("phone", String, default=""),
        must("tax_number_name", String, default=""),
        must("tax_number", String, default=""),
        must("bank_details", String, default=""),
        must("mpesa_paybill", String, default=""),
        must("company_number", String, default=""),
        must("paynow", String, default=""),
    )


business: Final = _master(
    "business",
    ("business_id", Int),
    must("code", String),
    must("name", String),
    *_business_letterhead(),
    # What it does (water, gas, laundry): a word of whoever founded it, see `office.masters.businesses`.
    must("type", String, default=""),
    must("active", default="1"),
    UniqueConstraint("org_id", "code"),
)

#: What a business said on paper until a moment (microseconds since 1970): see `master.letterheads`.
business_former: Final = _master(
    "business_former",
    (("business_id", Int), ("until_us", Int)),
    must("name", String),
    *_business_letterhead(),
)


def _depot_letterhead() -> tuple[Any, ...]:
    """What stands above and below the receipts of a depot; lines are parted by newlines."""
    return (
        must("address", String, default=""),
        must("phone", String, default=""),
        must("receipt_footer", String, default=""),
        must("receipt_head", String, default=""),
    )


depot: Final = _master(
    "depot",
    ("depot_id", Int),
    must("code", String),
    must("name", String),
    must("letter", String),
    must("business_id"),
    must("location_id"),
    *_depot_letterhead(),
    must("active", default="1"),
    UniqueConstraint("org_id", "code"),
)

#: What a depot said on paper until a moment (microseconds since 1970).
depot_former: Final = _master(
    "depot_former", (("depot_id", Int), ("until_us", Int)), must("name", String), *_depot_letterhead()
)

#: Where stock lies: `kind` is one of `locations.KINDS`.  A customer's or a vendor's own place needs no row:
#: it is computed from the party (see `ledger.stock.location_of`).
location: Final = _master(
    "location",
    ("location_id", Int),
    must("code", String),
    must("name", String),
    must("kind", String),
    may("depot_id"),
)

drawer: Final = _master(
    "drawer", ("drawer_id", Int), must("code", String), must("depot_id"), must("terminal_no")
)

#: `may_overdraw` is 1 where a bank lends: such an account may go below nothing (see `rules.purse_rules`).
account: Final = _master(
    "account",
    ("code", String),
    must("name", String),
    must("type", String),
    may("role", String),
    may("business_id"),
    must("may_overdraw", default="0"),
    must("active", default="1"),
)

#: `treatment`: "inclusive" (the tax is in the price), "exclusive" (it comes on top), "exempt", "zero" or
#: "none" (no sale at all, see `ledger.tax`).
#: `printed_name` is what the tax itself is called on paper, without a rate: VAT, GST; empty is the country's.
tax_code: Final = _master(
    "tax_code",
    ("code", String),
    must("name", String),
    must("treatment", String),
    must("printed_name", String, default=""),
    must("active", default="1"),
    # What kind of supply it is on a tax return (`ledger.supply`); empty: as its rate and treatment say.
    must("supply", String, default=""),
)

#: What the tax of a code was called on paper until a moment (microseconds since 1970).
tax_code_former: Final = _master(
    "tax_code_former",
    (("code", String), ("until_us", Int)),
    must("printed_name", String, default=""),
)

#: The rate of a tax code from a day (YYYYMMDD, local; 0 is since ever) until the next one, in basis points.
tax_rate: Final = _master("tax_rate", (("code", String), ("valid_from", Int)), must("rate_bp"))

#: Base currency per unit of a currency, in millionths, from a local day until the next one.
exchange_rate: Final = _master(
    "exchange_rate", (("currency", String), ("valid_from", Int)), must("rate_micro")
)

#: No document of a business (empty: of any) may be dated on or before `locked_through` (YYYYMMDD, local).
period_lock: Final = _master(
    "period_lock",
    ("lock_id", Int),
    may("business_id"),
    must("locked_through"),
    must("reason", String, default=""),
)

#: `role` is what a person is called on screens and lists and allows nothing: see `person_role`.
#: `depot_id` is where their PIN is brought to; empty is every depot.
person: Final = _master(
    "person",
    ("person_id", Int),
    must("code", String),
    must("name", String),
    must("role", String),
    must("pin_hash", String),
    may("depot_id"),
    must("active", default="1"),
    # What proves their approvals, wrapped by their PIN (`pin_hash.NewPin`); empty of a PIN of before.
    must("approval_wrap", String, default=""),
    # Who they are in the books: an employee draws advances and buys on account as this party.
    may("party_id"),
    UniqueConstraint("org_id", "code"),
)

#: What an organisation rules for itself (`ledger.house_rule`), and what a depot has of its own (0: all).
house_rule: Final = _master(
    "house_rule",
    (("name", String), ("depot_id", Int)),
    must("value"),
)

#: The roles of the organisation; what they may do and who has them are rows of their own.
role: Final = _master(
    "role",
    ("code", String),
    must("name", String),
    must("active", default="1"),
)

#: What a role may do (`ledger.permission.Permission`).  Taking a permission away ends its row, granting
#: it again is a new one: what was allowed at a moment can be asked for ever.  Moments in microseconds
#: since 1970 (a row of the feed carries integers and texts only); a row without an end is in force.
role_permission: Final = _master(
    "role_permission",
    ("grant_id", Int),
    must("role", String),
    must("permission", String),
    must("valid_from_us", default="0"),
    may("valid_to_us"),
)

#: Who has which role, and where: at one depot, in one business, or (both empty) everywhere.
person_role: Final = _master(
    "person_role",
    ("assignment_id", Int),
    must("person_id"),
    must("role", String),
    may("business_id"),
    may("depot_id"),
    must("valid_from_us", default="0"),
    may("valid_to_us"),
)

#: `on_shelf` is 1 for what stands on a till's first page, `shelf_place` where on it: 1 is first; who has no
#: place (0) comes after those that have one, by name.
product: Final = _master(
    "product",
    ("product_id", Int),
    must("sku", String),
    must("name", String),
    must("price"),
    must("tax_code", String),
    must("category", String),
    must("unit", String),
    must("business_id"),
    must("stocked", default="1"),
    must("on_shelf", default="0"),
    must("active", default="1"),
    # What the price has beside its minor units, in ten-thousandths of one: see `ledger.price`.
    must("price_fine", default="0"),
    must("shelf_place", default="0"),
    # What kind of thing it is (`ledger.product_type`); `stocked` and what is no sale follow from it.
    must("type", String, default="goods"),
    UniqueConstraint("org_id", "sku"),
)
Index("ix_product_category", product.c.org_id, product.c.category, product.c.name)

#: The categories: a product names its own by the word (see `store.master.categories`).  `place` is where its
#: products stand on the tiles (0: behind those that have one), `colour` is #rrggbb or empty.
category: Final = _master(
    "category",
    ("category_id", Int),
    must("name", String),
    must("place", default="0"),
    must("colour", String, default=""),
    must("active", default="1"),
    UniqueConstraint("org_id", "name"),
)

product_barcode: Final = _master(
    "product_barcode",
    ("barcode", String),
    must("product_id"),
)
Index("ix_product_barcode_product", product_barcode.c.org_id, product_barcode.c.product_id)

#: Of whom a product is bought (a party's key; 0: nobody is named) and what one of it costs there, in minor
#: units of the base currency (0: not said).  It is asked when goods come, a product at every scan: so apart.
product_supply: Final = _master(
    "product_supply",
    ("product_id", Int),
    must("vendor_id", default="0"),
    must("cost", default="0"),
)

#: Of a product that comes back: under which product its empty container is kept, and the deposit on it (0:
#: none).
returnable_pair: Final = _master(
    "returnable_pair",
    ("product_id", Int),
    must("empty_id", default="0"),
    must("deposit_id", default="0"),
)

#: What stands on a product's tile: a small JPEG as base64; empty is none.  Tiles ask for it, a scan does not.
product_picture: Final = _master(
    "product_picture",
    ("product_id", Int),
    must("picture", String, default=""),
)

#: What stands above the papers of a business: a PNG as base64; empty is none.
business_logo: Final = _master(
    "business_logo",
    ("business_id", Int),
    must("picture", String, default=""),
)

#: When to order a product again for a location, and up to how much; in thousandths.
reorder_level: Final = _master(
    "reorder_level",
    (("location_id", Int), ("product_id", Int)),
    must("minimum"),
    must("target"),
    must("active", default="1"),
)

#: Whoever the organisation deals with; as what, says `party_role`.
party: Final = _master(
    "party",
    ("party_id", Int),
    must("code", String),
    must("name", String),
    must("phone", String, default=""),
    must("active", default="1"),
    # Lines parted by a line feed; closed at the centre, as the telephone.
    must("address", String, default=""),
    must("tax_number", String, default=""),
    # The party that a double of it was merged into: see `office.masters.party_merge`.
    may("into_id"),
    UniqueConstraint("org_id", "code"),
)
# "Whose telephone is this?" (`people.parties_by_phone`), at the centre, where the number is closed and
# begins with its blind index (see `privacy`).
Index(
    "ix_party_phone",
    party.c.org_id,
    party.c.phone,
    postgresql_where=text("phone <> ''"),
    postgresql_ops={"phone": "text_pattern_ops"},
).ddl_if(dialect="postgresql")

#: As what a party stands in the books (`ledger.line.PartyRole`); one party can be several at once.  The
#: terms are the days until an invoice (customer) or a bill (vendor) is due, the limit (minor units of the
#: base currency) is how much a customer may owe, an employee may draw in advance.
party_role: Final = _master(
    "party_role",
    (("party_id", Int), ("role", String)),
    must("terms_days", default="0"),
    must("credit_limit", default="0"),
    must("active", default="1"),
)

#: Whom to ask and where to bring it, beside the party's own telephone and address: `label` says what for
#: (delivery, billing, accounts).  Telephone, email and address are closed at the centre.
party_contact: Final = _master(
    "party_contact",
    (("party_id", Int), ("label", String)),
    must("name", String, default=""),
    must("phone", String, default=""),
    must("email", String, default=""),
    must("address", String, default=""),
    must("active", default="1"),
)

#: A meter at a customer's place and what runs through it; its `first_reading` is in thousandths.  What it
#: costs is agreed for customer and product (`contract_rate`), what unit it counts in says the product.
party_meter: Final = _master(
    "party_meter",
    (("party_id", Int), ("code", String)),
    must("product_id"),
    must("serial", String, default=""),
    must("first_reading", default="0"),
    must("active", default="1"),
)

#: What a customer pays for a product by agreement, in minor units of the base currency and, beside them,
#: ten-thousandths of one.
contract_rate: Final = _master(
    "contract_rate",
    (("party_id", Int), ("product_id", Int)),
    must("price"),
    must("active", default="1"),
    must("price_fine", default="0"),
)

#: Customers who get the same prices; who is in it, and when, is `party_group_member`.
party_group: Final = _master(
    "party_group",
    ("group_id", Int),
    must("code", String),
    must("name", String),
    must("active", default="1"),
    UniqueConstraint("org_id", "code"),
)

#: Leaving a group ends the row, coming back is another one.  Moments in microseconds since 1970, here and in
#: the tables of price lists; a row without an end goes on.
party_group_member: Final = _master(
    "party_group_member",
    ("member_id", Int),
    must("group_id"),
    must("party_id"),
    must("valid_from_us", default="0"),
    may("valid_to_us"),
)
Index("ix_party_group_member_party", party_group_member.c.org_id, party_group_member.c.party_id)

#: A list of prices; `is_contract` is 1 where it is agreed with the customer for whom it is.  An archived one
#: (`active` 0) is for nobody any more: its scopes have ended.
price_list: Final = _master(
    "price_list",
    ("price_list_id", Int),
    must("code", String),
    must("name", String),
    must("is_contract", default="0"),
    must("active", default="1"),
    UniqueConstraint("org_id", "code"),
)

#: Whom a list is for: `kind` is one of `ledger.pricing.rules.ScopeKind`, `of_id` which one (0: all).
price_list_scope: Final = _master(
    "price_list_scope",
    ("scope_id", Int),
    must("price_list_id"),
    must("kind", String),
    must("of_id", default="0"),
    must("valid_from_us", default="0"),
    may("valid_to_us"),
)

#: What a list says of a product, from so many in one basket on (thousandths).  Another price is another row,
#: whoever asks takes the latest that has begun; only an end is ever written into one.
price_list_item: Final = _master(
    "price_list_item",
    ("item_id", Int),
    must("price_list_id"),
    must("product_id"),
    must("from_quantity", default="0"),
    must("price"),
    must("price_fine", default="0"),
    must("valid_from_us", default="0"),
    may("valid_to_us"),
)
Index("ix_price_list_item_product", price_list_item.c.org_id, price_list_item.c.product_id)

#: What became of what tills ask for (`ledger.asking`); `said` is a sentence's code and facts as JSON.
request_answer: Final = _master(
    "request_answer",
    (("terminal_no", Int), ("request_no", Int)),
    *(must(name, String, default="") for name in ("state", "code", "said")),
    *(must(name, default="0") for name in ("decided_by", "at_us")),
)

#: Parents before children, in the order in which the feed brings them.
MASTER: Final = (
    organisation,
    # Before what they were: who has the new letterhead must have the old one too.
    business_former,
    depot_former,
    tax_code_former,
    business,
    account,
    tax_code,
    tax_rate,
    exchange_rate,
    period_lock,
    location,
    depot,
    drawer,
    person,
    role,
    role_permission,
    person_role,
    category,
    unit,
    house_rule,
    # What a product costs whom comes before it (see `feed`).
    contract_rate,
    party_group,
    party_group_member,
    price_list,
    price_list_scope,
    price_list_item,
    # Before what they are of: who has the promotion has its goods.
    promotion_item,
    promotion,
    loyalty_programme,
    # Before the product: who has it has what its case holds and costs.
    product_pack,
    product,
    product_barcode,
    # After the products': a barcode that moves to a pack is found by nobody for a moment, never as one piece.
    pack_barcode,
    product_supply,
    returnable_pair,
    product_picture,
    business_logo,
    fiscal_setting,
    reorder_level,
    party,
    party_role,
    party_contact,
    party_meter,
    # Last: whoever hears that something was made has it.
    request_answer,
)
