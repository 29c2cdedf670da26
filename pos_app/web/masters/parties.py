"""Customers, vendors, members and employees in the back office: who they are, how they are reached, their
terms, and what stands open.

One party may be several of these: each page has the terms of its own role, and a deed gives them another.
"""

from collections.abc import Mapping
from typing import Final

from pos_app.language import web_said, web_text, web_words
from pos_app.ledger.currency import currency
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import PartyRole
from pos_app.ledger.money import decimal_text, grouped_text, parse_money
from pos_app.ledger.permission import Permission
from pos_app.office.masters import parties, party_merge
from pos_app.office.masters.parties import Particulars, RoleTerms
from pos_app.office.office import Office
from pos_app.web.masters import customer_terms
from pos_app.web.masters.declaration import Choices, Column, Deed, Field, Kind, Master, Thing, Values, Wanted

_MOST_DIGITS: Final = 6
_DAYS: Final = Field("days", web_words("Days to pay"), Kind.NUMBER, codes=("not-a-number-of-days",))
_LIMIT: Final = Field(
    "limit",
    web_words("Credit limit"),
    Kind.NUMBER,
    hint=web_words("What they may owe at most; nothing lets them pay at once alone."),
    codes=("not-a-number", "amount-too-fine", "amount-too-large"),
)
_WHO: Final = (
    Field("code", web_words("Code"), needed=True, edits=False, codes=("party-code-taken",)),
    Field("name", web_words("Name"), needed=True),
    Field("phone", web_words("Telephone")),
    Field("address", web_words("Address"), Kind.LINES),
    Field("tax_number", web_words("Tax number")),
)
#: What stands open with a party, by the role in the books in which it does, on the pages that tell it.
_OPEN: Final[Mapping[PartyRole, Mapping[PartyRole, str]]] = {
    PartyRole.CUSTOMER: {
        PartyRole.CUSTOMER: web_words("Stands open"),
        PartyRole.DEPOSITOR: web_words("Their deposit with us"),
    },
    PartyRole.VENDOR: {PartyRole.VENDOR: web_words("Stands open")},
    PartyRole.MEMBER: {
        PartyRole.MEMBER: web_words("Their deposit with us"),
        PartyRole.SHAREHOLDER: web_words("Their shares"),
    },
    PartyRole.EMPLOYEE: {PartyRole.EMPLOYEE: web_words("Stands open")},
}


def _roles(_: Office) -> Choices:
    return [
        (PartyRole.CUSTOMER.value, web_text("a customer")),
        (PartyRole.VENDOR.value, web_text("a vendor")),
        (PartyRole.MEMBER.value, web_text("a member")),
        (PartyRole.EMPLOYEE.value, web_text("an employee")),
    ]


def _also(office: Office, code: str, values: Values) -> str:
    if values.get("role") not in {one.value for one in _OPEN}:
        raise Refused("party-role-not-said")
    parties.edit_party(office, code, roles=[RoleTerms(PartyRole(values["role"]))])
    return ""


ALSO: Final = Deed(
    "also",
    web_words("They are something else too"),
    (
        Field(
            "role",
            web_words("What"),
            Kind.CHOICE,
            choices=_roles,
            needed=True,
            codes=("party-role-not-said",),
        ),
    ),
    _also,
)


def _merge(office: Office, code: str, values: Values) -> str:
    done = party_merge.merge(office, values.get("into", ""), code)
    numbers = ", ".join(one.number for one in done.documents)
    if not numbers:
        return web_text("{gone} is {kept} now; nothing was open.", gone=done.gone.name, kept=done.kept.name)
    return web_text(
        "{gone} is {kept} now; carried by {numbers}.",
        gone=done.gone.name,
        kept=done.kept.name,
        numbers=numbers,
    )


#: For ever: what stood with this record stands with the other one, and this one is archived.
MERGE: Final = Deed(
    "merge",
    web_words("It is a double of another record"),
    (
        Field(
            "into",
            web_words("The record that stays"),
            hint=web_words("Its code. Debts, credit and cylinders go there; papers stay as they are."),
            needed=True,
            codes=("party-unknown", "merge-with-itself", "merged-into-another", "party-inactive-office"),
        ),
    ),
    _merge,
)


class _Pages:
    """What the office answers about the parties of one role; `terms` are the fields that it has alone."""

    def __init__(self, role: PartyRole, *terms: Field) -> None:
        self.role = role
        self.fields = (*_WHO, *terms)
        self._terms = frozenset(one.name for one in terms)

    def master(
        self, path: str, words: str, add_words: str, columns: tuple[Column, ...], deeds: tuple[Deed, ...]
    ) -> Master:
        """The declaration of their pages; `columns` stand behind code and name."""
        return Master(
            path=path,
            words=words,
            add_words=add_words,
            noun="parties",
            sees=(Permission.EDIT_MASTER,),
            changes=(Permission.EDIT_MASTER,),
            columns=(Column("code", web_words("Code")), Column("name", web_words("Name")), *columns),
            fields=self.fields,
            listed=self.listed,
            show=self.show,
            add=self.add,
            edit=self.edit,
            archive=parties.archive,
            restore=parties.restore,
            deeds=deeds,
        )

    def listed(self, office: Office, wanted: Wanted) -> list[dict[str, str]]:
        """A page of those who have the role."""
        money = office.organisation.currency
        found = parties.page(
            office,
            self.role,
            wanted.words,
            archived=wanted.archived,
            after=wanted.after,
            most=wanted.most,
            backwards=wanted.backwards,
        )
        return [
            {
                "code": one.code,
                "name": one.name,
                "days": str(one.roles[0].terms_days),
                "limit": grouped_text(one.roles[0].credit_limit, money),
            }
            for one in found
        ]

    def show(self, office: Office, code: str) -> Thing:
        """One of them; of a party that is not in the role the terms are empty."""
        shown = parties.show(office, code)
        own = next((one for one in shown.party.roles if one.role is self.role), None)
        terms = {
            "days": "" if own is None else str(own.terms_days),
            "limit": "" if own is None else decimal_text(own.credit_limit, office.organisation.currency),
        }
        values = {
            "code": shown.party.code,
            "name": shown.party.name,
            **shown.particulars,
            **{name: told for name, told in terms.items() if name in self._terms},
        }
        facts = [
            (web_said(_OPEN[self.role][role]), f"{grouped_text(amount, currency(unit))} {unit}")
            for role, unit, amount in shown.open
            if role in _OPEN[self.role]
        ]
        if self.role is PartyRole.CUSTOMER and shown.party.active:
            # Nothing is agreed with who was put away, until they are brought back.
            facts += customer_terms.facts(office, shown.party.code)
        elif self.role is PartyRole.VENDOR:
            facts += customer_terms.contacts(office, shown.party.code)
        return Thing(shown.party.code, shown.party.name, values, not shown.party.active, facts)

    def add(self, office: Office, values: Values) -> str:
        """Add one in this role."""
        parties.add_party(
            office,
            values.get("code", ""),
            values.get("name", ""),
            [self._said(office, values)],
            _particulars(values),
        )
        return ""

    def edit(self, office: Office, code: str, values: Values) -> bool:
        """Change what the form names."""
        roles = [self._said(office, values)] if self._terms & set(values) else []
        parties.edit_party(
            office, code, name=values.get("name", ""), said_of=_particulars(values), roles=roles
        )
        return True

    def _said(self, office: Office, values: Values) -> RoleTerms:
        days, limit = values.get("days", ""), values.get("limit", "")
        if days and not (days.isascii() and days.isdecimal() and len(days) < _MOST_DIGITS):
            raise Refused("not-a-number-of-days", text=days[:20])
        # What is emptied is nothing from now on; what the form does not name stays.
        return RoleTerms(
            self.role,
            int(days or 0) if "days" in values else None,
            parse_money(limit or "0", office.organisation.currency, "The limit")
            if "limit" in values
            else None,
        )


def _particulars(values: Values) -> Particulars:
    return Particulars(values.get("phone"), values.get("address"), values.get("tax_number"))


_DAYS_COLUMN: Final = Column("days", web_words("Days to pay"), is_number=True)
CUSTOMERS: Final = _Pages(PartyRole.CUSTOMER, _DAYS, _LIMIT).master(
    "customers",
    web_words("Customers"),
    web_words("Add a customer"),
    (_DAYS_COLUMN, Column("limit", web_words("Credit limit"), is_number=True)),
    (*customer_terms.DEEDS, ALSO, MERGE),
)
VENDORS: Final = _Pages(PartyRole.VENDOR, _DAYS).master(
    "vendors",
    web_words("Vendors"),
    web_words("Add a vendor"),
    (_DAYS_COLUMN,),
    (*customer_terms.CONTACTS, ALSO, MERGE),
)
MEMBERS: Final = _Pages(PartyRole.MEMBER).master(
    "members", web_words("Members"), web_words("Add a member"), (), (ALSO,)
)
EMPLOYEES: Final = _Pages(PartyRole.EMPLOYEE).master(
    "employees", web_words("Employees"), web_words("Add an employee"), (), (ALSO,)
)
