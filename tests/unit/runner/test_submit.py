"""Handing a record over: what a call carries is asked before anything is sent, and an unnamed project is the only
one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from vdw.domain.canonical import MAX_DOCUMENT_BYTES, JsonObject, JsonValue, call_bytes
from vdw.errors import ErrorCode, VdwError
from vdw.runner.checkout import Checkout
from vdw.runner.observe import Observation
from vdw.runner.submit import evidence_arguments, hand_over
from vdw.server.pipeline import read_arguments
from vdw.server.surface import SURFACE

RECORDED: JsonObject = {"evidence": "EVD-001"}


class Server:
    """Reads arguments as the product does, and remembers which tools it was asked."""

    def __init__(self, projects: Sequence[str] = ()) -> None:
        self.projects: list[JsonValue] = [{"project": project} for project in projects]
        self.asked: list[str] = []
        self.project = ""

    async def __call__(self, tool: str, arguments: JsonObject) -> JsonObject:
        self.asked.append(tool)
        given = read_arguments(SURFACE.by_name[tool], arguments)
        if tool == "list_projects":
            return {"projects": self.projects[: given.limit]}
        self.project = given.project
        return RECORDED


def record(size: int, filler: str, project: str = "kettle") -> JsonObject:
    """A record whose call has so many bytes."""
    empty: JsonObject = {"project": project, "kind": "junit", "report": "", "run": {}, "repository": "r", "commit": ""}
    each = call_bytes({**empty, "report": filler}) - call_bytes(empty)
    count, rest = divmod(size - call_bytes(empty), each)
    return {**empty, "report": filler * count + "x" * rest}


@pytest.mark.parametrize(
    "filler", ["x", "\n", '"', "é", "\x01"], ids=["plain", "lines", "quotes", "letters", "control"]
)
async def test_a_record_of_just_what_a_call_takes_is_sent_and_the_server_takes_it(filler: str) -> None:
    server = Server()

    assert await hand_over(server, record(MAX_DOCUMENT_BYTES, filler)) == RECORDED


@pytest.mark.parametrize(
    "filler", ["x", "\n", '"', "é", "\x01"], ids=["plain", "lines", "quotes", "letters", "control"]
)
async def test_a_record_of_one_byte_more_is_refused_before_it_is_sent(filler: str) -> None:
    server = Server()

    with pytest.raises(VdwError) as caught:
        await hand_over(server, record(MAX_DOCUMENT_BYTES + 1, filler))

    assert (caught.value.code, server.asked) == (ErrorCode.TOO_LARGE, [])


@pytest.mark.parametrize("project", ["", "kettle"])
def test_of_a_run_whose_report_no_call_carries_no_record_is_made_whatever_project_is_named(project: str) -> None:
    clean = Checkout("kettle", "0" * 40, dirty=False)
    times = ("2026-11-24T10:00:00Z", "2026-11-24T10:00:01Z")
    seen = Observation(("pytest",), 0, *times, clean, clean, "x" * MAX_DOCUMENT_BYTES, "")

    with pytest.raises(VdwError, match="is the most") as caught:
        evidence_arguments(project, seen)

    assert caught.value.code is ErrorCode.TOO_LARGE
    assert evidence_arguments(project, replace(seen, report="x"))["report"] == "x"


async def test_without_a_name_the_only_project_is_meant() -> None:
    server = Server(["prj_a"])

    await hand_over(server, record(1000, "x", project=""))

    assert (server.asked, server.project) == (["list_projects", "submit_evidence"], "prj_a")


@pytest.mark.parametrize("projects", [[], ["prj_a", "prj_b"]], ids=["none", "two"])
async def test_without_a_name_nothing_is_sent_where_the_project_is_not_the_only_one(projects: list[str]) -> None:
    server = Server(projects)

    with pytest.raises(VdwError, match="--project"):
        await hand_over(server, record(1000, "x", project=""))

    assert server.asked == ["list_projects"]
