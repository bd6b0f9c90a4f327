"""The way of a call: a tool that is absent and one that is forbidden look alike to the caller, and not in the log."""

from __future__ import annotations

import logging
from types import SimpleNamespace
from typing import cast

import pytest

from vdw.domain.canonical import JsonObject
from vdw.domain.ids import PrincipalId, TenantId
from vdw.domain.principal import KIND_PERMISSIONS, Principal, PrincipalKind
from vdw.runner.submit import submit_into_store
from vdw.server.pipeline import Pipeline, UnknownToolError
from vdw.server.registry import Context
from vdw.service.environment import Environment

KIND = PrincipalKind.SERVICE
READER = Principal(PrincipalId("prn_a"), TenantId("ten_a"), KIND, None, KIND_PERMISSIONS[KIND])
NO_STORE = cast("Environment", None)
NO_CONTEXT = cast("Context", SimpleNamespace(request=None))
"""Whoever comes as far as the tool fails on it."""


async def reader(request: object) -> Principal:
    assert request is None
    return READER


async def no_progress(_done: int, _of: int, _words: str) -> None:
    """Nobody waits."""


async def test_a_tool_that_is_not_there_and_one_that_is_forbidden_are_refused_alike_and_told_apart_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    refusals = []
    with caplog.at_level(logging.INFO, "vdw"):
        for name in ("drop_everything", "create_project"):
            with pytest.raises(UnknownToolError) as caught:
                await Pipeline(lambda: NO_STORE, reader).call(NO_CONTEXT, name, {"vibe": "A kettle."}, no_progress)
            refusals.append(caught.value.as_json())

    assert refusals[0] == refusals[1]
    assert [record.getMessage() for record in caplog.records] == [
        "drop_everything refused: forbidden: there is no such tool",
        "create_project refused: forbidden: the credential lacks project:create",
    ]


async def test_a_record_that_goes_into_the_store_takes_the_same_way_as_a_call() -> None:
    record: JsonObject = {
        "project": "kettle",
        "kind": "junit",
        "report": "",
        "run": {},
        "repository": "r",
        "commit": "c",
    }

    with pytest.raises(UnknownToolError):
        await submit_into_store(NO_STORE, READER, record)
