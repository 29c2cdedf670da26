"""`bohari verify` and `bohari recalculate` look at what is on its way as at every balance."""

from sqlalchemy import text

from pos_app import bootstrap
from tests.support.worlds.office_line import Line, line

__all__ = ["line"]


def test_an_arrival_that_lies_is_found_and_mended(line: Line) -> None:
    order = line.ok("orders", "new", "--vendor", "V1", "--line", "GAS,10,12.00")
    assert line.ok("recalculate", "--all", by="")["arrivals"] == {"checked": 1, "differed": [], "mended": 0}
    with bootstrap.central(line.home) as centre, centre.database.write() as connection:
        connection.execute(text("UPDATE arrival SET came = '{\"0\": 9000}'"))
        key = int(connection.execute(text("SELECT document_id FROM arrival")).scalar_one())
    name = f"{key >> 32}/{key & 0xFFFFFFFF}"
    said = line.run("verify")
    assert said.code == 1
    assert f"The arrival of {name} is not what its documents say." in said.values["problems"]
    looked = line.run("recalculate", "--all", "--dry-run")
    assert (looked.code, looked.values["arrivals"]["differed"]) == (1, [name])
    spoken = line.say("recalculate", "--all")
    assert spoken.code == 0
    assert f"the arrival of {name} is not what its documents say" in spoken.stdout
    assert "1 arrivals: 1 differed, 1 mended" in spoken.stdout
    assert line.run("verify").code == 0
    assert any(one["subject"] == f"arrival {name}" for one in line.ok("audit", "list", by="")["entries"])
    shown = line.ok("orders", "show", order["number"], by="")["lines"][0]
    assert shown["to_come"] == "10"
