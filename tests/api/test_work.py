"""What the forms of the back office record, a program records: once, by the same rules, and told in words."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from pos_app.ledger.permission import Permission
from pos_app.office import booked, invoicing, stock
from pos_app.office.booked import Wanted
from pos_app.office.invoicing import Goods
from pos_app.office.office import Office
from pos_app.web.api import work
from pos_app.web.masters.declaration import Kind
from pos_app.web.work.registry import FORMS
from tests.api import program
from tests.api.program import Program
from tests.support.worlds import bags
from tests.web.test_work import TYPED
from tests.web.world import World

KEYS: Iterator[str] = (f"work-{number:08d}" for number in range(10_000))
BY_PATH = {one.path: one for one in FORMS}
#: Those that record a document, in an order in which each has what it needs.
RECORDS = [path for path in TYPED if path in work.CALLED and work.CALLED[path].is_document]


@pytest.fixture(scope="module")
def shop(world: World, owner: Program) -> Program:
    """Where there is a vendor, who was added by a program, a vehicle, and money to pay with."""
    told = {"code": "GAS", "name": "Gas Ltd", "days": "30"}
    assert owner.ask("POST", "/vendors", told).status_code == 201, owner.answer.text
    stock.add_location(office(world), "VAN", "Van", "vehicle")
    invoicing.invoice(office(world), "C1", [Goods("SKU1", 2_000), Goods("SKU2", 1_000)])
    return owner


def office(world: World) -> Office:
    return Office(world.database, world.clock, world.centre.org_id, "OWNER")


def sent(world: World, path: str) -> dict[str, Any]:
    """What is typed into a form, as a program sends it, with numbers of what was made before."""

    def number(match: re.Match[str]) -> str:
        return booked.listed(office(world), Wanted(kind=match[1]))[0].number

    form, told, lines = BY_PATH[path], {}, dict[str, dict[str, str]]()
    for name, typed in TYPED[path].items():
        text = re.sub(r"\{(\w+)\}", number, typed)
        if re.match(r"l\d+-", name):
            row, _, field = name.partition("-")
            lines.setdefault(row, {})[field] = text
        else:
            is_lines = any(one.name == name and one.kind is Kind.LINES for one in form.fields)
            told[name] = text.split("\n") if is_lines else text
    return told | ({"lines": list(lines.values())} if lines else {})


def test_every_form_is_an_operation() -> None:
    assert work.CALLED.keys() | work.OWN == BY_PATH.keys()
    assert not work.CALLED.keys() & work.OWN
    assert len({one.path for one in work.CALLED.values()}) == len(work.CALLED)


@pytest.mark.parametrize("path", RECORDS)
def test_a_form_is_recorded_once_for_its_key(world: World, shop: Program, path: str) -> None:
    world.clock.advance(timedelta(seconds=1))
    if path == "invoices/write-off":
        invoicing.invoice(office(world), "C1", [Goods("SKU1", 1_000)])
    if path == "bags/banked":
        bags.leave(office(world), "KCB1")
    at, key, body = f"/{work.CALLED[path].path}", next(KEYS), sent(world, path)
    assert shop.problem("POST", at, body) == (400, "api-key-missing")
    assert shop.problem("POST", at, body | {"on": "soon"}, idempotency_key=next(KEYS))[0] == 422
    first = shop.ask("POST", at, body, idempotency_key=key)
    assert first.status_code == 201, first.text
    # The same once more is the same, though there may be nothing left to settle, receive or write off.
    again = shop.ask("POST", at, body, idempotency_key=key)
    assert (again.status_code, again.json()) == (201, first.json())
    assert shop.get(first.headers["location"].removeprefix("/api/v1"))["id"] == first.json()["id"]
    changed = body | {"note" if "note" in shown(path) else "reference": "other"}
    if changed != body and set(changed) <= shown(path):
        assert shop.problem("POST", at, changed, idempotency_key=key) == (422, "api-key-used")


def shown(path: str) -> set[str]:
    """What the body of a form may hold."""
    return {one.name for one in BY_PATH[path].fields} | {"lines"}


@pytest.mark.parametrize("path", [one for one in work.CALLED if one not in TYPED or one not in RECORDS])
def test_what_is_no_document_is_answered_by_a_sentence(shop: Program, path: str) -> None:
    needed = {one.name: "none" for one in BY_PATH[path].fields if one.needed}
    needed |= {
        "requests/answer": {"act": "accept"},
        "organisation": {"name": " "},
        "rules": {"label_rows": "0"},
        "bank/sure": {"account": "none"},
    }.get(path, {})
    status, code = shop.problem("POST", f"/{work.CALLED[path].path}", needed, idempotency_key=next(KEYS))
    assert (status, code.startswith("api-")) == (422, False), code


def test_a_period_is_locked_and_opened(shop: Program) -> None:
    for through in ("2026-10-31", "2026-09-30"):
        answer = shop.ask("POST", "/locks", {"through": through, "reason": "It is done"})
        assert (answer.status_code, answer.json()) == (200, {"said": "locked"})


def test_a_token_records_no_more_than_it_was_given(world: World, shop: Program) -> None:
    reader = Program(shop.client, program.token(world, "OWNER", Permission.SEE_REPORTS.value))
    for one in work.CALLED.values():
        assert reader.problem("POST", f"/{one.path}", {}, idempotency_key=next(KEYS)) == (
            403,
            "api-token-may-not",
        )


def test_what_is_not_of_the_form_is_refused_whole(world: World, shop: Program) -> None:
    body = sent(world, "expenses/new")
    before = len(shop.every("/documents"))
    for wrong in (
        body | {"colour": "red"},
        body | {"lines": [{"colour": "red"}]},
        body | {"lines": [{}] * 201},
        body | {"dated": "yes"},
        body | {"note": "x" * 201},
        {name: value for name, value in body.items() if name != "how"},
        [body],
    ):
        status, _ = shop.problem("POST", "/expenses", wrong, idempotency_key=next(KEYS))
        assert status in (400, 422), wrong
    status, code = shop.problem("POST", "/expenses", body | {"lines": []}, idempotency_key=next(KEYS))
    assert status == 422, code
    assert len(shop.every("/documents")) == before
