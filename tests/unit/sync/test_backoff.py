"""Waiting after failures."""

import random

from sync.client.backoff import Backoff


def test_waits_grow_to_the_ceiling_and_no_further() -> None:
    backoff = Backoff(first_s=1, longest_s=60, chance=random.Random(7))
    waits = [backoff.failed() for _ in range(2000)]
    assert all(0 <= wait <= min(60, 2**number) for number, wait in enumerate(waits))
    # Full jitter: anywhere below the ceiling, not near it.
    assert min(waits[10:]) < 1
    assert max(waits[10:]) > 59


def test_a_success_begins_anew() -> None:
    backoff = Backoff(first_s=1, longest_s=60, chance=random.Random(7))
    for _ in range(20):
        backoff.failed()
    backoff.succeeded()
    assert backoff.failed() <= 1
