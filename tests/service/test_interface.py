"""The whole interface, asked with whatever its description allows and much that it does not.

The requests are the same each time; `make fuzz` draws others, and more of them.
"""

import json
import os
import time
from contextlib import suppress

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from data.catalogue.keys import Role
from service.app import create_app

EXAMPLES = int(os.environ.get("GATEWAYS_FUZZ_EXAMPLES", "0"))
CHECKS = [
    not_a_server_error,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
]


def drawn():
    """How many requests of each kind, and whether they are others each time."""
    return settings(
        max_examples=EXAMPLES or 3,
        derandomize=not EXAMPLES,
        database=None,
        phases=[Phase.generate] if not EXAMPLES else list(Phase),
        suppress_health_check=list(HealthCheck),
        deadline=None,
    )


@pytest.fixture
def keys(catalogue):
    """A key of each role, and none for whoever has none."""
    made = {role: catalogue.keys.create(role, role, by="test", now=time.time()) for role in Role}
    return {None: {}} | {
        role: {"Authorization": f"Bearer {secret}"} for role, (_, secret) in made.items()
    }


@pytest.mark.slow  # to draw requests of a hundred kinds takes most of its half a minute
def test_no_request_of_any_role_breaks_the_service_and_every_answer_is_as_described(
    settings, keys, server, record_property
):
    described = create_app(settings).openapi()
    schema = schemathesis.openapi.from_dict(json.loads(json.dumps(described)))
    sent = 0
    with requests.Session() as session:
        for found in schema.get_all_operations():
            for mode in GenerationMode:
                # To make a strategy takes as long as many requests, so that roles share it.
                @given(found.ok().as_strategy(generation_mode=mode))
                @drawn()
                def answered(case):
                    nonlocal sent
                    for key in keys.values():
                        answer = case.call(base_url=server.url, session=session, headers=key)
                        case.validate_response(answer, checks=CHECKS)
                        sent += 1

                with suppress(Unsatisfiable):  # it takes nothing, so that nothing can be wrong
                    answered()
    record_property("requests", sent)
    assert sent >= len(keys) * len(described["paths"])
