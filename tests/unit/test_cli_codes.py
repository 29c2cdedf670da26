"""What a command refuses has a code beside its sentence, in the language that was asked for."""

from pathlib import Path

from tests.support.worlds.command_line import bohari


def test_json_carries_the_code_and_the_facts(tmp_path: Path) -> None:
    done = bohari("status", "--json", home=tmp_path)
    assert (done.code, done.values["ok"], done.values["code"]) == (1, False, "no-home")
    assert done.values["facts"]["home"] == str(tmp_path)
    assert done.values["error"].startswith("There is no ")


def test_a_wrong_use_has_its_code_too(tmp_path: Path) -> None:
    done = bohari("recalculate", "--json", home=tmp_path)
    assert (done.code, done.values["code"]) == (2, "kind-or-all")


def test_the_command_line_speaks_swahili(tmp_path: Path) -> None:
    done = bohari("status", "--json", home=tmp_path, BOHARI_LANGUAGE="sw")
    assert done.values["code"] == "no-home"
    assert done.values["error"].startswith("Hakuna folda ya data")
