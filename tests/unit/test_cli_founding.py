"""A shop from a template: founded, played by its owner, played again after mending; nothing is doubled."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from pos_app import bootstrap
from pos_app.cli import apply, program
from resources import resource
from tests.support.worlds.command_line import Ran
from tests.support.worlds.office_line import Line

TEMPLATES = ("lpg-singapore", "depots-kenya", "empty")
#: What a second time must not double.
TABLES = (
    "business",
    "depot",
    "location",
    "account",
    "tax_code",
    "product",
    "product_barcode",
    "party",
    "person",
)


def counts(line: Line) -> dict[str, int]:
    with bootstrap.central(line.home) as centre, centre.database.read() as connection:
        return {
            table: int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())
            for table in TABLES
        }


def play(line: Line, file: Path) -> Ran:
    return line.run("apply", file)


@pytest.fixture(scope="module")
def gas(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    """The distributor in Singapore, its Postgres up until the last test."""
    line = Line(tmp_path_factory.mktemp("gas") / "centre")
    made = line.run("init", "--org", "My Gas", "--template", "lpg-singapore")
    assert made.code == 0, made
    assert made.values["currency"] == "SGD"
    with bootstrap.central(line.home):
        yield line


def test_the_template_of_singapore_is_a_shop_in_dollars(gas: Line) -> None:
    told = gas.run("organisation", "show").values
    assert (told["currency"], told["time_zone"], told["cash_step"]) == ("SGD", "Asia/Singapore", "0.05")
    assert {one["code"] for one in gas.run("depot", "list").values["depots"]} == {
        "HSH-KB",
        "SINGGAS",
        "UNION",
    }
    assert counts(gas)["product"] == 21
    with bootstrap.central(gas.home) as centre, centre.database.read() as connection:
        rates = connection.execute(
            text(
                "SELECT c.code, r.rate_bp, c.treatment, c.printed_name FROM tax_code AS c JOIN tax_rate AS r"
                " ON r.org_id = c.org_id AND r.code = c.code WHERE c.treatment <> 'none' ORDER BY c.code"
            )
        ).all()
    assert [tuple(row) for row in rates] == [
        ("A", 900, "inclusive", "GST"),
        ("B", 0, "zero", "GST"),
        ("E", 0, "exempt", "GST"),
    ]


def test_a_file_that_was_played_doubles_nothing(gas: Line) -> None:
    before = counts(gas)
    again = play(gas, resource("templates", "lpg-singapore", "shop.bohari"))
    assert again.code == 0, again
    assert len(again.values["there"]) == 4
    assert counts(gas) == before


def test_a_mistake_names_its_line_and_the_mended_file_goes_on(gas: Line, tmp_path: Path) -> None:
    (tmp_path / "more.csv").write_text("sku,name,price\nMORE-1,Tape,1.00\n")
    file = tmp_path / "more.bohari"
    good = 'bohari tax add F --name "Fuel" 7\nimport products more.csv\n'
    file.write_text(
        f'# More\n{good}depot add EAST \\\n  --name "East" --letter H\nbusiness add CAR --name Car\n'
    )
    ended = play(gas, file)
    assert ended.code == 1
    assert (ended.values["done"], ended.values["failed"]) == (2, 4)
    assert "begin with H already" in ended.values["why"]
    file.write_text(
        f'# More\n{good}depot add EAST \\\n  --name "East" --letter E\nbusiness add CAR --name Car\n'
    )
    mended = play(gas, file)
    assert mended.code == 0, mended
    assert mended.values["there"] == [2]
    assert counts(gas)["business"] == 2


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("pay C-1 100", "apply-not-a-master"),
        ("vouchers pay-back V1 --paid cash=10", "apply-not-a-master"),
        ("depot open EAST", "apply-no-such-command"),
        ("depot", "apply-no-such-command"),
        ('depot add X --name "East', "apply-quotation-open"),
        ("units teleport KG", "apply-no-such-command"),
    ],
)
def test_what_no_file_may_say_is_refused_before_anything_is_done(
    gas: Line, tmp_path: Path, written: str, code: str
) -> None:
    file = tmp_path / "wrong.bohari"
    file.write_text(f"business add NEVER --name Never\n{written}\n")
    before = counts(gas)
    refused = play(gas, file)
    assert (refused.code, refused.values["code"]) == (1, code)
    assert refused.values["facts"]["line"] == 2
    assert counts(gas) == before


def test_what_a_file_may_be_about_are_commands() -> None:
    for noun in apply.MASTERS:
        assert program.root().load(noun) is not None


def test_price_lists_groups_and_roles_of_a_file_are_not_doubled(gas: Line, tmp_path: Path) -> None:
    file = tmp_path / "lists.bohari"
    file.write_text(
        "price-list add WHOLE --name Wholesale\ncustomer-group add CAFES --name Cafes\n"
        "role add RIDER --name Rider\n"
    )
    assert play(gas, file).values["done"] == 3
    again = play(gas, file)
    assert (again.code, again.values["there"]) == (0, [1, 2, 3]), again


def test_nothing_is_founded_with_a_file_that_no_command_can_play(tmp_path: Path) -> None:
    """The PIN of an owner is told once: what is refused afterwards would shut them out of their own shop."""
    (tmp_path / "shop.bohari").write_text("init --currency SGD\nprices agree C-001 CYL-9 1.00\n")
    line = Line(tmp_path / "centre")
    refused = line.run("init", "--org", "My Gas", "--template", tmp_path)
    assert (refused.code, refused.values["code"]) == (1, "apply-no-such-command")
    assert not line.home.exists()


@pytest.mark.parametrize("name", TEMPLATES)
def test_what_a_template_offers_in_its_remarks_are_commands(name: str, tmp_path: Path) -> None:
    written = resource("templates", name, "shop.bohari").read_text(encoding="utf-8")
    remarks = [line.removeprefix("#").strip() for line in written.splitlines() if line.startswith("#")]
    offered = [line.removesuffix("\\") for line in remarks if line.partition(" ")[0] in apply.MASTERS]
    file = tmp_path / "offered.bohari"
    file.write_text("\n".join(line for line in offered if " --" in line or line.startswith("prices")))
    assert len(apply.checked(file)) >= (0 if name == "empty" else 2)


def test_a_role_of_ones_own_is_given_however_it_is_typed(gas: Line) -> None:
    assert gas.run("role", "add", "HELPER", "--name", "Helper").code == 0
    hired = gas.run("person", "add", "HP", "--name", "Hawa", "--role", "Helper")
    assert (hired.code, hired.values["role"]) == (0, "helper"), hired


def test_a_file_that_is_none(gas: Line, tmp_path: Path) -> None:
    (tmp_path / "picture").write_bytes(b"\x89PNG\xff\xfe")
    assert play(gas, tmp_path / "picture").values["code"] == "apply-not-text"
    assert play(gas, tmp_path / "gone").values["code"] == "path-unreadable"


def test_each_line_is_held_against_the_rights_of_who_plays_it(gas: Line, tmp_path: Path) -> None:
    hired = gas.run("person", "add", "BOOKS", "--name", "Books", "--role", "accountant").values
    file = tmp_path / "people.bohari"
    file.write_text('tax add Z --name "Other" 1\nperson add FRIEND --name Friend --role owner\n')
    ended = gas.run("apply", file, by="BOOKS", pin=hired["pin"])
    assert (ended.code, ended.values["failed"]) == (1, 2)
    assert ended.values["done"] == 1


def test_a_template_to_change_founds_a_shop_of_ones_own(tmp_path: Path, line_of_kenya: Line) -> None:
    assert {one["code"] for one in line_of_kenya.run("business", "list").values["businesses"]} == {
        "WATER",
        "LAUNDRY",
        "RETAIL",
    }
    assert counts(line_of_kenya)["product"] == 241


@pytest.fixture
def line_of_kenya(tmp_path: Path) -> Iterator[Line]:
    """Founded from a copy of the Kenyan template with one product more."""
    line = Line(tmp_path / "centre")
    copied = line._run(["template", "copy", "depots-kenya", str(tmp_path / "mine"), "--json"], {})
    assert copied.code == 0, copied
    with (tmp_path / "mine" / "products.csv").open("a") as file:
        file.write("OWN-1,,My own,1.00,A,Accessories,pc,RETAIL,goods,,,yes,no\n")
    made = line.run("init", "--org", "Mine", "--template", tmp_path / "mine")
    assert made.code == 0, made
    with bootstrap.central(line.home):
        yield line


def test_templates_are_named(gas: Line) -> None:
    listed = gas._run(["template", "list", "--json"], {}).values
    assert {one["template"] for one in listed["templates"]} == set(TEMPLATES)
    for wrong, code in (("nowhere", "template-unknown"),):
        said = Line(gas.home.parent / "other").run("init", "--org", "X", "--template", wrong)
        assert (said.code, said.values["code"]) == (1, code)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--time-zone", "Africa/Atlantis"), "time-zone-none"),
        (("--cash-step", "0"), "cash-step-wrong"),
        (("--tax-code", "GST"), "tax-code-malformed"),
        (("--letter", "K2"), "receipt-letter-wrong"),
    ],
)
def test_what_an_organisation_cannot_be_founded_with(
    gas: Line, tmp_path: Path, options: tuple[str, ...], code: str
) -> None:
    said = gas.run("init", "--org", "Other", "--another", *options)
    assert (said.code, said.values["code"]) == (1, code)
