"""The real centre in the place of the simulator's model: fleets on it, and the model held against it."""

from typing import Any

import pytest

from pos_app.store.engine.engine import Database
from sync.protocol import wire
from sync.protocol.messages import HELLO_PATH, PULL_PATH, ErrorAnswer, HelloAnswer, PushAnswer
from tests.simulate import plan as plans
from tests.simulate.fleet import play
from tests.simulate.network import Seen
from tests.simulate.plan import EVERY, OF_REQUESTS
from tests.simulate.real_centre import RealCentre

#: A restored centre is another database; a taken till hears no more.
PLAYED = tuple(fault for fault in (*EVERY, *OF_REQUESTS) if fault not in ("centre copy", "centre restore"))


@pytest.mark.parametrize("seed", [11, 12])
def test_a_fleet_holds_with_the_real_centre(central: Database, seed: int) -> None:
    plan = plans.drawn(seed, 60, tills=3)
    outcome = play(plan, real=RealCentre(central, 3))
    assert outcome.broken is None, outcome.lines[-30:]
    assert outcome.counts["booked"] > 30


def test_the_model_answers_what_the_real_centre_answers(central: Database) -> None:
    plan = plans.drawn(21, 150, tills=3, faults=[one for one in PLAYED if one != "revoke"])
    seen: list[Seen] = []
    outcome = play(plan, record=seen.append, approved=False)
    assert outcome.broken is None, outcome.lines[-30:]
    real = RealCentre(central, 3)
    for one in seen:
        real.clock.time.passed = one.at
        answer = real.answer(one.request.path, one.request.headers, one.request.body)
        assert _said(one.request.path, answer) == _said(one.request.path, one.answer), one.request.path
    assert outcome.counts["in quarantine"] > 0
    assert {one.request.path for one in seen} == {"/v1/hello", "/v1/push", "/v1/pull", "/v1/audit"}


def _said(path: str, received: Any) -> Any:
    """What an answer says, less sentences, the name of the life, and rows: each centre has its cursors."""
    if received.status != 200:
        return received.status, wire.unpack(received.body, ErrorAnswer).code
    if path == PULL_PATH:
        return "news"
    kind: type[HelloAnswer] | type[PushAnswer] = HelloAnswer if path == HELLO_PATH else PushAnswer
    answer = wire.unpack(received.body, kind)
    aside = sorted((one.seq, one.hash) for one in answer.set_aside)
    if isinstance(answer, HelloAnswer):
        return answer.mark, answer.mark_hash, answer.quarantined, aside, answer.revoked, answer.twice
    return answer.mark, answer.mark_hash, answer.quarantined, aside, bool(answer.forked), answer.held
