"""Arguments of prompts and resource templates are completed, with what the caller may read and nothing else."""

from __future__ import annotations

import pytest
from mcp import Client, MCPError
from mcp_types import Completion, PromptReference, ResourceTemplateReference

from tests.interaction.servers import answer_of
from vdw.domain.stages import PHASES

PROJECT = ResourceTemplateReference(uri="vdw://projects/{project}")
REVISION = ResourceTemplateReference(uri="vdw://projects/{project}/artifacts/{phase}/{revision}")
RULE = ResourceTemplateReference(uri="vdw://rules/{rule}")


async def completed(
    client: Client, ref: PromptReference | ResourceTemplateReference, name: str, begun: str = "", **given: str
) -> Completion:
    return (await client.complete(ref, {"name": name, "value": begun}, given)).completion


async def created(client: Client, title: str) -> dict[str, str]:
    return answer_of(await client.call_tool("create_project", {"vibe": "It must ring.", "title": title}))


async def test_a_project_is_completed_by_its_slug_and_by_its_id(client: Client) -> None:
    made = [await created(client, f"Zither {name}") for name in ("one", "two")]
    slugs = sorted(project["slug"] for project in made)

    for ref in (PROJECT, PromptReference(name="resume_project"), PromptReference(name="mood")):
        found = await completed(client, ref, "project", "zither-")
        assert set(slugs) <= set(found.values)
        assert found.values == sorted(found.values)
        assert found.has_more is False
    assert (await completed(client, PROJECT, "project", made[0]["project"])).values == [made[0]["project"]]
    assert (await completed(client, PROJECT, "project", "zither-%")).values == []


async def test_phases_rules_and_revisions_are_completed(client: Client) -> None:
    project = (await created(client, "Zither three"))["project"]
    brief = answer_of(await client.call_tool("get_brief", {"project": project, "skeleton": True}))
    offer = {"project": project, "phase": "mood", "artifact": brief["skeleton"]}
    answer_of(await client.call_tool("submit_artifact", offer))

    assert (await completed(client, REVISION, "phase")).values == list(PHASES)
    assert (await completed(client, REVISION, "phase", "mo")).values == ["mood"]
    assert (await completed(client, RULE, "rule", "stale")).values == ["stale", "stale_basis", "stale_gone"]
    assert (await completed(client, REVISION, "revision", project=project, phase="mood")).values == ["1"]
    assert (await completed(client, REVISION, "revision", project=project, phase="architecture")).values == []


@pytest.mark.parametrize("given", [{}, {"project": "nobodys", "phase": "mood"}, {"project": "nobodys", "phase": "x"}])
async def test_what_is_not_there_is_completed_with_nothing(client: Client, given: dict[str, str]) -> None:
    assert (await completed(client, REVISION, "revision", **given)).values == []


@pytest.mark.parametrize(
    ("ref", "name"),
    [
        (PromptReference(name="no_such_prompt"), "project"),
        (PromptReference(name="start_project"), "project"),
        (ResourceTemplateReference(uri="vdw://nothing/{project}"), "project"),
        (PROJECT, "phase"),
    ],
    ids=["prompt", "argument of a prompt", "template", "argument of a template"],
)
async def test_what_has_no_such_argument_is_refused(
    client: Client, ref: PromptReference | ResourceTemplateReference, name: str
) -> None:
    with pytest.raises(MCPError) as refused:
        await completed(client, ref, name)

    assert refused.value.error.code == -32602
