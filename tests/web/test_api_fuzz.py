"""Whatever a program sends, it is never answered with a fault, and every answer is as the interface describes it.

The strategies come from the interface's own description; Hypothesis drives them.
"""

import json
import shutil
from pathlib import Path

import httpx2
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.generation.case import Case
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.testclient import TestClient

from web.api import app as api
from web.app import create_app
from web.demo.loading import SignIn
from web.installation import Installation
from web.settings import Settings

SCHEMA = schemathesis.openapi.from_dict(api.described())
OPERATIONS = [found.ok() for found in SCHEMA.get_all_operations()]
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 15


@pytest.fixture(scope="module")
def asker(sqlite_sample: tuple[Path, list[SignIn]], tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    """A program without a limit, before an installation with the sample market."""
    folder = tmp_path_factory.mktemp("fuzz") / "market"
    shutil.copytree(sqlite_sample[0], folder)
    market = Installation(Settings(data_dir=folder, demo=True, api_per_address=10**9))
    with TestClient(create_app(market, with_worker=False), raise_server_exceptions=False) as client:
        yield client  # type: ignore[misc]


def send(asker: TestClient, case: Case) -> httpx2.Response:
    """Send a case as it is, bytes for whatever is no ASCII."""
    sent = case.as_transport_kwargs(base_url=f"http://testserver{api.ADDRESS}")
    headers = {name: str(value).encode() for name, value in (sent.get("headers") or {}).items()}
    body = sent.get("data")
    content = body.encode() if isinstance(body, str) else body if isinstance(body, bytes) else None
    if "json" in sent:
        content = json.dumps(sent["json"]).encode()
    return asker.request(sent["method"], sent["url"], params=sent.get("params"), headers=headers, content=content)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: f"{one.method.upper()} {one.path}")
def test_no_request_is_answered_with_a_fault(asker: TestClient, operation: schemathesis.schemas.APIOperation) -> None:
    sound = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    unsound = operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(case=st.one_of(sound, unsound))
    def ask(case: Case) -> None:
        case.validate_response(send(asker, case), checks=CHECKS)

    ask()
