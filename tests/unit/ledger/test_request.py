"""Requests: random by themselves, reproducible for as long as somebody says so."""

import threading

from pos_app.ledger.request import Reproducible, new_request, using


def test_requests_are_fresh() -> None:
    found = {new_request() for _ in range(100)}
    assert len(found) == 100
    assert all(len(one) == 32 and int(one, 16) >= 0 for one in found)


def test_a_name_gives_the_same_ones_again() -> None:
    def three(name: str) -> list[str]:
        with using(Reproducible(name)):
            return [new_request() for _ in range(3)]

    assert three("till 1") == three("till 1")
    assert len({*three("till 1"), *three("till 2")}) == 6
    assert new_request() not in three("till 1")


def test_a_source_goes_on_where_it_was() -> None:
    source = Reproducible("till 1")
    with using(source):
        first = new_request()
    with using(source):
        second = new_request()
    assert first != second


def test_other_threads_are_not_touched() -> None:
    found: list[str] = []
    with using(Reproducible("till 1")):
        thread = threading.Thread(target=lambda: found.append(new_request()))
        thread.start()
        thread.join()
        assert found[0] != new_request()
