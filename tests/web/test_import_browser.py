"""The import in a real browser: an empty shop gets its goods and its customers, and axe-core looks at it."""

from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from tests.web.chromium import CHROMIUM, LAPTOP, PHONE, signed_in
from tests.web.test_browser import violations

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Debian's Chromium is not installed")


def brought(page: Any, served: str, kind: str, file: Path) -> None:
    """The way of a person from The shop to the matching of a file."""
    page.get_by_role("link", name="The shop").click()
    page.get_by_role("link", name="Bring a file in").click()
    page.locator("main").get_by_role("link", name=kind).first.click()
    page.get_by_label("The file").set_input_files(file)
    page.get_by_role("button", name="Send it").click()
    assert page.get_by_role("heading", name="Match the columns").is_visible()


def looked_well(page: Any) -> None:
    """Nothing for axe-core, and nothing wider than a phone."""
    assert violations(page) == []
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert violations(page) == []
    page.set_viewport_size(LAPTOP)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_goods_come_out_of_a_workbook(chromium: Any, served: str, tmp_path: Path, theme: str) -> None:
    file = tmp_path / "goods.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Item code", "Description", "Selling price", "Remarks"])
        for row in range(1, 31):
            sheet.write_row(row, 0, [f"{theme}-{row}", f"Thing {row}", 100 + row, "none"])
        sheet.write_row(31, 0, [f"{theme}-31", "Nothing", "a lot"])
    page = signed_in(chromium, served, color_scheme=theme)
    brought(page, served, "Products", file)
    assert page.get_by_label("Selling price").input_value() == "price"
    assert page.get_by_label("Remarks").input_value() == ""
    looked_well(page)
    page.get_by_role("button", name="Look at it first").click()
    assert page.get_by_text("Nothing has been written yet.").is_visible()
    looked_well(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="The refused row, with why (CSV)").click()
    assert "a lot" in Path(download.value.path()).read_text(encoding="utf-8-sig")
    page.get_by_role("button", name="Import it without the refused rows").click()
    page.wait_for_url("**/import/done?*")
    looked_well(page)
    page.get_by_role("link", name="Look at them").click()
    page.get_by_role("searchbox").fill(f"{theme}-30")
    page.get_by_role("button", name="Search").click()
    assert page.get_by_text("Thing 30").is_visible()
    assert page.complaints == []
    page.context.close()


def test_customers_with_scripts_off_in_swahili(chromium: Any, served: str, tmp_path: Path) -> None:
    file = tmp_path / "wateja.csv"
    file.write_text("Msimbo;Jina;Simu\nWEB-1;Asha;0711000111\n", encoding="utf-8")
    page = signed_in(chromium, served, java_script_enabled=False)
    page.get_by_label("Language").select_option("sw")
    page.get_by_role("button", name="Choose").click()
    page.goto(f"{served}/import/kind?kind=customers")
    page.get_by_label("Faili", exact=True).set_input_files(file)
    page.get_by_role("button", name="Itume").click()
    page.get_by_role("button", name="Itazame kwanza").click()
    page.get_by_role("button", name="Ilete", exact=True).click()
    page.wait_for_url("**/import/done?*")
    assert page.get_by_role("heading", name="Imeingia").is_visible()
    page.goto(f"{served}/customers/thing?code=WEB-1")
    assert page.get_by_role("heading", name="Asha").is_visible()
    page.context.close()
