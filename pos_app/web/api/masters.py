"""Every master of the back office for programs, from the declaration that its pages are made of.

Decisions
---------
2026-11-30  What a form may not show again is in no answer: the PIN of who was added is told to nobody here,
and `bohari person pin` or the page of the person draws another.  A password is given on a page or at a
shell alone.

2026-11-30  What is seen of a thing is told by its ETag, and the change asks the audit log again inside its
transaction: who comes second is told in words what the first one changed, as on a page.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Final, NamedTuple

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from pos_app.language import web_said
from pos_app.ledger.day import to_date
from pos_app.ledger.price import plain_price
from pos_app.ledger.quantity import plain_quantity
from pos_app.office import stock
from pos_app.office.masters import hiring, history, price_lists, tax_codes
from pos_app.office.office import Office
from pos_app.web.api.operation import FLAG, Answer, Call, Operation, Parameter
from pos_app.web.masters.declaration import Deed, Field, Kind, Master, Thing, Wanted
from pos_app.web.masters.registry import MASTERS

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MOST_TEXT: Final = 2_000
#: What gives a secret or takes one is done on a page or at a shell.
_SECRET: Final = frozenset({("people", "pin"), ("people", "password")})


class ListPrice(Struct, frozen=True, kw_only=True):
    """What a list says of a product: from so many on, from a moment on (null: always)."""

    sku: str
    price: str
    from_quantity: str
    since: str | None


class ListScope(Struct, frozen=True, kw_only=True):
    """Whom a list is for: everybody, a customer, a group or a depot, by code."""

    kind: str
    code: str


class TaxRate(Struct, frozen=True, kw_only=True):
    """A rate in per cent, from a day on (null: always)."""

    percent: str
    since: str | None


class HeldRole(Struct, frozen=True, kw_only=True):
    """A role of a person: everywhere, or in a business or at a depot."""

    role: str
    business: str
    depot: str


class More(NamedTuple):
    """What a thing has beside the fields of its form."""

    fields: Mapping[str, Any]
    read: Callable[[Office, str], dict[str, Any]]


def _prices(office: Office, code: str) -> dict[str, Any]:
    shown, money = price_lists.show(office, code), office.organisation.currency
    return {
        "is_contract": bool(shown.row.is_contract),
        "scopes": [ListScope(kind=one.kind.value, code=one.code) for one in shown.scopes],
        "prices": [
            ListPrice(
                sku=one.sku,
                price=plain_price(one.price, money),
                from_quantity=plain_quantity(one.from_quantity),
                since=_moment(one.from_us),
            )
            for one in shown.items
        ],
    }


def _moment(at_us: int) -> str | None:
    if at_us <= 0:
        return None
    return datetime.fromtimestamp(at_us // 1_000_000, UTC).isoformat()


def _place(office: Office, code: str) -> dict[str, Any]:
    # The page tells it in words.
    return {"kind": next(one.kind for one in stock.places(office) if one.code == code)}


def _rates(office: Office, code: str) -> dict[str, Any]:
    found = next(one for one in tax_codes.listed(office) if one.code == code)
    return {
        "rates": [
            TaxRate(percent=plain_quantity(rate * 10), since=to_date(day).isoformat() if day else None)
            for day, rate in found.rates
        ]
    }


def _roles(office: Office, code: str) -> dict[str, Any]:
    found = next(one for one in hiring.everybody(office) if one.code == code)
    return {"roles": [HeldRole(role=one.role, business=one.business, depot=one.depot) for one in found.roles]}


MORE: Final[Mapping[str, More]] = {
    "price-lists": More({"is_contract": bool, "scopes": list[ListScope], "prices": list[ListPrice]}, _prices),
    "places": More({}, _place),
    "tax-codes": More({"rates": list[TaxRate]}, _rates),
    "people": More({"roles": list[HeldRole]}, _roles),
}


class MasterOperations:
    """Those of one master."""

    def __init__(self, master: Master) -> None:
        self._master = master
        self._more = MORE.get(master.path)
        self._shown = [one for one in master.fields if one.kind is not Kind.HIDDEN_TEXT]
        self._shape = self._made_shape()
        self._page = msgspec.defstruct(
            f"{_named(master)}Page",
            [("items", list[self._shape]), ("next", str | None)],  # type: ignore[name-defined]
            kw_only=True,
            namespace={"__doc__": "A page; `next` is the cursor of the page after it."},
        )

    def every(self) -> list[Operation]:
        """Its operations."""
        master, called = self._master, _named(self._master)
        tag = web_said(master.words)
        made = [
            Operation(
                "GET", f"/{master.path}", f"list{_titled(master.path)}", f"{tag}, by code.", tag,
                self._list, self._page, needs=master.sees, pages=True,
                parameters=(
                    Parameter("words", "Words that its code or its name holds."),
                    Parameter("archived", "Those that were put away instead.", FLAG),
                ),
            ),
            Operation(
                "GET", f"/{master.path}/{{code}}", f"get{called}", "One of them.", tag, self._get,
                self._shape, needs=master.sees,
            ),
            Operation(
                "POST", f"/{master.path}", f"add{called}", f"{tag}: add one.", tag, self._add, self._shape,
                needs=master.changes, status=201,
                body=self._body(called, [one for one in self._shown if one.adds]),
            ),
        ]  # fmt: skip
        one_path = f"/{master.path}/{{code}}"
        if master.edit is not None:
            made.append(
                Operation(
                    "PATCH", one_path, f"change{called}", f"{tag}: change what is named of one.", tag,
                    self._edit, self._shape, needs=master.changes, must_match=True,
                    body=self._body(
                        f"{called}Change", [one for one in self._shown if one.edits], every=False
                    ),
                )
            )  # fmt: skip
        for name, do in (("archive", master.archive), ("restore", master.restore)):
            if do is not None:
                words = f"{tag}: put one away." if name == "archive" else f"{tag}: bring one back."
                made.append(
                    Operation(
                        "POST", f"{one_path}/{name}", f"{name}{called}", words, tag, self._putting(do),
                        self._shape, needs=master.changes, matches=True,
                    )
                )  # fmt: skip
        for deed in master.deeds:
            if (master.path, deed.name) not in _SECRET:
                title = _titled(deed.name)
                made.append(
                    Operation(
                        "POST", f"{one_path}/{deed.name}", f"do{called}{title}",
                        f"{tag}: {web_said(deed.words)}.", tag, self._doing(deed), self._shape,
                        needs=master.changes, matches=True,
                        body=self._body(f"{called}{title}", deed.fields) if deed.fields else None,
                    )
                )  # fmt: skip
        return made

    # --- shapes ---------------------------------------------------------------------------------------

    def _made_shape(self) -> Any:
        fields: list[Any] = [
            ("code", Annotated[str, Meta(description="Its code.")]),
            ("is_archived", Annotated[bool, Meta(description="Whether it was put away.")]),
        ]
        fields += [
            (one.name, Annotated[_of_answer(one), Meta(description=_words(one))], UNSET)
            for one in self._shown
            if one.name != "code"
        ]
        if self._more is not None:
            fields += [(name, kind, UNSET) for name, kind in self._more.fields.items()]
        return msgspec.defstruct(
            _named(self._master),
            fields,
            kw_only=True,
            namespace={"__doc__": "Of the list, or one of them, as the back office has it."},
        )

    def _body(self, name: str, fields: Sequence[Field], *, every: bool = True) -> Any:
        """What is sent of these fields; what is not named stays, or is as nothing was typed."""
        shaped: list[Any] = []
        for one in fields:
            kind: Any = bool if one.kind is Kind.YES_NO else Annotated[str, Meta(max_length=_MOST_TEXT)]
            kind = Annotated[kind, Meta(description=_words(one))]
            shaped.append((one.name, kind) if one.needed and every else (one.name, kind | UnsetType, UNSET))
        return msgspec.defstruct(
            f"{name}Fields",
            shaped,
            kw_only=True,
            forbid_unknown_fields=True,
            namespace={"__doc__": "What is sent, as the form of the back office has it."},
        )

    def whole(self, office: Office, thing: Thing) -> Any:
        """A thing as it is answered."""
        told: dict[str, Any] = {"code": thing.code, "is_archived": thing.is_archived}
        for one in self._shown:
            if one.name != "code" and one.name in thing.values:
                value = thing.values[one.name]
                told[one.name] = value == "yes" if one.kind is Kind.YES_NO else value
        if self._more is not None:
            told |= self._more.read(office, thing.code)
        return self._shape(**told)

    # --- looking --------------------------------------------------------------------------------------

    def _list(self, call: Call) -> Answer:
        after = call.after(str)
        wanted = Wanted(
            call.text("words")[:100], call.flag("archived"), after[0] if after else "", "", call.limit + 1
        )
        rows = self._master.listed(call.office, wanted)
        kept = rows[: call.limit]
        following = call.at(kept[-1]["code"]) if len(rows) > len(kept) else ""
        things = [self._of_row(call.office, row, archived=wanted.archived) for row in kept]
        return Answer(self._page(items=things, next=following or None), following)

    def _of_row(self, office: Office, row: Mapping[str, str], *, archived: bool) -> Any:
        if not self._master.rows_are_whole:
            return self.whole(office, self._master.show(office, row["code"]))
        return self.whole(office, Thing(row["code"], row["name"], row, archived))

    def _get(self, call: Call) -> Answer:
        return Answer(
            call.found(lambda: self.whole(call.office, self._master.show(call.office, call.path["code"])))
        )

    # --- changing -------------------------------------------------------------------------------------

    def _add(self, call: Call) -> Answer:
        told = _told(call.body)
        self._master.add(call.office, told)
        thing = self._master.show(call.office, told.get("code", ""))
        return Answer(self.whole(call.office, thing), location=call.link(self._master.path, thing.code))

    def _edit(self, call: Call) -> Answer:
        edit = self._master.edit
        thing, seen = self._seen(call)
        changed = {
            name: text for name, text in _told(call.body).items() if text != thing.values.get(name, "")
        }
        code = thing.code
        if changed and edit is not None:
            with history.as_seen(call.office, self._master.noun, code, seen):
                made = edit(call.office, code, changed)
            code = made if isinstance(made, str) else code
        return self._now(call, code)

    def _putting(self, do: Callable[[Office, str], object]) -> Callable[[Call], Answer]:
        def put(call: Call) -> Answer:
            thing, seen = self._seen(call)
            with history.as_seen(call.office, self._master.noun, thing.code, seen):
                do(call.office, thing.code)
            return self._now(call, thing.code)

        return put

    def _doing(self, deed: Deed) -> Callable[[Call], Answer]:
        def do(call: Call) -> Answer:
            thing, seen = self._seen(call)
            with history.as_seen(call.office, self._master.noun, thing.code, seen):
                deed.do(call.office, thing.code, _told(call.body))
            return self._now(call, thing.code)

        return do

    def _seen(self, call: Call) -> tuple[Thing, int | None]:
        """The thing as it stands, and its revision where the caller said which they had seen."""
        noun, code = self._master.noun, call.path["code"]
        is_told = "if-match" in call.headers and noun
        # First the revision: what changes between the two is then a change that was not seen.
        seen = call.found(lambda: history.revision(call.office, noun, code)) if is_told else None
        thing: Thing = call.found(lambda: self._master.show(call.office, code))
        call.need_match(self.whole(call.office, thing))
        return thing, seen

    def _now(self, call: Call, code: str) -> Answer:
        return Answer(self.whole(call.office, self._master.show(call.office, code)))


def _told(body: Any) -> dict[str, str]:
    """What was sent, as a form would hold it."""
    if body is None:
        return {}
    named = {name: getattr(body, name) for name in body.__struct_fields__}
    told = {name: value for name, value in named.items() if value is not UNSET}
    return {
        name: ("yes" if value else "no") if isinstance(value, bool) else value.strip(" \n")
        for name, value in told.items()
    }


def _titled(path: str) -> str:
    return "".join(word.title() for word in path.split("-"))


def _named(master: Master) -> str:
    """What one of them is called in the document: Product, PriceList, Category, Person."""
    if master.path == "people":
        return "Person"
    words = _titled(master.path)
    if words.endswith("ies"):
        return f"{words.removesuffix('ies')}y"
    return words.removesuffix("es") if words.endswith("sses") else words.removesuffix("s")


def _words(asked: Field) -> str:
    hint = f" {web_said(asked.hint)}" if asked.hint else ""
    return f"{web_said(asked.words)}.{hint}"


def _of_answer(asked: Field) -> Any:
    return bool | UnsetType if asked.kind is Kind.YES_NO else str | UnsetType


def operations() -> Sequence[Operation]:
    """Of every master."""
    return [one for master in MASTERS for one in MasterOperations(master).every()]
