"""Bugs between the centre and those outside who confirm, sign or carry: M-Pesa, the tax authority, messages."""

from typing import Final

from tests.planted.bug import Bug

_PAYMENTS: Final = "pos_app/store/payments/"
_RECEIVED: Final = "unit/sync/test_received_payments.py"
_PHONE: Final = "unit/sync/test_phone_payments.py"
_RECEIPTS: Final = "pos_app/store/fiscal/receipts.py"
_TURN: Final = "sync/server/fiscal_turn.py"
_SIGNED: Final = "unit/sync/test_fiscal.py"
_QUEUE: Final = "pos_app/store/hooks/messages.py"
_MESSAGES: Final = "unit/sync/test_messages.py"

BUGS: Final = (
    Bug(
        "a-voided-sale-keeps-its-payment",
        _PAYMENTS + "matching.py",
        " AND u.state = '{USED}'{_OF_CODE} WHERE p.org_id = :org",
        "{_OF_CODE} WHERE p.org_id = :org",
        "money that no sale stands by is shown as matched, and nobody gives it back",
        (f"{_RECEIVED}::test_a_void_lets_go_of_its_payment",),
    ),
    Bug(
        "less-money-is-a-match",
        _PAYMENTS + "matching.py",
        "coalesce(t.paid, t.amount) <> p.amount",
        "coalesce(t.paid, t.amount) < p.amount",
        "a customer who pays one shilling less each time is never named",
        (f"{_RECEIVED}::test_a_sale_of_another_amount_is_named",),
    ),
    Bug(
        "a-second-message-writes-over-the-first",
        _PAYMENTS + "received.py",
        "DO NOTHING",
        "DO UPDATE SET amount = excluded.amount",
        "whoever knows a code makes seven hundred of it seven thousand",
        (f"{_RECEIVED}::test_the_same_again_changes_nothing_and_another_amount_goes_to_a_person",),
    ),
    Bug(
        "a-code-of-last-year-buys",
        _PAYMENTS + "received.py",
        '        "state": HELD if is_odd else STANDING,\n',
        '        "state": STANDING,\n',
        "who replays old messages buys with them",
        (f"{_RECEIVED}::test_a_year_late_waits_for_a_person",),
    ),
    Bug(
        "whoever-posts-is-the-provider",
        "sync/server/payment_door.py",
        "            if told.business_id not in payees or not addresses.is_mark(\n"
        "                connection, told.org_id, told.business_id, mark\n"
        "            ):\n",
        "            if told.business_id not in payees:\n",
        "anybody on the internet says that they paid",
        (f"{_RECEIVED}::test_only_who_knows_the_address_is_heard",),
    ),
    Bug(
        "what-a-sale-took-goes-back",
        "pos_app/office/received_payments.py",
        '        if taken:\n            raise Refused("payment-taken", code=paid.code, number=taken)\n',
        "",
        "a customer has the goods and the money",
        (f"{_PHONE}::test_what_a_sale_took_does_not_go_back",),
    ),
    Bug(
        "money-goes-back-twice",
        _PAYMENTS + "asks.py",
        "    return bool(done.rowcount)\n\n\ndef due(",
        "    return True\n\n\ndef due(",
        "the office is told that a payment is given back a second time",
        (f"{_PHONE}::test_a_code_is_found_and_a_payment_goes_back_once",),
    ),
    Bug(
        "an-asking-without-an-answer-is-sent-again",
        "sync/server/payment_sender.py",
        "                    answers.end(connection, again, Stage.UNKNOWN, now,"
        ' reason="no-word", words=heard.words)\n'
        "        if heard.outcome is not Outcome.PENDING:\n",
        "                    asks.note(connection, again, Stage.WANTED, now)\n"
        "        if heard.outcome is not Outcome.PENDING:\n",
        "a customer's phone asks for the same money twice",
        (f"{_PHONE}::test_what_nobody_knows_goes_to_a_person",),
    ),
    Bug(
        "an-invoice-under-way-is-sent-again",
        _TURN,
        "        if was_sent:\n",
        "        if False:\n",
        "a sale is signed twice, and the tax is owed twice",
        (f"{_SIGNED}::test_whoever_is_killed_after_the_answer_finds_it",),
    ),
    Bug(
        "the-newest-invoice-first",
        _RECEIPTS,
        "ORDER BY made_us, document_id, part LIMIT :most",
        "ORDER BY made_us DESC, document_id DESC, part LIMIT :most",
        "the authority's numbers run against the receipts, and after an outage the oldest waits longest",
        (f"{_SIGNED}::test_a_long_outage_and_every_fault_leave_one_invoice_for_each_sale_in_order",),
    ),
    Bug(
        "a-credit-note-before-its-invoice",
        _TURN,
        "            if original is not None and original.receipt.state == SIGNED:\n",
        "            if original is not None:\n",
        "a credit note names an invoice that the authority has not seen",
        (f"{_SIGNED}::test_what_is_refused_waits_for_a_person_and_holds_up_no_other",),
    ),
    Bug(
        "a-device-that-was-stopped-is-asked-on",
        _TURN,
        "kept.stopped or rests",
        "rests",
        "a device with a wrong key is asked every second, until the authority shuts the shop out",
        (f"{_SIGNED}::test_a_device_with_another_key_stops_and_goes_on_when_it_is_set_going",),
    ),
    Bug(
        "a-void-is-signed-as-a-sale",
        "pos_app/fiscal/invoice.py",
        "_part(part.business_id, 1 - part.part, part.lines, document.original_id, part.sign)",
        "_part(part.business_id, part.part, part.lines, document.original_id, part.sign)",
        "what was voided is taxed twice instead of not at all",
        (f"{_SIGNED}::test_a_long_outage_and_every_fault_leave_one_invoice_for_each_sale_in_order",),
    ),
    Bug(
        "two-processes-send-one-message",
        _QUEUE,
        " AND purpose = :purpose AND state = 'waiting'\"",
        ' AND purpose = :purpose"',
        "a customer is told twice that the things are ready",
        (f"{_MESSAGES}::test_killed_while_it_was_sent_is_found_by_the_next_start",),
    ),
    Bug(
        "what-may-have-gone-out-goes-again",
        _QUEUE,
        "SET state = 'failed', error = :maybe",
        "SET state = 'waiting', error = :maybe",
        "after each crash of the server customers are told once more",
        (f"{_MESSAGES}::test_killed_while_it_was_sent_is_found_by_the_next_start",),
    ),
    Bug(
        "news-of-last-week-is-told",
        _QUEUE,
        "now - WORTH",
        "now - 9 * WORTH",
        "who fetched their things long ago is told that they are ready",
        (f"{_MESSAGES}::test_what_is_old_is_told_to_nobody",),
    ),
)
