"""People by command: shown, renamed, moved, archived, brought back; goods tell their history."""

import json

from pos_app import bootstrap
from pos_app.store.feed import feed
from pos_app.store.organisation import staff
from tests.support.worlds.office_line import Line, line

__all__ = ["line"]


def code_of(line: Line, *words: str, by: str = "OWN") -> str:
    """Why a command is refused."""
    ran = line.run(*words, by=by)
    assert ran.code == 1, ran
    return str(json.loads(ran.stdout)["code"])


def hired(line: Line, code: str, *words: str) -> None:
    line.ok("person", "add", code, "--name", f"Person {code}", *words, by="OWN")


def pin_travels_to(line: Line, code: str, depot: str) -> bool:
    """Whether the feed brings what proves a person's PIN to the tills of a depot."""
    with bootstrap.central(line.home) as centre:
        org_id = centre.organisation().org_id
        with centre.database.for_org(org_id).read() as connection:
            person_id = staff.member(connection, org_id, code).person_id
            depot_id = staff.depots(connection, org_id)[depot]
            works = connection.exec_driver_sql(
                f"SELECT count(*) FROM person WHERE person_id = {person_id} AND pin_hash <> '' AND"
                f" {feed._WORKS.replace(':depot', str(depot_id))}"
            )
            return bool(works.scalar_one())


def test_a_person_is_shown_and_called_something_else(line: Line) -> None:
    hired(line, "K1", "--role", "cashier", "--depot", "WEST")
    line.ok("person", "edit", "k1", "--name", "Kesi", "--title", "Shift leader", by="OWN")
    shown = line.ok("person", "show", "k1", by="OWN")
    assert (shown["name"], shown["title"], shown["depot"], shown["active"], shown["proves"]) == (
        "Kesi",
        "Shift leader",
        "WEST",
        True,
        True,
    )
    assert shown["roles"] == [{"role": "cashier", "business": "", "depot": "WEST"}]
    said = line.say("person", "show", "K1", by="OWN").stdout
    assert "Kesi, Shift leader" in said
    assert "signs in  WEST" in said
    assert code_of(line, "person", "edit", "K1", "--name", " ") == "coded-needs"
    assert code_of(line, "person", "edit", "K1", "--title", "a\x07b") == "coded-text-unusable"
    assert code_of(line, "person", "edit", "K1", "--depot", "MOON") == "depot-unknown"
    assert code_of(line, "person", "show", "NOBODY") == "person-unknown"
    assert code_of(line, "person", "edit", "K1", "--name", "X", by="MGR") == "person-may-not"


def test_another_depot_takes_the_pin_along_and_leaves_the_roles(line: Line) -> None:
    hired(line, "K2", "--role", "cashier", "--depot", "WEST")
    assert (pin_travels_to(line, "K2", "WEST"), pin_travels_to(line, "K2", "MAIN")) == (True, False)
    line.ok("person", "edit", "K2", "--depot", "main", by="OWN")
    assert (pin_travels_to(line, "K2", "WEST"), pin_travels_to(line, "K2", "MAIN")) == (False, True)
    assert line.ok("person", "show", "K2", by="OWN")["roles"][0]["depot"] == "WEST"
    line.ok("person", "edit", "K2", "--depot", "", by="OWN")
    assert (pin_travels_to(line, "K2", "WEST"), pin_travels_to(line, "K2", "MAIN")) == (True, True)
    # Whoever may change people and is of no depot signs in at one alone, until others are named.
    hired(line, "K3", "--role", "owner", "--depot", "WEST")
    line.ok("person", "edit", "K3", "--depot", "", by="OWN")
    assert len(line.ok("person", "show", "K3", by="OWN")["works_at"]) == 1


def test_who_is_archived_may_nothing_and_comes_back_with_nothing(line: Line) -> None:
    hired(line, "K4", "--role", "manager")
    line.ok("person", "archive", "k4", by="OWN")
    gone = line.ok("person", "show", "K4", by="OWN")
    assert (gone["active"], gone["roles"]) == (False, [])
    assert not pin_travels_to(line, "K4", "MAIN")
    assert code_of(line, "person", "archive", "K4") == "person-left"
    assert code_of(line, "person", "edit", "K4", "--name", "X") == "person-left"
    assert code_of(line, "person", "restore", "MGR") == "person-works-here"
    line.ok("person", "restore", "K4", by="OWN")
    back = line.ok("person", "show", "K4", by="OWN")
    assert (back["active"], back["roles"]) == (True, [])
    assert not pin_travels_to(line, "K4", "MAIN")
    line.ok("person", "give", "k4", "--role", "cashier", by="OWN")
    line.ok("person", "pin", "k4", by="OWN")
    assert pin_travels_to(line, "K4", "MAIN")
    told = [one["after"] for one in line.ok("person", "history", "K4", by="OWN")["history"]]
    assert {"active": 0} in [{"active": one["active"]} for one in told if "active" in one]


def test_the_last_who_hires_is_not_archived(line: Line) -> None:
    owners = [
        one["code"]
        for one in line.ok("person", "list", by="OWN")["people"]
        if "owner" in {each["role"] for each in one["roles"]} and one["code"] != "OWN"
    ]
    for one in owners:
        line.ok("person", "archive", one, by="OWN")
    assert code_of(line, "person", "archive", "OWN") == "last-who-edits-people"
    # Somebody who left tells their history too.
    assert line.ok("person", "history", owners[0], by="OWN")["count"] > 0
    for one in owners:
        line.ok("person", "restore", one, by="OWN")


def test_a_product_tells_who_archived_it(line: Line) -> None:
    line.ok("product", "archive", "REFILL", by="OWN")
    last = line.ok("product", "history", "refill", by="OWN")["history"][-1]
    assert (last["after"], last["person"]) == ({"active": 0}, "Own")
    line.ok("product", "restore", "REFILL", by="OWN")
    assert code_of(line, "product", "history", "NONE") == "product-unknown"


def test_a_code_is_one_persons_in_any_case_and_has_no_blank(line: Line) -> None:
    for code, why in (
        ("mgr", "person-code-taken"),
        ("M GR", "person-code-unusable"),
        ("m\u00a0x", "person-code-unusable"),
        (" ", "person-needs-code-and-name"),
        ("K" * 41, "person-code-unusable"),
    ):
        assert code_of(line, "person", "add", code, "--name", "X", "--role", "cashier") == why
    # Who left keeps their code.
    hired(line, "K5", "--role", "cashier")
    line.ok("person", "archive", "K5", by="OWN")
    assert code_of(line, "person", "add", "k5", "--name", "X", "--role", "cashier") == "person-code-taken"


def test_history_and_audit_are_words(line: Line) -> None:
    hired(line, "K6", "--role", "cashier", "--depot", "WEST")
    line.ok("person", "edit", "K6", "--depot", "MAIN", by="OWN")
    line.ok("person", "take", "K6", "--role", "cashier", "--depot", "WEST", by="OWN")
    line.ok("person", "pin", "K6", by="OWN")
    said = line.say("person", "history", "K6", by="OWN").stdout
    assert "person K6: depot WEST → MAIN" in said
    assert "role cashier of K6: new" in said
    assert "role cashier of K6: until  → 20" in said
    assert "PIN *** → ***" in said
    for raw in ("_us", "_id", "pin_hash", "person_role", "{"):
        assert raw not in said
    line.ok("role", "grant", "driver", "refund", by="OWN")
    assert "right of driver to refund: new" in line.say("role", "history", "driver", by="OWN").stdout
    assert "right of driver to refund: new" in line.say("audit", "list", "--limit", "3", by="OWN").stdout


def test_an_edit_of_what_somebody_else_changed_meanwhile_is_refused_with_theirs(line: Line) -> None:
    hired(line, "K7", "--role", "cashier")
    seen = str(line.ok("person", "show", "K7", by="OWN")["revision"])
    line.ok("person", "edit", "K7", "--name", "Kendi", "--seen", seen, by="OWN")
    assert code_of(line, "person", "edit", "k7", "--name", "Ken", "--seen", seen) == "edited-meanwhile"
    assert "name Person K7 → Kendi" in line.refused(
        "person", "edit", "K7", "--title", "T", "--seen", seen, by="OWN"
    )
    assert line.ok("person", "show", "K7", by="OWN")["name"] == "Kendi"
    now = str(line.ok("person", "show", "K7", by="OWN")["revision"])
    # A role is a change of the person too.
    line.ok("person", "give", "K7", "--role", "driver", by="OWN")
    assert code_of(line, "person", "edit", "K7", "--name", "Ken", "--seen", now) == "edited-meanwhile"
    line.ok("person", "edit", "K7", "--name", "Ken", by="OWN")
    # The other nouns ask the same; what others do elsewhere is nothing to them.
    for noun, code, words in (
        ("product", "REFILL", ("--category", "Water")),
        ("depot", "WEST", ("--phone", "0700 1")),
        ("business", "WATER", ("--phone", "0700 2")),
        ("role", "driver", ("--name", "Driver")),
    ):
        told = line.ok(noun, "history", code, by="OWN")["history"]
        last = told[-1]["revision"] if told else 0
        line.ok(noun, "edit", code, *words, "--seen", str(last), by="OWN")
        if noun != "role":
            assert code_of(line, noun, "edit", code, *words, "--seen", str(last - 1)) == "edited-meanwhile"


def test_one_of_the_staff_is_person_and_party_in_one_step(line: Line) -> None:
    hired(line, "K8", "--role", "cashier", "--staff")
    assert line.ok("person", "show", "K8", by="OWN")["party"] == "K8"
    assert [one["role"] for one in line.ok("parties", "show", "K8", by="OWN")["roles"]] == ["employee"]
    # Who works here already becomes one by a word; said twice it is one.
    hired(line, "K9", "--role", "cashier")
    assert line.ok("person", "staff", "k9", by="OWN")["party"] == "K9"
    assert line.ok("person", "staff", "K9", by="OWN")["party"] == "K9"
    line.ok("parties", "add", "K10", "--name", "Somebody else", "--role", "customer", by="OWN")
    taken = code_of(line, "person", "add", "K10", "--name", "New", "--role", "cashier", "--staff")
    assert taken == "party-code-taken"
    assert code_of(line, "person", "show", "K10") == "person-unknown"
    assert line.ok("person", "archive", "K9", by="OWN")["unsettled"] == ""
    # Who leaves with an advance is told with it, and may do nothing any more all the same.
    line.ok("accounts", "overdraft", "1170", by="OWN")
    line.ok("parties", "edit", "K8", "--role", "employee:0:100.00", by="OWN")
    line.ok("pay", "party", "employee-advance", "K8", "--paid", "bank=40.00")
    left = line.ok("person", "leave", "K8", by="OWN")["unsettled"]
    assert "KES 40.00" in left
    assert line.ok("person", "show", "K8", by="OWN")["active"] is False
