"""What documents need, and the roles that an organisation begins with."""

from typing import Any

import msgspec
import pytest

from pos_app.ledger import permission
from pos_app.ledger.document import SERIES, CashReason, Head, Sale
from pos_app.ledger.permission import DEFAULT_ROLES, WORDS, Need, Permission
from pos_app.till.sign_in import Action
from tests import specimens

MAKER, APPROVER = specimens.CASHIER, 77


def lacking(document: Head, *held: tuple[int, Permission]) -> Need | None:
    return permission.lacking(document, lambda person, one: (person, one) in held)


def everything_of(person: int) -> list[tuple[int, Permission]]:
    return [(person, one) for one in Permission]


def approved(document: Any) -> Any:
    return msgspec.structs.replace(document, approver_id=APPROVER)


def test_every_kind_of_document_says_what_it_needs() -> None:
    documents = specimens.one_of_each()
    assert {type(one) for one in documents} == set(SERIES)
    for one in documents:
        assert permission.needs(one)
        assert lacking(one) is not None
        assert lacking(one, *everything_of(one.person_id)) is None


def test_an_unknown_kind_is_a_bug_not_a_right() -> None:
    with pytest.raises(TypeError):
        permission.needs(Head(**specimens.head(Sale)))


@pytest.mark.parametrize(
    ("document", "base", "special"),
    [
        (specimens.one_of_each()[1], Permission.SELL, Permission.REFUND),
        (specimens.cash_movement(CashReason.PAY_OUT, 5), Permission.DRAWER, Permission.CASH_OUT),
        (specimens.cash_movement(CashReason.SAFE_DROP, 5), Permission.DRAWER, Permission.CASH_OUT),
        (specimens.drawer_close(5, 5), Permission.DRAWER, Permission.CLOSE_DRAWER),
        (specimens.one_of_each()[-1], Permission.SELL, Permission.VOID),
    ],
)
def test_what_needs_approval(document: Any, base: Permission, special: Permission) -> None:
    maker = document.person_id
    alone = lacking(document, (maker, base))
    assert alone is not None
    assert alone.permission is special
    assert lacking(document, (maker, base), (maker, special)) is None
    helped = approved(document)
    # Who approves has the permission itself, and may approve.
    assert lacking(helped, (maker, base), (APPROVER, special)) is not None
    assert lacking(helped, (maker, base), (APPROVER, Permission.APPROVE)) is not None
    both = [(APPROVER, special), (APPROVER, Permission.APPROVE)]
    assert lacking(helped, (maker, base), *both) is None
    # Nobody can approve what the maker may not do at all.
    assert lacking(helped, *everything_of(APPROVER)) is not None


@pytest.mark.parametrize("reason", [CashReason.FLOAT, CashReason.PAY_IN])
def test_cash_in_needs_the_drawer_only(reason: CashReason) -> None:
    document = specimens.cash_movement(reason, 5)
    assert lacking(document, (MAKER, Permission.DRAWER)) is None


def sale(**line: Any) -> Any:
    made: Any = specimens.one_of_each()[0]
    plain = tuple(msgspec.structs.replace(one, discount=0) for one in made.lines)
    return msgspec.structs.replace(made, lines=(msgspec.structs.replace(plain[0], **line), *plain[1:]))


def test_a_sale_at_list_prices_needs_no_approval() -> None:
    assert lacking(sale(), (MAKER, Permission.SELL)) is None


@pytest.mark.parametrize("line", [{"discount": 5}, {"list_price": 99}, {"list_price": 0}])
def test_each_line_at_another_price_needs_who_allowed_it(line: dict[str, int]) -> None:
    sells = (MAKER, Permission.SELL)
    assert lacking(sale(**line), sells) == Need(Permission.PRICE, None)
    assert lacking(sale(**line), sells, (MAKER, Permission.PRICE)) is None
    allowed = sale(**line, price_approver_id=APPROVER)
    assert lacking(allowed, sells) == Need(Permission.PRICE, APPROVER)
    assert lacking(allowed, sells, (APPROVER, Permission.PRICE), (APPROVER, Permission.APPROVE)) is None


def test_beyond_the_limit_needs_approval() -> None:
    beyond = msgspec.structs.replace(sale(), over_limit=100)
    assert lacking(beyond, (MAKER, Permission.SELL)) == Need(Permission.OVER_LIMIT, None)
    assert lacking(beyond, (MAKER, Permission.SELL), (MAKER, Permission.OVER_LIMIT)) is None


def test_what_a_document_without_the_new_fields_was_stays_so() -> None:
    # Bytes of before these fields mean the same: they are left out where they say nothing.
    body = msgspec.json.encode(sale())
    assert b"over_limit" not in body
    assert b"list_price" not in body
    assert b"price_approver_id" not in body


def test_the_default_roles() -> None:
    assert list(DEFAULT_ROLES) == ["owner", "accountant", "manager", "cashier", "driver", "auditor"]
    held = {code: permissions for code, (_, permissions) in DEFAULT_ROLES.items()}
    assert held["owner"] == set(Permission)
    special = {Permission(action.value) for action in Action}
    assert special <= held["manager"]
    for code in ("cashier", "driver", "auditor", "accountant"):
        assert not special & held[code]
        assert Permission.APPROVE not in held[code]
    assert held["auditor"] == {Permission.SEE_REPORTS, Permission.SEE_AUDIT}


def test_every_action_is_a_permission_and_every_permission_has_words() -> None:
    assert {action.value for action in Action} <= {one.value for one in Permission}
    assert set(WORDS) == set(Permission)
