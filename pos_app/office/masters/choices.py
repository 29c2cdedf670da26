"""What a form offers to choose from: businesses, depots, tax codes, roles; each a code with its name."""

from pos_app.office.masters import businesses, depots, tax_codes
from pos_app.office.office import Office
from pos_app.store.organisation import staff

Choices = list[tuple[str, str]]


def of_businesses(office: Office) -> Choices:
    """Every business."""
    return [(one.code, one.name) for one in businesses.businesses(office)]


def of_depots(office: Office) -> Choices:
    """Every depot."""
    return [(one.code, one.name) for one in depots.depots(office)]


def of_tax_codes(office: Office) -> Choices:
    """The tax codes that new things may have."""
    return [(one.code, f"{one.code} {one.name}") for one in tax_codes.listed(office) if one.active]


def of_roles(office: Office) -> Choices:
    """The roles that are given."""
    with office.read() as books:
        return list(staff.roles(books.connection, books.org_id).items())
