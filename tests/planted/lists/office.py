"""Bugs of what the office keeps, and of what tills ask it for."""

from typing import Final

from tests.planted.bug import Bug

_MASTERS: Final = "pos_app/office/masters/"
_MERGE: Final = "unit/office/test_party_merge.py"
_REQUESTS: Final = "unit/sync/test_requests_travel.py"

BUGS: Final = (
    Bug(
        "two-edit-a-promotion-at-once",
        _MASTERS + "promotions.py",
        "        master_import.lock(books.connection, books.org_id)\n",
        "",
        "both end the same promise and each makes another: two rows of one code hold",
        ("unit/office/test_promotions_together.py",),
    ),
    Bug(
        "a-merge-forgets-the-lists",
        _MASTERS + "party_merge.py",
        "            prices.take_over(books, kept, lost)\n",
        "            pass\n",
        "what was agreed for later with the double is not charged by anybody",
        (f"{_MERGE}::test_lists_of_the_one_that_goes_hold_for_the_one_that_stays",),
    ),
    Bug(
        "a-merge-writes-over-what-was-agreed",
        _MASTERS + "prices.py",
        "        missing -= party_terms.products_agreed(connection, org_id, kept.party_id)\n",
        "",
        "the double's price comes before the rate of the customer who stays",
        (f"{_MERGE}::test_lists_of_the_one_that_goes_hold_for_the_one_that_stays",),
    ),
    Bug(
        "a-merge-reads-while-tills-send",
        _MASTERS + "party_merge.py",
        "        if again == standing:\n",
        "        if True:\n",
        "an invoice between two questions is carried as a sum without its day",
        (f"{_MERGE}::test_what_comes_in_while_it_is_read_is_read_whole",),
    ),
    Bug(
        "requests-of-one-organisation-stop-all",
        "sync/server/request_intake.py",
        "with _ONE_OF[org_id]:",
        "with _ONE_OF[0]:",
        "while the requests of one shop are decided all others wait",
        (f"{_REQUESTS}::test_one_organisation_waits_for_no_other",),
    ),
    Bug(
        "a-till-asks-without-end",
        "sync/server/request_intake.py",
        "            if room <= 0 and ",
        "            if room <= -MOST_OPEN and ",
        "a stolen till fills the list of the office and its disk",
        (f"{_REQUESTS}::test_a_till_asks_for_no_more_than_somebody_can_look_through",),
    ),
    Bug(
        "a-till-does-not-say-that-too-much-waits",
        "pos_app/till/selling/asking.py",
        "            if asked_here.open_count(connection, context.terminal) >= MOST_OPEN:\n",
        "            if asked_here.open_count(connection, context.terminal) > MOST_OPEN:\n",
        "a person asks for what the centre will not take",
        (f"{_REQUESTS}::test_a_till_asks_for_no_more_than_somebody_can_look_through",),
    ),
    Bug(
        "a-till-opens-what-was-put-away",
        "pos_app/office/requests.py",
        "    if found is not None and not found.active:\n",
        "    if found is not None and found.active is None:\n",
        "the office puts a depot's list of the day away, and the next till that asks brings it back",
        (f"{_REQUESTS}::test_a_list_of_a_day_that_was_put_away_is_not_opened_by_a_till",),
    ),
)
