"""The seal on request state: it asks who calls only where there is a state, and none is ever sealed to nobody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from mcp.server.context import HandlerResult
from mcp_types import InputRequiredResult

from vdw.domain.ids import PrincipalId, TenantId
from vdw.domain.principal import KIND_PERMISSIONS, Principal, PrincipalKind
from vdw.errors import ErrorCode, VdwError
from vdw.server.pipeline import Pipeline
from vdw.server.request_state import Context, sealed_for_its_holder
from vdw.service.environment import Environment

AGENT = Principal(
    PrincipalId("prn_a"), TenantId("ten_a"), PrincipalKind.AGENT, None, KIND_PERMISSIONS[PrincipalKind.AGENT]
)
BUSY = VdwError(ErrorCode.BUSY, "The store is busy.", "Try again.")
FAILURES = [BUSY, VdwError(ErrorCode.UNAUTHENTICATED, "Not a key of ours."), VdwError(ErrorCode.STORAGE, "Damaged.")]
KEYS = ["a" * 32]


@dataclass(slots=True)
class Callers:
    """Admits or refuses, in this order."""

    admissions: Iterator[Principal | VdwError]
    asked: list[object] = field(default_factory=list)

    async def __call__(self, request: object) -> Principal:
        self.asked.append(request)
        found = next(self.admissions)
        if isinstance(found, VdwError):
            raise found
        return found


async def call(callers: Callers, answer: HandlerResult, state: str | None = None) -> HandlerResult:
    async def answered(_: Context) -> HandlerResult:
        return answer

    pipeline = Pipeline(lambda: cast("Environment", None), callers)
    params: dict[str, Any] = {"name": "get_project", "arguments": {}} | ({"requestState": state} if state else {})
    context = Context(
        session=cast("Any", None),
        lifespan_context=None,
        protocol_version="2026-07-28",
        method="tools/call",
        params=params,
    )
    return await sealed_for_its_holder(pipeline, KEYS, "vdw")(context, answered)


async def test_a_call_without_a_state_is_admitted_by_its_tool_alone() -> None:
    callers = Callers(iter(()))

    assert await call(callers, {"content": []}) == {"content": []}
    assert callers.asked == []


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: failure.code.value)
@pytest.mark.row(id="E9")
async def test_no_state_is_sealed_for_a_caller_who_is_not_admitted(failure: VdwError) -> None:
    with pytest.raises(VdwError) as caught:
        await call(Callers(iter([failure])), InputRequiredResult(request_state="round 1"))

    assert caught.value is failure


@pytest.mark.row(id="E9")
async def test_a_state_is_opened_for_its_holder_and_not_for_a_caller_who_is_not_admitted() -> None:
    asking = InputRequiredResult(request_state="round 1")
    issued = await call(Callers(iter([AGENT])), asking)
    assert isinstance(issued, InputRequiredResult)

    assert await call(Callers(iter([AGENT])), {"content": []}, issued.request_state) == {"content": []}
    with pytest.raises(VdwError) as caught:
        await call(Callers(iter([BUSY])), {"content": []}, issued.request_state)

    assert caught.value is BUSY
