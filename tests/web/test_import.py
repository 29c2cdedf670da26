"""A file is brought in by a browser: matched, looked at, imported once, by who may, whatever is in it."""

import csv
import io
import json
import os
import re
import threading
from datetime import timedelta
from typing import Any, Final

import pytest
import xlsxwriter
from sqlalchemy import text

from pos_app.files.csv_file import look_at
from pos_app.files.refused_rows import RefusedRow
from pos_app.files.uploads import KEPT, Uploads
from pos_app.office.bringing import kinds, masters, refused_file
from pos_app.office.bringing.outcome import Outcome, never
from pos_app.office.office import Office
from tests.web.world import Browser, World

GOODS: Final = (
    "Item code;Description;Selling Price;Barcode;Colour\n"
    "WIZ-1;Soap;120,50;;red\n"
    "WIZ-2;Rope 10 m;1.250,00;;blue\n"
    "WIZ-3;Broken;much;;\n"
)


@pytest.fixture
def owner(fresh: World) -> Browser:
    """A browser of the owner."""
    return fresh.signed_in("OWNER")


def send(browser: Browser, kind: str, content: str | bytes, name: str = "in.csv", **fields: str) -> str:
    """Choose a file and send it; gives the number under which it is kept."""
    browser.get(f"/import/kind?kind={kind}")
    told = {"token": browser.token, "kind": kind, **fields}
    raw = content.encode() if isinstance(content, str) else content
    browser.page = browser.client.post("/office/import/send", data=told, files={"sent": (name, raw)})
    found = re.search(r'name="file" value="(\w+)"', browser.page.text)
    return found[1] if found else ""


def proposed(browser: Browser) -> dict[str, str]:
    """What the page proposes for each column."""
    names = re.findall(r'<select id="(column-\d+)"', browser.page.text)
    return {name: browser.value(name) for name in names}


def look(browser: Browser, **fields: str) -> str:
    """Send the matching as it is proposed; gives what stands for what was seen."""
    told = {"file": browser.value("file"), "sheet": "", "mark": "", "order": "", **proposed(browser)}
    browser.send("/import/look", **{**told, **fields})
    return browser.value("seen") if 'name="seen"' in browser.page.text else ""


def figures(browser: Browser) -> dict[str, int]:
    """New, changed, unchanged, refused, as the page says them."""
    return {
        word: int(count) for word, count in re.findall(r"<dt>(\w+)</dt><dd>(\d+)</dd>", browser.page.text)
    }


def count(world: World, what: str) -> int:
    with world.database.for_org(world.centre.org_id).read() as connection:
        return int(connection.execute(text(what), {"org": world.centre.org_id}).scalar_one())


PRODUCTS: Final = "SELECT count(*) FROM product WHERE org_id = :org AND sku LIKE 'WIZ-%'"
IMPORTS: Final = "SELECT count(*) FROM audit_log WHERE org_id = :org AND action = 'import'"


def test_products_are_matched_looked_at_and_imported_once(fresh: World, owner: Browser) -> None:
    before = count(fresh, IMPORTS)
    key = send(owner, "products", GOODS)
    assert list(proposed(owner).values()) == ["sku", "name", "price", "barcode", ""]
    seen = look(owner)
    assert figures(owner) == {"new": 2, "changed": 0, "unchanged": 0, "refused": 1}
    assert "not-a-number" in owner.page.text
    assert "1250.00" in owner.text
    assert count(fresh, PRODUCTS) == 0
    refused = owner.client.get(f"/office/import/refused?file={key}").text
    assert "WIZ-3,Broken,much" in refused
    assert refused.startswith("\ufeffrow,reason,Item code")
    owner.get(f"/import/match?file={key}")
    for _ in range(2):
        # Pressed twice, from two tabs.
        owner.send("/import/do", file=key, seen=seen)
        assert owner.page.url.path == "/office/import/done", owner.text
        assert figures(owner) == {"new": 2, "changed": 0, "unchanged": 0, "refused": 1}
        owner.get("/import")
    assert (count(fresh, PRODUCTS), count(fresh, IMPORTS) - before) == (2, 1)
    # The way back leads to what became of it.
    assert owner.get(f"/import/match?file={key}").url.path == "/office/import/done"
    assert not list((fresh.uploads / key).rglob("in.csv"))

    send(owner, "products", GOODS.replace("Soap", "Soap bar"))
    look(owner)
    assert figures(owner) == {"new": 0, "changed": 1, "unchanged": 1, "refused": 1}
    assert re.search(r">WIZ-1</th><td>name</td><td[^>]*>Soap</td><td[^>]*>Soap bar<", owner.page.text)


def test_what_somebody_changed_meanwhile_is_looked_at_again(fresh: World, owner: Browser) -> None:
    head = "sku,name,price\n"
    key = send(owner, "products", f"{head}MEAN-1,One,1.00\nMEAN-2,Two,2.00\n")
    seen = look(owner)
    other = fresh.signed_in("OWNER")
    send(other, "products", f"{head}MEAN-1,Another,5.00\n")
    other.send("/import/do", file=other.value("file"), seen=look(other))
    assert other.page.url.path == "/office/import/done"
    owner.send("/import/do", file=key, seen=seen)
    assert (owner.page.status_code, owner.code) == (409, "import-changed-meanwhile")
    assert figures(owner)["changed"] == 1
    assert count(fresh, "SELECT count(*) FROM product WHERE org_id = :org AND sku = 'MEAN-2'") == 0
    owner.send("/import/do", file=key, seen=owner.value("seen"))
    assert owner.page.url.path == "/office/import/done"


def test_numbers_and_days_that_may_be_either_are_asked(owner: Browser) -> None:
    send(owner, "products", "sku\tname\tprice\nASK-1\tAsk\t1,250\n")
    assert "(1,250 = 1.250)" in owner.text
    assert "(1,250 = 1250)" in owner.text or "(1,250 = 1,250)" in owner.text
    look(owner)
    assert (owner.page.status_code, owner.code) == (422, "number-ambiguous")
    look(owner, mark=".")
    assert "1250" in owner.text
    assert figures(owner)["new"] == 1
    head = "number,customer,date,sku,quantity,unit_price\n"
    send(owner, "invoices", f"{head}A-1,C1,03/04/2026,SKU1,1,10.00\n")
    look(owner)
    assert owner.code == "day-ambiguous"
    look(owner, order="day")
    assert "2026-04-03" in owner.text
    assert figures(owner)["new"] == 1, owner.text


def test_customers_contacts_meters_invoices_and_prices(fresh: World, owner: Browser) -> None:
    owner.get("/products/add")
    gas = {"code": "WGAS", "name": "Gas", "price": "250.00", "type": "metered", "business": "MAIN"}
    assert owner.send("/products/add", **gas).status_code == 200
    owner.get("/price-lists/add")
    assert owner.send("/price-lists/add", code="WIZ", name="Wizard", for_kind="everybody").status_code == 200
    for kind, content, new in (
        ("customers", "Msimbo,Jina,Simu\nWC-1,Asha,0711000111\nWC-2,Juma,\n", 2),
        ("contacts", "code,label,email\nWC-1,billing,a@example.com\nWC-9,billing,b@example.com\n", 1),
        ("meters", "code,meter,sku,rate\nWC-1,M-1,WGAS,240.00\n", 1),
        ("invoices", "number,customer,date,sku,quantity,unit_price\nW-1,WC-1,2026-11-01,SKU1,2,10.00\n", 1),
        ("price-list", "sku,price\nSKU1,9999.00\nSKU2,8888.00\n", 2),
    ):
        key = send(owner, kind, content, of="WIZ" if kind == "price-list" else "")
        assert key, (kind, owner.text)
        seen = look(owner)
        assert figures(owner).get("new") == new, (kind, owner.text)
        owner.send("/import/do", file=key, seen=seen)
        assert owner.page.url.path == "/office/import/done", (kind, owner.text)
    assert "Asha" in owner.get("/customers/thing?code=WC-1").text
    assert "9,999.00" in owner.get("/price-lists/thing?code=WIZ").text.replace("9999.00", "9,999.00")
    # A list is taken whole or not at all.
    send(owner, "price-list", "sku,price\nSKU1,9000.00\nNONE,1.00\n", of="WIZ")
    assert look(owner) == ""
    assert "product-unknown" in owner.page.text
    send(owner, "price-list", "sku,price\nSKU1,9000.00\n", of="NOPE")
    assert owner.code == "import-of-what"


def test_only_who_sent_it_sees_it_and_only_for_an_hour(fresh: World, owner: Browser) -> None:
    key = send(owner, "products", GOODS)
    folder = fresh.uploads / key
    assert folder.stat().st_mode & 0o777 == 0o700
    modes = {path.is_dir(): path.stat().st_mode & 0o777 for path in folder.rglob("*")}
    assert modes == {True: 0o700, False: 0o600}
    other = fresh.signed_in("ACC")
    for path in ("match", "done", "refused"):
        assert other.get(f"/import/{path}?file={key}").status_code in (403, 404)
        assert other.code in ("upload-gone", "person-may-not")
        assert owner.get(f"/import/{path}?file={'0' * 32}").status_code == 404
        assert owner.get(f"/import/{path}?file=../{key}").status_code == 404
    # Signed out in between: after the sign-in it is there.
    owner.get(f"/import/match?file={key}")
    owner.send("/sign-out")
    assert "/sign-in" in str(owner.get(f"/import/match?file={key}").url)
    owner.sign_in("OWNER")
    assert owner.get(f"/import/match?file={key}").status_code == 200
    (folder / "sent" / "in.csv").write_text("sku,name\nX,Y\n")
    look_at = owner.get(f"/import/match?file={key}")
    assert (look_at.status_code, owner.code) == (422, "upload-changed")
    fresh.clock.advance(KEPT + timedelta(minutes=1))
    owner = fresh.signed_in("OWNER")
    assert owner.get(f"/import/match?file={key}").status_code == 404
    assert owner.code == "upload-gone"
    assert not folder.exists()


def test_who_may_not_sends_nothing(fresh: World, owner: Browser) -> None:
    auditor = fresh.signed_in("AUD")
    assert auditor.get("/import").status_code == 403
    auditor.get("/account")
    told = {"token": auditor.token, "kind": "products"}
    auditor.page = auditor.client.post("/office/import/send", data=told, files={"sent": ("a.csv", b"sku\n")})
    assert auditor.page.status_code == 403
    stranger = fresh.browser()
    stranger.page = stranger.client.post("/office/import/send", data=told, files={"sent": ("a.csv", b"x")})
    assert "/sign-in" in str(stranger.page.url)
    owner.get("/import/kind?kind=products")
    for fields, headers, status in (
        ({"token": "", "kind": "products"}, {}, 403),
        ({"token": owner.token, "kind": "products"}, {"origin": "https://elsewhere.test"}, 403),
        ({"token": owner.token, "kind": "nothing"}, {}, 404),
    ):
        files = {"sent": ("a.csv", b"sku,name\n")}
        answer = owner.client.post("/office/import/send", data=fields, files=files, headers=headers)
        assert answer.status_code == status
    assert not list(fresh.uploads.glob("coming-*"))


def book(**sheets: list[list[Any]]) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as made:
        for name, rows in sheets.items():
            sheet = made.add_worksheet(name)
            for down, row in enumerate(rows):
                sheet.write_row(down, 0, row)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "upload-none"),
        (b"\n\n", "csv-empty"),
        (b"%PDF-1.7 x", "csv-is-other"),
        (b"\xd0\xcf\x11\xe0 old", "csv-is-spreadsheet"),
        (b"PK\x03\x04 half", "xlsx-damaged"),
        (book(One=[["sku", "name"], ["A", "B"]])[:900], "xlsx-damaged"),
        (book(One=[]), "csv-empty"),
    ],
)
def test_what_is_no_list_is_told_at_once(owner: Browser, content: bytes, code: str) -> None:
    assert send(owner, "products", content) == ""
    assert owner.page.status_code == 422
    assert owner.code in (code, "csv-empty")


@pytest.mark.parametrize(
    ("content", "answer"),
    [
        ("sku,name,price\n", "It has headings and no rows."),
        ("sku,name,name\nA,B,C\n", "sku"),
        ("\u00e4\u00f6\u00fc".encode("utf-16"), ""),
        (b"sku,name\nA,B\x00\n", "csv-nul-bytes"),
        ("sku,name\n" + 'A,"never closed\n' * 3, "csv-quote-unclosed"),
        ("sep=;\nsku;name;price\nSEP-1;X;1.00\n", "SEP-1"),
        ("sku,name,price\nTAX-\u20ac,Caf\u00e9,1.00\n".encode("cp1252"), "Caf\u00e9"),
    ],
)
def test_odd_files_get_a_page(owner: Browser, content: str | bytes, answer: str) -> None:
    send(owner, "products", content)
    if proposed(owner) and "sku" in proposed(owner).values():
        look(owner)
    assert owner.page.status_code in (200, 422)
    assert answer in owner.page.text


def test_a_workbook_of_sheets_formulas_and_merged_cells(owner: Browser) -> None:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as made:
        made.add_worksheet("Notes").write_row(0, 0, ["about", "this"])
        goods = made.add_worksheet("Goods")
        goods.write_row(0, 0, ["sku", "name", "price"])
        goods.write_row(1, 0, ["BOOK-1", "One"])
        goods.write_formula(1, 2, "=1+1", None, 2)
        goods.write_row(2, 0, ["BOOK-2", "Two"])
        goods.write_formula(2, 2, "=1+1", None, "")
        goods.merge_range(3, 0, 4, 0, "BOOK-3")
        goods.write_row(3, 1, ["Three", 3])
        hidden = made.add_worksheet("Hidden")
        hidden.hide()
    key = send(owner, "products", stream.getvalue(), "book.xlsx")
    assert "Read this sheet" in owner.text
    owner.get(f"/import/match?file={key}&sheet=Goods")
    look(owner, sheet="Goods")
    assert figures(owner) == {"new": 1, "changed": 0, "unchanged": 0, "refused": 2}, owner.text
    for code in ("xlsx-formula", "xlsx-merged"):
        assert code in owner.page.text
    assert "C2" in owner.text
    owner.get(f"/import/match?file={key}&sheet=Nothing")
    assert owner.code == "xlsx-sheet-unknown"


def test_too_large_and_cut_off(world: World, owner: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    from pos_app.web import application

    monkeypatch.setattr(application, "MOST_BYTES", 1_000_000)
    send(owner, "products", b"sku,name\n" + b"A,B\n" * 400_000)
    assert owner.code == "upload-too-large"
    owner.get("/import/kind?kind=products")
    for body in (
        b"--x\r\n",
        b'--x\r\nContent-Disposition: form-data; name="sent"; filename="a"\r\n\r\nsku',
        b"?",
    ):
        owner.page = owner.client.post(
            "/office/import/send",
            content=body,
            headers={"content-type": "multipart/form-data; boundary=x"},
        )
        assert owner.code == "web-form-unreadable"
    owner.page = owner.client.post("/office/import/send", data={"token": owner.token})
    assert owner.code == "web-form-unreadable"
    assert not list(world.uploads.glob("coming-*"))


def test_two_presses_at_the_same_moment_import_once(fresh: World, owner: Browser) -> None:
    rows = "".join(f"TWICE-{number},Thing,1.00\n" for number in range(3_000))
    key = send(owner, "products", f"sku,name,price\n{rows}")
    seen = look(owner)
    told = {"token": owner.token, "file": key, "seen": seen}
    answers: list[Any] = []

    def press() -> None:
        answers.append(owner.client.post("/office/import/do", data=told))

    before = count(fresh, IMPORTS)
    threads = [threading.Thread(target=press) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count(fresh, IMPORTS) - before == 1
    assert {answer.status_code for answer in answers} <= {200, 422}
    for answer in answers:
        assert "/done" in str(answer.url) or "upload-at-work" in answer.text


def test_a_server_that_starts_anew_asks_for_the_file_again(fresh: World, owner: Browser) -> None:
    from pos_app.files.uploads import Uploads

    key = send(owner, "products", GOODS)
    seen = look(owner)
    Uploads(fresh.uploads, fresh.clock).clear()
    owner.send("/import/do", file=key, seen=seen)
    assert (owner.page.status_code, owner.code) == (404, "upload-gone")


def test_an_empty_file_of_each_kind_is_offered(owner: Browser) -> None:
    for kind in kinds.KINDS:
        page = owner.get(f"/import/kind?kind={kind}")
        assert page.status_code == 200
        names = re.findall(r"<dt>(\w+)", page.text)
        template = owner.client.get(f"/office/import/template?kind={kind}")
        assert template.content.decode("utf-8-sig").strip().split(",") == names
        workbook = owner.client.get(f"/office/import/template?kind={kind}&form=xlsx")
        assert workbook.content.startswith(b"PK")


def test_units_are_changed_and_a_count_is_recorded_by_the_page(fresh: World, owner: Browser) -> None:
    key = send(owner, "units", "code,word,name,is\nTRAY,tray,Tray,30 pc\nKGM,kg,Kilo,\nBAD,1x,Bad,\n")
    seen = look(owner)
    assert figures(owner) == {"new": 1, "changed": 1, "unchanged": 0, "refused": 1}
    assert "unit-word-unusable" in owner.page.text
    owner.send("/import/do", file=key, seen=seen)
    assert "30 pc" in owner.get("/units").text
    counted = "SELECT count(*) FROM document WHERE org_id = :org AND kind = 'stock_count'"
    before = count(fresh, counted)
    key = send(owner, "stock-count", "sku,quantity\nSKU1,40\n", of="MAIN")
    seen = look(owner)
    assert (figures(owner)["changed"], count(fresh, counted)) == (1, before)
    for _ in range(2):
        owner.send("/import/do", file=key, seen=seen)
        assert count(fresh, counted) == before + 1


def test_the_command_says_the_same_of_the_same_file(fresh: World, owner: Browser, tmp_path: Any) -> None:
    rows = "ALIKE-1,One,1.00,yes\nALIKE-2,Two,2.50,no\nALIKE-3,,x,\nALIKE-1,Again,1.00,\n"
    path = tmp_path / "in.csv"
    path.write_text(f"sku,name,price,active\n{rows}")
    office = Office(fresh.database, fresh.clock, fresh.centre.org_id, "OWNER")
    tried = masters.bring(office, "products", path, keeps=never)
    key = send(owner, "products", path.read_bytes())
    seen = look(owner)
    assert seen.startswith(f"{tried.mark}-")
    owner.send("/import/do", file=key, seen=seen)
    after = masters.bring(office, "products", path)
    assert (tried.added, after.added, after.changed, after.unchanged) == (2, 0, 0, 2)
    assert [one.row for one in after.refused] == [one.row for one in tried.refused] == [4, 5]
    told = sorted(re.findall(r'class="code">([\w-]+)</span>', owner.page.text))
    assert told == sorted({getattr(one.reason, "code", "") for one in after.refused})


def test_a_file_may_be_called_what_ours_are_called(fresh: World, owner: Browser) -> None:
    for place, name in enumerate(("refused.csv", "note.json", "at-work", "sent", "../../x.csv")):
        key = send(owner, "products", f"sku,name,price\nNAMED-{place},A,1.00\nWRONG-{place},B,much\n", name)
        seen = look(owner)
        assert figures(owner) == {"new": 1, "changed": 0, "unchanged": 0, "refused": 1}, owner.text
        assert f"WRONG-{place},B,much" in owner.client.get(f"/office/import/refused?file={key}").text
        owner.get(f"/import/match?file={key}")
        owner.send("/import/do", file=key, seen=seen)
        assert owner.page.url.path == "/office/import/done", owner.text
    assert count(fresh, "SELECT count(*) FROM product WHERE org_id = :org AND sku LIKE 'NAMED-%'") == 5


def test_what_was_looked_at_by_other_columns_is_not_what_is_imported(fresh: World, owner: Browser) -> None:
    """The first of two tabs says yes to what it shows, and the second one matched otherwise since."""
    key = send(owner, "products", "sku,name,price,bought\nTABS-1,One,9.00,1.00\n")
    seen = look(owner)
    assert figures(owner)["new"] == 1
    owner.get(f"/import/match?file={key}")
    assert look(owner, **{"column-3": "", "column-4": "price"}) != seen
    assert figures(owner)["new"] == 1
    owner.send("/import/do", file=key, seen=seen)
    assert (owner.page.status_code, owner.code) == (409, "import-changed-meanwhile")
    assert count(fresh, "SELECT count(*) FROM product WHERE org_id = :org AND sku = 'TABS-1'") == 0


def test_an_address_that_is_none_is_answered_before_the_file_is_read(owner: Browser) -> None:
    for query in ("x=%00", "x=%ff", "&".join(f"a{number}=1" for number in range(2_500))):
        files = {"sent": ("a.csv", b"sku,name\n")}
        assert owner.client.post(f"/office/import/send?{query}", files=files).status_code == 400


def test_files_that_go_while_they_are_counted_and_that_are_at_work(
    fresh: World, owner: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = [send(owner, "products", GOODS) for _ in range(2)]
    uploads, clock = Uploads(fresh.uploads, fresh.clock), fresh.clock
    upload = uploads.find(keys[0], *whose(fresh, keys[0]))
    with uploads.at_work(upload):
        # Longer than files lie here, and three more of theirs came.
        for _ in range(3):
            send(owner, "products", GOODS)
        clock.advance(KEPT + timedelta(minutes=1))
        uploads.sweep()
        uploads.note(upload)
    uploads.sweep()
    assert not (fresh.uploads / keys[0]).exists()

    walk = os.walk

    def emptied(folder: Any) -> Any:
        for found in walk(folder):
            uploads.clear()
            yield found

    send(fresh.signed_in("OWNER"), "products", GOODS)
    monkeypatch.setattr(os, "walk", emptied)
    uploads.room()


def whose(world: World, key: str) -> tuple[int, int]:
    """The organisation and the person of a file."""
    note = json.loads((world.uploads / key / "note.json").read_text())
    return note["org_id"], note["person_id"]


def test_no_cell_and_no_reason_of_the_refused_rows_is_a_formula(tmp_path: Any) -> None:
    path = tmp_path / "in.csv"
    path.write_text("sku,name\n=1+1,@A\n-5,B\n")
    outcome = Outcome(refused=[RefusedRow(2, "=1+1 is archived; bring it back first."), RefusedRow(3, "No.")])
    refused_file.write(tmp_path / "refused.csv", look_at(path), outcome)
    with (tmp_path / "refused.csv").open(encoding="utf-8-sig", newline="") as handle:
        _, first, second = list(csv.reader(handle))
    assert [one[:1] for one in first] == ["2", "'", "'", "'"]
    assert second == ["3", "No.", "-5", "B"]
