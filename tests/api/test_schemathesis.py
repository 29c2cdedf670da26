"""What the document promises is held: schemathesis asks every operation, by its checks, and finds nothing.

`BOHARI_SCHEMATHESIS=200` asks so often for each operation; in between it is a look.
"""

import itertools
import os
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.config import SchemathesisConfig

from pos_app.ledger.permission import Permission
from pos_app.web.api import operations
from pos_app.web.api.operation import Operation
from pos_app.web.api.pace import Pace
from tests.api import program
from tests.web.world import World

EXAMPLES = int(os.environ.get("BOHARI_SCHEMATHESIS", "4"))
#: A rule of the shop is no rule of a shape: what fits the document may be refused by the books.
#: Of what random words can be added, so that there is a next step.
CHAINED = "^/(members|customer-groups|businesses|roles|vendors)"
ACCEPTED = ["2xx", "304", "400", "403", "404", "409", "412", "422", "428"]
_SETTINGS = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def document(world: World) -> Any:
    """The document of a server, and how it is asked."""
    client = program.served(world, Pace(10**9, 10**9), failures=Pace(10**9, 10**9))
    token = program.token(world, "OWNER", *(one.value for one in Permission))
    config = SchemathesisConfig.from_dict(
        {
            "checks": {"positive_data_acceptance": {"expected-statuses": ACCEPTED}},
        }
    )
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", client.app, config=config)
    return schema, {"Authorization": f"Bearer {token}"}


@pytest.mark.parametrize("operation", operations.every(), ids=lambda one: str(one.name))
def test_what_the_document_promises_is_held(document: Any, operation: Operation) -> None:
    schema, headers = document
    asked = schema[operation.path][operation.method]

    @_SETTINGS
    @given(case=asked.as_strategy())
    def ask(case: Any) -> None:
        case.call_and_validate(base_url="https://localhost/api/v1", headers=headers)

    ask()


def test_what_one_answer_names_the_next_asks_for(document: Any) -> None:
    """Stateful, by the links of the document: what was added is shown, changed, put away and brought back."""
    schema, headers = document
    followed: set[str] = set()
    numbers = itertools.count(1)

    class Visits(schema.include(path_regex=CHAINED).as_state_machine()):  # type: ignore[misc]
        def get_call_kwargs(self, case: Any) -> dict[str, Any]:
            return {"base_url": "https://localhost/api/v1", "headers": headers}

        def before_call(self, case: Any) -> None:
            # The same example once more must find the same shop: no code is taken by the one before.
            if isinstance(case.body, dict) and isinstance(case.body.get("code"), str):
                case.body["code"] = f"c{next(numbers)}"

        def after_call(self, response: Any, case: Any) -> None:
            if response.status_code < 300 and "{" in case.path:
                followed.add(case.path)

    Visits.run(settings=settings(_SETTINGS, max_examples=EXAMPLES * 5, stateful_step_count=8))
    # No code that is made up is found: whatever was found was reached by a link.
    assert followed
