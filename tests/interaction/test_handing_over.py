"""`vdw verify` and a real server: the largest record that is sent is one that the way takes, and a refusal comes back
as it was."""

from __future__ import annotations

import pytest

from tests.interaction.servers import Demo, Served, answer_of, http_client
from vdw.domain.canonical import MAX_DOCUMENT_BYTES, JsonObject, call_bytes
from vdw.errors import ErrorCode, VdwError
from vdw.runner.submit import submit_over_mcp

CASE = '<testsuite><testcase name="test_req_001"/></testsuite>'


@pytest.mark.parametrize("filler", ["\t", "é"], ids=["escaped", "letters"])
async def test_the_largest_record_is_carried_and_the_servers_refusal_is_told(
    demo: Demo, served: Served, filler: str
) -> None:
    async with http_client(served.url, demo.founded.agent_key, "auto") as client:
        made = answer_of(await client.call_tool("create_project", {"vibe": "It must ring.", "lane": "light"}))
    record = _largest(str(made["project"]), filler)

    with pytest.raises(VdwError) as caught:
        await submit_over_mcp(served.url, demo.founded.runner_key.reveal(), record)

    assert call_bytes(record) == MAX_DOCUMENT_BYTES
    assert (caught.value.code, caught.value.public[:20]) == (ErrorCode.LAW, "Evidence is recorded")


def _largest(project: str, filler: str) -> JsonObject:
    """A record of a true report, filled up in a comment."""
    empty: JsonObject = {"project": project, "kind": "junit", "report": f"{CASE}<!---->", "run": None}
    each = call_bytes({**empty, "report": f"{CASE}<!--{filler}-->"}) - call_bytes(empty)
    count, rest = divmod(MAX_DOCUMENT_BYTES - call_bytes(empty), each)
    return {**empty, "report": f"{CASE}<!--{filler * count}{'x' * rest}-->"}
