"""`bohari business`: who sells, as papers name them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import typer

from pos_app.cli import history
from pos_app.cli.acting import AT_WORK, LOOKING
from pos_app.cli.answer import Answer
from pos_app.cli.command import Code, command, group, noun
from pos_app.cli.fiscal import fiscal_values
from pos_app.cli.letterheads import Lines, NewName, Text, changed, line, said, shown
from pos_app.cli.needs import needs, open_to_all, somewhere
from pos_app.cli.options import Name
from pos_app.ledger.permission import Permission
from pos_app.office import fiscal
from pos_app.office.fiscal import FiscalChoice
from pos_app.office.masters import businesses
from pos_app.office.masters.history import as_seen, revision
from pos_app.office.office import Office

app: Final = noun()
business_app: Final = group(app, "business", "The businesses of the organisation, and what their papers say.")


@dataclass(frozen=True)
class BusinessDetails:
    """What papers say of a business; what is not said stays, an empty text takes away."""

    legal_name: Annotated[Text, typer.Option(help="The name in the register of companies.")] = None
    address: Annotated[Lines, typer.Option(metavar="LINE", help="Its address; again for each line.")] = None
    phone: Annotated[Text, typer.Option(help="Its telephone.")] = None
    tax_number: Annotated[
        Text, typer.Option(help="Its registration for VAT or GST; who has one issues tax invoices.")
    ] = None
    tax_number_name: Annotated[
        Text, typer.Option(help="What that number is called: PIN, GST Reg. No., UEN.")
    ] = None
    company_number: Annotated[
        Text, typer.Option(help="Its number in the register of companies: the UEN in Singapore.")
    ] = None
    bank: Annotated[
        Lines, typer.Option(metavar="LINE", help="The account to pay into; again for each line.")
    ] = None
    paynow: Annotated[
        Text, typer.Option(help="Under what it is paid by PayNow: a UEN, or +65 and a mobile number.")
    ] = None
    mpesa_till: Annotated[Text, typer.Option(help="Its M-Pesa till number.")] = None
    mpesa_paybill: Annotated[Text, typer.Option(help="Its M-Pesa paybill number.")] = None


@dataclass(frozen=True)
class FiscalDetails:
    """Who signs what a business sells; what is not said stays."""

    fiscal: Annotated[
        Text, typer.Option(metavar="REGIME", help="Who signs its sales: none, etims-oscu or etims-vscu.")
    ] = None
    fiscal_address: Annotated[
        Text,
        typer.Option(metavar="URL", help="Where the device answers: https://… or, in the shop, http://…"),
    ] = None
    fiscal_branch: Annotated[Text, typer.Option(help="The authority's number of the branch: 00.")] = None
    fiscal_serial: Annotated[Text, typer.Option(help="The device's serial number.")] = None
    fiscal_class: Annotated[
        Text, typer.Option(help="The class of goods that have none of their own, eight or ten digits.")
    ] = None
    fiscal_hours: Annotated[
        int | None, typer.Option(help="Most hours that a sale waits for it; 0: as long as the law lets it.")
    ] = None
    fiscal_trial: Annotated[
        bool | None, typer.Option("--fiscal-trial/--fiscal-live", help="The authority's sandbox, or not.")
    ] = None

    def choice(self) -> FiscalChoice:
        """As the office takes it."""
        return FiscalChoice(
            regime=self.fiscal,
            address=self.fiscal_address,
            branch=self.fiscal_branch,
            serial=self.fiscal_serial,
            item_class=self.fiscal_class,
            hours=self.fiscal_hours,
            is_trial=self.fiscal_trial,
        )


Logo = Annotated[
    str | None,
    typer.Option(metavar="FILE", help="Above its papers and receipts: a PNG or JPEG; empty: none."),
]


Type = Annotated[
    str | None,
    typer.Option("--type", help="retail, gas, water, laundry, service, wholesale, food or other."),
]


@command(business_app, "add", AT_WORK, somewhere(Permission.EDIT_MASTER))
def add_business(
    office: Office,
    code: Code,
    *,
    name: Name,
    type_: Type = None,
    logo: Logo = None,
    details: BusinessDetails,
) -> Answer:
    """One more business, with its own cash, M-Pesa, inventory, revenue and cost accounts."""
    key = businesses.add_business(office, code, name, said(details))
    if type_:
        businesses.set_type(office, code, type_)
    if logo:
        businesses.set_logo(office, code, Path(logo))
    words = f"{name.strip()} is a business now; give its products with “bohari import products”."
    return Answer({"business": key, "code": code.strip()}, [words])


@command(business_app, "edit", AT_WORK, somewhere(Permission.EDIT_MASTER))
def edit_business(
    office: Office,
    code: Code,
    *,
    name: NewName = None,
    type_: Type = None,
    logo: Logo = None,
    seen: history.Seen = None,
    details: BusinessDetails,
    signing: FiscalDetails,
) -> Answer:
    """What papers say of a business and who signs its sales, from now on."""
    # A copy of an older paper says what it said.
    told, choice = said(details, name), signing.choice()
    with as_seen(office, "business", code, seen):
        did = logo is not None and businesses.set_logo(office, code.strip(), Path(logo) if logo else None)
        did = (type_ is not None and businesses.set_type(office, code.strip(), type_)) or did
        if told or (logo is None and type_ is None and choice == FiscalChoice()):
            did = businesses.edit_business(office, code.strip(), told) or did
        if choice != FiscalChoice():
            # Last: the authority's PIN is the tax number that may just have been said.
            did = fiscal.choose(office, code.strip(), choice) or did
    return changed(code, did)


@command(
    business_app,
    "list",
    LOOKING,
    open_to_all("It stands on every receipt."),
)
def list_businesses(office: Office) -> Answer:
    """Every business with what its papers say."""
    found = businesses.businesses(office)
    gone = businesses.archived_businesses(office)
    rows = [shown(one) | {"active": one.code not in gone} for one in found]
    return Answer({"businesses": rows}, [line(one, archived=one.code in gone) for one in found])


@command(business_app, "show", LOOKING, needs(Permission.SEE_REPORTS))
def show_business(office: Office, code: Code) -> Answer:
    """One business, whole."""
    found = businesses.show(office, code.strip())
    values = {
        **shown(found.seller),
        "type": found.type,
        **fiscal_values(office, code),
        "active": found.active,
        "logo": found.has_logo,
        "depots": found.depots,
        "products": found.products,
        "revision": revision(office, "business", code),
    }
    return Answer(values, [f"{name:<16} {value}" for name, value in values.items() if value not in ("", [])])


@command(business_app, "archive", AT_WORK, somewhere(Permission.EDIT_MASTER))
def archive_business(office: Office, code: Code) -> Answer:
    """Let nothing new be of it any more: a business without depots and products of its own."""
    businesses.archive_business(office, code.strip())
    return Answer({"code": code.strip()}, [f"{code.strip()} is archived; its books and papers stay."])


@command(business_app, "restore", AT_WORK, somewhere(Permission.EDIT_MASTER))
def restore_business(office: Office, code: Code) -> Answer:
    """Let an archived business do business again."""
    businesses.restore_business(office, code.strip())
    return Answer({"code": code.strip()}, [f"{code.strip()} does business again."])


@command(business_app, "history", LOOKING, history.MAY_SEE)
def business_history(office: Office, code: Code) -> Answer:
    """Who changed a business, when, what it said before and says since."""
    return history.told(office, "business", code)
