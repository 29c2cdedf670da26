"""Several organisations in one central home: `init --another`, and `--org` wherever there is a choice."""

import json
from pathlib import Path

import pytest

from tests.support.worlds.command_line import bohari


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A central home of two organisations."""
    home = tmp_path_factory.mktemp("centre") / "home"
    first = bohari("init", "--org", "Acme Gas", "--json", home=home).values
    assert (first["org_id"], first["label"]) == (1, "acme-gas")
    second = bohari(
        "init", "--another", "--org", "Maji Safi Ltd", "--label", "maji", "--json", home=home
    ).values
    assert (second["org_id"], second["label"]) == (2, "maji")
    return home


def test_a_command_must_be_told_which_organisation_is_meant(home: Path) -> None:
    ran = bohari("verify", "--json", home=home)
    assert ran.code == 1
    assert json.loads(ran.stdout)["error"] == (
        "Say with --org which organisation is meant, by its label: acme-gas, maji."
    )


@pytest.mark.parametrize(
    ("name", "organisation"),
    [("acme-gas", "Acme Gas"), ("maji", "Maji Safi Ltd"), ("MAJI SAFI LTD", "Maji Safi Ltd")],
)
def test_label_or_name_picks_the_organisation(home: Path, name: str, organisation: str) -> None:
    assert bohari("status", "--org", name, "--json", home=home).values["organisation"] == organisation
    assert bohari("status", "--json", home=home, BOHARI_ORG=name).values["organisation"] == organisation


def test_what_is_imported_for_one_is_not_there_for_the_other(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "customers.csv"
    file.write_text("code,name\nC1,Only theirs\n")
    assert bohari("import", "customers", file, "--org", "maji", "--json", home=home).values["imported"] == 1
    assert bohari("explain", "customer", "C1", "--org", "maji", "--json", home=home).code == 0
    other = bohari("explain", "customer", "C1", "--org", "acme-gas", "--json", home=home)
    assert json.loads(other.stdout)["error"].startswith("There is no customer")
    for name in ("maji", "acme-gas"):
        assert bohari("verify", "--org", name, "--json", home=home).values["problem_count"] == 0


def test_what_cannot_be_is_refused_in_a_sentence(home: Path, tmp_path: Path) -> None:
    for words, sentence in (
        (("init", "--org", "Third"), "or add --another"),
        (("init", "--another", "--org", "Third", "--label", "maji"), "is taken"),
        (("init", "--another", "--org", "Third", "--label", "pos"), "is taken"),
        (("init", "--another", "--org", "Third", "--label", "no_good"), "cannot begin an address"),
        (("status", "--org", "nobody"), "Say with --org"),
    ):
        ran = bohari(*words, home=home)
        assert ran.code == 1
        assert sentence in ran.stderr
    ran = bohari("init", "--another", "--org", "Third", home=tmp_path / "nothing")
    assert "There is no central home" in ran.stderr
