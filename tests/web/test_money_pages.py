"""Payments that M-Pesa confirmed and statements of banks in a browser: seen, opened, answered by who may."""

import re
from datetime import timedelta

from pos_app.language import said
from pos_app.payments.provider import Confirmed, Provider
from pos_app.store.payments import notices, received
from pos_app.store.payments.notices import Came
from pos_app.store.payments.received import To
from tests.support.camt import Entry, camt
from tests.web.world import NOON, World

CODE = "SLK4AB12C9"


def came(world: World, code: str, amount: int, days_ago: int = 0) -> int:
    """A payment that is confirmed; gives its key."""
    paid = Confirmed(
        Provider.MPESA, "600100", code, amount, NOON - timedelta(days=days_ago), "2547 ***** 149", "WANJIRU"
    )
    with world.database.for_org(world.centre.org_id).write() as connection:
        received.take(connection, world.centre.org_id, paid, To(1, "KES", NOON))
        return received.key_of(connection, world.centre.org_id, Provider.MPESA, code)


def test_a_payment_that_nobody_took_is_found_and_settled(fresh: World) -> None:
    key = came(fresh, CODE, 1_250_00)
    late = came(fresh, "SLK4LATE01", 99_00, days_ago=40)
    owner = fresh.signed_in("OWNER")
    owner.get("/payments?from=2026-10-01")
    assert CODE in owner.text
    assert "came, not taken" in owner.text
    assert "waits for a person" in owner.text
    for form in ("csv", "xlsx", "pdf"):
        assert owner.get(f"/payments/file?format={form}").status_code == 200
    owner.get(f"/payments/one?payment={key}")
    assert "WANJIRU" in owner.text
    assert "reference=SLK4AB12C9" in owner.page.text
    owner.send("/payments/say", payment=str(key), reason=" ")
    assert (owner.page.status_code, owner.code) == (422, "decision-without-reason")
    owner.send("/payments/say", payment=str(key), reason="rent of the stall")
    assert "settled" in owner.text
    assert "rent of the stall" in owner.text
    owner.get(f"/payments/one?payment={late}")
    owner.send("/payments/accept", payment=str(late), reason="the statement has it")
    assert "came, not taken" in owner.text
    owner.send("/payments/give-back", payment=str(late), reason="paid twice")
    assert owner.page.status_code == 200
    owner.get("/payments/asked")
    assert "a payment given back" in owner.text
    for wrong in ("payment=1", "payment=x", "document=1", "document=", "payment=" + "9" * 30):
        assert owner.get(f"/payments/one?{wrong}").status_code in (200, 404, 422)


def test_its_own_list_is_asked_for_once(fresh: World) -> None:
    owner = fresh.signed_in("OWNER")
    owner.get("/payments/fetch")
    options = re.search(r'name="business".*?<option value="(\w+)"', owner.page.text, re.S)
    assert options is not None
    business = options[1]
    owner.send("/payments/fetch", business=business, on="2026-11-01")
    assert owner.code == "payment-list-too-old"
    owner.send("/payments/fetch", business=business, on="")
    assert "its list of a day" in owner.text
    owner.get("/payments/fetch")
    owner.send("/payments/fetch", business=business, on="")
    assert owner.code == "payment-list-asked-already"


def test_what_came_and_is_no_payment_is_looked_at(fresh: World) -> None:
    with fresh.database.for_org(fresh.centre.org_id).write() as connection:
        odd = Came(1, "confirmation", "196.201.214.9", b'<script>{"TransID": 7}', NOON, "odd1")
        notices.put(connection, fresh.centre.org_id, odd, said("payment-elsewhere"))
    owner = fresh.signed_in("OWNER")
    owner.get("/payments/messages")
    assert "196.201.214.9" in owner.text
    owner.get("/payments/message?message=odd1")
    assert "<script>{" not in owner.page.text
    owner.send("/payments/looked", message="odd1", reason="a test of ours")
    assert "Nothing is here." in owner.text
    assert owner.get("/payments/message?message=none").status_code in (404, 422)


def test_who_only_looks_decides_nothing(fresh: World) -> None:
    key = came(fresh, "SLK4AB13D1", 1_250_00)
    auditor = fresh.signed_in("AUD")
    auditor.get(f"/payments/one?payment={key}")
    assert "SLK4AB13D1" in auditor.text
    assert "Settle it" not in auditor.text
    assert "Give it back" not in auditor.text
    for path in ("say", "accept", "give-back", "find", "looked"):
        auditor.send(f"/payments/{path}", payment=str(key), code="SLK4AB13D1", reason="mine")
        assert auditor.page.status_code == 403
    assert auditor.get("/bank/bring").status_code == 403
    assert auditor.get("/bank").status_code == 200


def test_a_bank_statement_is_brought_in_and_its_line_set_aside(fresh: World) -> None:
    owner = fresh.signed_in("OWNER")
    owner.get("/bank/bring")
    assert "First say which account" in owner.text
    owner.get("/bank/account")
    owner.send("/bank/account", account="1170", number="KE 12 34", currency="")
    assert "KE1234" in owner.text
    told = camt("KE1234", [Entry("-80.00", "2026-11-19", words="<b>charges</b>")], opening="100.00")
    for expected in ("1 new of 1 lines.", "0 new of 1 lines."):
        owner.get("/bank/bring")
        owner.page = owner.client.post(
            "/office/bank/bring/send", data={"token": owner.token}, files={"file": ("a.xml", told.encode())}
        )
        assert expected in owner.text
    for content in (b"", b"date,amount\n", b"\x00" * 50):
        owner.get("/bank/bring")
        owner.page = owner.client.post(
            "/office/bank/bring/send", data={"token": owner.token}, files={"file": ("a.xml", content)}
        )
        assert owner.code == "statement-not-camt"
    owner.get("/bank")
    assert "<b>charges" not in owner.page.text
    assert "−80.00" in owner.text
    owner.get("/bank/line?line=1170-20261119-m8000-1")
    assert "Nothing in the books has its amount" in owner.text
    owner.send("/bank/match", line="1170-20261119-m8000-1", documents="K3-X9")
    assert owner.page.status_code == 422
    owner.send("/bank/aside", line="1170-20261119-m8000-1", reason="charges of the bank")
    assert "set aside" in owner.text
    owner.send("/bank/undo", line="1170-20261119-m8000-1", reason="they are an expense")
    assert "Nothing in the books has its amount" in owner.text
    owner.get("/bank/accounts")
    assert "20.00" in owner.text
    owner.get("/bank/sure")
    owner.send("/bank/sure", account="1170")
    assert "What was sure is accepted" in owner.text
