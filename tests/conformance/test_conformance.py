"""The protocol's own conformance suite, in both eras, against the product and against the product with its fixtures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import anyio
import httpx2
import pytest

from tests.conformance.runs import REVISIONS, Run, not_scored, run_suite, scored, with_credential
from tests.interaction.lines import HELLO
from tests.interaction.servers import SOURCE, Demo, Json, found, serving
from tests.pages import Says, table
from vdw.domain.secret import Secret

ROOT = Path(__file__).parents[2]
FIXTURE_SERVER = (str(Path(__file__).with_name("fixture_server.py")),)
PROGRAMS = {"fixtures": FIXTURE_SERVER, "product": ("-m", "vdw")}
NO_FIXTURE = ("There is no such", "Method not found", "Not testable: server does not list")
"""What the suite says where a server lacks the fixture that a scenario is about. It asks the product for a log level
and for subscriptions over HTTP as well, which that has only with sessions."""
FIXTURES_ALONE = {
    "2025-11-25": {
        "completion-complete",
        "elicitation-sep1034-defaults",
        "elicitation-sep1330-enums",
        "logging-set-level",
        "prompts-get-embedded-resource",
        "prompts-get-simple",
        "prompts-get-with-args",
        "prompts-get-with-image",
        "resources-read-binary",
        "resources-read-text",
        "resources-subscribe",
        "resources-templates-read",
        "resources-unsubscribe",
        "tools-call-audio",
        "tools-call-elicitation",
        "tools-call-embedded-resource",
        "tools-call-error",
        "tools-call-image",
        "tools-call-mixed-content",
        "tools-call-sampling",
        "tools-call-simple-text",
        "tools-call-with-logging",
        "tools-call-with-progress",
    },
    "2026-07-28": {
        "completion-complete",
        "input-required-result-basic-elicitation",
        "input-required-result-basic-list-roots",
        "input-required-result-basic-sampling",
        "input-required-result-capability-check",
        "input-required-result-multi-round",
        "input-required-result-multiple-input-requests",
        "input-required-result-non-tool-request",
        "input-required-result-request-state",
        "input-required-result-result-type",
        "input-required-result-tampered-state",
        "prompts-get-embedded-resource",
        "prompts-get-simple",
        "prompts-get-with-args",
        "prompts-get-with-image",
        "resources-read-binary",
        "resources-read-text",
        "resources-templates-read",
        "server-stateless",
        "tools-call-audio",
        "tools-call-embedded-resource",
        "tools-call-error",
        "tools-call-image",
        "tools-call-mixed-content",
        "tools-call-simple-text",
        "tools-call-with-progress",
    },
}
"""Required scenarios of which at least one check needs a fixture."""
WITHOUT_A_REASON = {
    "2025-11-25": set[str](),
    "2026-07-28": {"sep-2322-multi-round-r1", "sep-2322-reject-tampered-state"},
}
"""Checks that do not repeat the server's refusal; the tools of both are fixtures."""
NOT_APPLICABLE = {
    "2025-11-25": {"json-schema-2020-12": "pending"},
    "2026-07-28": {
        "http-custom-header-server-validation": "pending",
        "json-schema-2020-12": "pending",
        "tasks-capability-negotiation": "extension",
        "tasks-dispatch-and-envelope": "extension",
        "tasks-lifecycle": "extension",
        "tasks-mrtr-composition": "extension",
        "tasks-mrtr-input": "extension",
        "tasks-request-headers": "extension",
        "tasks-request-state-removal": "extension",
        "tasks-required-task-error": "extension",
        "tasks-wire-fields": "extension",
    },
}
"""What the suite runs and no revision requires, and the server does not offer: fixtures that it would have to have, and
tasks."""

Runs = Mapping[tuple[str, str], Run]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    return anyio.run(found, tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def addresses(demo: Demo) -> Iterator[Mapping[str, str]]:
    """Program → where it serves."""
    with ExitStack() as stack:
        path = f"{SOURCE}:{ROOT}"
        yield {
            name: stack.enter_context(serving(demo, program, PYTHONPATH=path)).url for name, program in PROGRAMS.items()
        }


@pytest.fixture(scope="module")
def runs(addresses: Mapping[str, str], demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Runs:
    """(program, revision) → its run. All at once, because the suite waits most of its time."""
    with ExitStack() as stack, ThreadPoolExecutor() as pool:
        started = {}
        for name, address in addresses.items():
            open_address = stack.enter_context(with_credential(address, demo.founded.agent_key))
            for revision in REVISIONS:
                folder = tmp_path_factory.mktemp(name)
                started[name, revision] = pool.submit(run_suite, open_address, revision, folder)
        return {of: run.result() for of, run in started.items()}


@pytest.mark.parametrize("revision", REVISIONS)
def test_with_its_fixtures_the_server_passes_every_required_scenario(revision: str, runs: Runs) -> None:
    run = runs["fixtures", revision]

    assert {scenario: run.failed(scenario) for scenario in scored(revision) if run.failed(scenario)} == {}


@pytest.mark.parametrize("revision", REVISIONS)
def test_the_product_passes_all_that_needs_no_fixture(revision: str, runs: Runs) -> None:
    run = runs["product", revision]
    failed = {scenario: run.failed(scenario) for scenario in scored(revision) if run.failed(scenario)}
    others = {check: said for checks in failed.values() for check, said in checks.items() if not said_to_lack(said)}

    assert failed.keys() == FIXTURES_ALONE[revision]
    assert others.keys() == WITHOUT_A_REASON[revision]


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("revision", REVISIONS)
def test_what_is_not_applicable_is_named_and_required_by_no_revision(revision: str, program: str, runs: Runs) -> None:
    optional = not_scored(revision)
    failing = runs[program, revision].failing() - set(scored(revision))

    assert {scenario: optional[scenario] for scenario in failing} == NOT_APPLICABLE[revision]


@pytest.mark.row(id="CVE-2026-52869")
def test_a_session_answers_only_whoever_began_it(addresses: Mapping[str, str], demo: Demo) -> None:
    def ask(key: Secret, method: str, params: Json, **more: str) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {key.reveal()}", "Accept": "application/json, text/event-stream", **more}
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        return httpx2.post(addresses["fixtures"], json=body, headers=headers)

    session = ask(demo.founded.agent_key, "initialize", HELLO).headers["mcp-session-id"]
    of_another = ask(demo.founded.runner_key, "ping", {}, **{"Mcp-Session-Id": session})
    of_nobody = ask(demo.founded.runner_key, "ping", {}, **{"Mcp-Session-Id": "0" * 32})
    own = ask(demo.founded.agent_key, "ping", {}, **{"Mcp-Session-Id": session})

    assert (of_another.status_code, of_another.text) == (of_nobody.status_code, of_nobody.text)
    assert of_another.status_code == 404
    assert own.status_code == 200


def said_to_lack(said: str) -> bool:
    return any(words in said for words in NO_FIXTURE)


def test_the_page_says_what_came_of_it(runs: Runs, says: Says) -> None:
    says("conformance.md", "scenarios", scenario_table(runs))


def scenario_table(runs: Runs) -> str:
    names = sorted({name for revision in REVISIONS for name in (*scored(revision), *not_scored(revision))})
    columns = [(program, revision) for revision in REVISIONS for program in PROGRAMS]
    head = ("scenario", *(f"{revision}, {program}" for program, revision in columns))
    return table(
        head, *((f"`{name}`", *(_cell(runs[column], name, column[1]) for column in columns)) for name in names)
    )


def _cell(run: Run, scenario: str, revision: str) -> str:
    if scenario not in run.checks:
        return ""
    passed = sum(status == "SUCCESS" for _, status, _ in run.checks[scenario])
    warned = sum(status == "WARNING" for _, status, _ in run.checks[scenario])
    cell = f"{passed} passed" + (f", {warned} warned" if warned else "")
    failed = run.failed(scenario)
    if not failed:
        return cell
    reason = not_scored(revision).get(scenario)
    return f"{cell}, {len(failed)} {f'not offered ({reason})' if reason else 'need a fixture'}"
