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
    Bug(
        "the-door-counts-no-tries",
        "pos_app/web/sign_in.py",
        "        self._count(visit.asked.where.address)\n",
        "",
        "a PIN is guessed in a browser as often as somebody likes",
        ("web/test_sign_in.py",),
    ),
    Bug(
        "the-door-sends-to-another-site",
        "pos_app/web/sign_in.py",
        '    is_ours = path.startswith("/") and not path.startswith(("//", "/\\\\", "/sign-")) and path.isprintable()\n',
        '    is_ours = path.startswith("/") and path.isprintable()\n',
        "a link to our own sign-in ends at a site that looks like ours",
        ("web/test_sign_in.py",),
    ),
    Bug(
        "a-form-is-kept-with-its-pin",
        "pos_app/web/sign_in.py",
        "told = [[name, value] for name, value in asked.form if name not in _SECRETS]",
        "told = [[name, value] for name, value in asked.form]",
        "what somebody typed as a PIN stands in the source of the sign-in page",
        ("web/test_sign_in.py::test_what_is_secret_in_a_form_is_not_kept",),
    ),
    Bug(
        "a-refund-rounds-again",
        "pos_app/ledger/handing_back.py",
        "round_to_cash(goods - self.before.rounding - exact, self.step)",
        "round_to_cash(goods - exact, self.step)",
        "ten parts of a receipt hand back more than was paid",
        ("unit/ledger/test_handing_back.py",),
    ),
    Bug(
        "the-last-part-gets-what-it-cost",
        "pos_app/ledger/handing_back.py",
        "min(goods, left) if self._goes_on(goods) else left",
        "min(goods, left)",
        "a coin of the rounding stays in the shop when all has come back",
        ("unit/ledger/test_handing_back.py",),
    ),
    Bug(
        "a-category-leaves-its-promotion",
        _MASTERS + "categories.py",
        "            promotions.follow_category(books.connection, books.org_id, found.name, wanted, now_us)\n",
        "",
        "what was promised of a category ends when it gets another name",
        ("unit/test_cli_promotions.py::test_a_promotion_follows_its_category_to_another_name",),
    ),
    Bug(
        "a-categorys-name-is-taken-twice",
        _MASTERS + "categories.py",
        "            if taken is not None and taken.category_id != found.category_id:\n",
        "            if taken is not None and taken.category_id == found.category_id:\n",
        "two categories of one name, and products of neither",
        ("unit/office/test_categories.py",),
    ),
    Bug(
        "one-kind-takes-the-whole-answer",
        "pos_app/store/feed/feed.py",
        "        share = max(1, (MOST_PAGES - len(pages)) // (len(news) - place))\n",
        "        share = MOST_PAGES - len(pages)\n",
        "a new till sells nothing before its last customer has come",
        ("unit/sync/test_pull.py",),
    ),
)
