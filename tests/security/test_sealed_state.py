"""Request state that a client brings back: whatever is wrong with it, it is told one thing, and the log another."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any, cast

import mcp_types as types
import pytest
from mcp.server.context import HandlerResult
from mcp.shared.exceptions import MCPError
from mcp_types import InputRequiredResult
from mcp_types.methods import INPUT_REQUIRED_METHODS

from vdw.domain.ids import PrincipalId, TenantId
from vdw.domain.principal import KIND_PERMISSIONS, Principal, PrincipalKind
from vdw.server.pipeline import Pipeline
from vdw.server.request_state import Context, sealed_for_its_holder
from vdw.service.environment import Environment

STATE = "round one of canary6e2f"
FROZEN = types.ErrorData(
    code=types.INVALID_PARAMS, message="Invalid or expired requestState", data={"reason": "invalid_request_state"}
)
OLD, NEW, FOREIGN = "a" * 32, "b" * 32, "c" * 32
HOLDER = Principal(
    PrincipalId("prn_a"), TenantId("ten_a"), PrincipalKind.AGENT, None, KIND_PERMISSIONS[PrincipalKind.AGENT]
)
AGE_SECONDS = 600
"""How long a state lives: the SDK's own age (`RequestStateSecurity.ttl`)."""


@dataclass(frozen=True, slots=True)
class Round:
    """One round of a call: who makes it, to which server, and what is asked."""

    keys: tuple[str, ...] = (OLD,)
    caller: Principal = HOLDER
    service: str = "vdw"
    method: str = "tools/call"
    name: str = "request_review"
    project: str = "kettle"

    async def brings(self, state: str | None) -> HandlerResult:
        """What the call comes to: a state of its own where it brings none, else what the state opens to."""

        async def admitted(request: object) -> Principal:  # noqa: ARG001 - named as in `Caller`
            return self.caller

        async def answered(ctx: Context) -> HandlerResult:
            found = (ctx.params or {}).get("requestState")
            return InputRequiredResult(request_state=STATE) if found is None else {"opened": found}

        params: dict[str, Any] = {"name": self.name, "arguments": {"project": self.project}, "requestState": state}
        context = Context(
            session=cast("Any", None),
            lifespan_context=None,
            protocol_version="2026-07-28",
            method=self.method,
            params=params,
        )
        pipeline = Pipeline(lambda: cast("Environment", None), admitted)
        return await sealed_for_its_holder(pipeline, self.keys, self.service)(context, answered)

    async def issues(self) -> str:
        issued = await self.brings(None)
        assert isinstance(issued, InputRequiredResult)
        assert issued.request_state is not None
        return issued.request_state

    async def refuses(self, state: str) -> types.ErrorData:
        with pytest.raises(MCPError) as refused:
            await self.brings(state)
        return refused.value.error


RIGHT = Round()
ELSEWHERE: dict[str, Round] = {
    "another key": replace(RIGHT, keys=(FOREIGN,)),
    "another server": replace(RIGHT, service="other"),
    "another principal": replace(RIGHT, caller=replace(HOLDER, id=PrincipalId("prn_b"))),
    "another tenant": replace(RIGHT, caller=replace(HOLDER, tenant=TenantId("ten_b"))),
    "another tool": replace(RIGHT, name="submit_artifact"),
    "another method": replace(RIGHT, method="prompts/get"),
    "other arguments": replace(RIGHT, project="pot"),
}


async def test_a_state_opens_in_the_call_it_was_sealed_for() -> None:
    assert await RIGHT.brings(await RIGHT.issues()) == {"opened": STATE}


@pytest.mark.row(id="E1")
@pytest.mark.row(id="E2")
@pytest.mark.row(id="E9")
@pytest.mark.parametrize("name", ELSEWHERE)
async def test_a_state_opens_nowhere_else(name: str, caplog: pytest.LogCaptureFixture) -> None:
    state = await RIGHT.issues()

    assert await ELSEWHERE[name].refuses(state) == FROZEN
    assert [record.levelname for record in caplog.records] == ["WARNING"], "the reason is in the log"
    assert STATE not in caplog.text
    assert state not in caplog.text


@pytest.mark.row(id="E1")
async def test_a_state_with_any_letter_changed_is_refused() -> None:
    state = await RIGHT.issues()
    spoilt = {state[:at] + ("A" if letter != "A" else "B") + state[at + 1 :] for at, letter in enumerate(state)}

    assert len(spoilt) == len(state)
    assert [await RIGHT.refuses(each) for each in sorted(spoilt)] == [FROZEN] * len(state)


@pytest.mark.row(id="E1")
async def test_a_state_cut_short_or_grown_is_refused() -> None:
    state = await RIGHT.issues()
    cut = [state[:length] for length in range(len(state))]

    assert [await RIGHT.refuses(each) for each in (*cut, state + "A", state + ".", state * 2)] == [FROZEN] * (
        len(cut) + 3
    )


@pytest.mark.row(id="E2")
@pytest.mark.parametrize("age", [AGE_SECONDS - 1, AGE_SECONDS + 1])
async def test_a_state_is_refused_once_it_is_too_old(age: int, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)
    state = await RIGHT.issues()
    monkeypatch.setattr(time, "time", lambda: now + age)

    if age < AGE_SECONDS:
        assert await RIGHT.brings(state) == {"opened": STATE}
    else:
        assert await RIGHT.refuses(state) == FROZEN


# --- A new key --------------------------------------------------------------------------------------------------------

PHASES = {"before": (OLD,), "taken by all": (OLD, NEW), "sealed with": (NEW, OLD), "alone": (NEW,)}
"""How keys are replaced while all servers run: each is moved from one step to the next, in any order."""


@pytest.mark.row(id="E6")
@pytest.mark.parametrize("step", range(len(PHASES) - 1))
async def test_no_round_fails_while_the_servers_go_one_step_further(step: int) -> None:
    sides = [replace(RIGHT, keys=keys) for keys in list(PHASES.values())[step : step + 2]]

    for issuing in sides:
        for opening in sides:
            assert await opening.brings(await issuing.issues()) == {"opened": STATE}


@pytest.mark.row(id="E6")
async def test_a_key_that_is_gone_opens_nothing() -> None:
    state = await replace(RIGHT, keys=PHASES["before"]).issues()

    assert await replace(RIGHT, keys=PHASES["alone"]).refuses(state) == FROZEN


# --- Where an answer may ask ------------------------------------------------------------------------------------------


@pytest.mark.row(id="E5")
def test_only_three_methods_may_be_answered_with_questions() -> None:
    assert {"tools/call", "prompts/get", "resources/read"} == INPUT_REQUIRED_METHODS


@pytest.mark.row(id="E5")
def test_an_answer_that_asks_nothing_and_holds_no_state_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="at least one of input_requests or request_state"):
        InputRequiredResult()
