"""Multicast DNS: a centre that announces itself is found, by its address and what it says, until it goes."""

import pytest

from pos_app import enrolment_link
from pos_app.devices import printer_search
from sync import neighbours
from sync.neighbours import CENTRE

LOOPBACK = ["127.0.0.1"]


def test_who_announces_is_heard_until_the_end() -> None:
    told = {"url": "https://pos.shop.example", "tls": "1", "key": "ABCD-EFGH"}
    with neighbours.announced(CENTRE, "shop . server\x00", "127.0.0.1", 8400, told, interfaces=LOOPBACK):
        found = []
        for _try in range(5):
            found = neighbours.heard(CENTRE, 1.0, interfaces=LOOPBACK)
            if found:
                break
        assert [(one.address, one.port, one.told) for one in found] == [("127.0.0.1", 8400, told)]
        assert "\x00" not in found[0].name
    assert neighbours.heard(CENTRE, 0.3, interfaces=LOOPBACK) == []


# The library lets go of a socket that it could not use without closing it.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_without_a_network_nobody_is_heard() -> None:
    nowhere = ["203.0.113.7"]
    assert neighbours.heard(CENTRE, 0.1, interfaces=nowhere) == []
    with neighbours.announced(CENTRE, "x", "0.0.0.0", 1, {}, interfaces=nowhere):
        pass


def test_a_link_gives_address_and_code_and_nothing_else_does() -> None:
    link = enrolment_link.made("https://pos.example:8400/a b", "AB-CD")
    assert enrolment_link.parted(f" {link}\n") == ("https://pos.example:8400/a b", "AB-CD")
    assert enrolment_link.parted("BOHARI://ENROL?server=x&code=y") == ("x", "y")
    for other in (
        "",
        "AB-CD",
        "https://pos.example",
        "bohari://enrol",
        "bohari://pay?server=x",
        "bohari://[",
        link + "x" * 900,
    ):
        assert enrolment_link.parted(other) is None, other


def test_a_search_for_printers_never_fails_and_names_each_once() -> None:
    found = printer_search.here()
    assert len({one.address for one in found}) == len(found)
    assert printer_search.network("Star\nTSP\x1b", "10.0.0.5", 9100) == (
        "network://10.0.0.5:9100",
        "Star TSP",
        "network",
    )
