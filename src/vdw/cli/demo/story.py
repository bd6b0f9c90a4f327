"""The demo's story: five gates, one blocked on the way, a test run that fails first, a change, a forged export."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mcp import Client, StdioServerParameters

from vdw.cli.demo.agent import Agent, RefusedError
from vdw.cli.demo.founding import Founded
from vdw.cli.demo.human import Human
from vdw.cli.demo.narration import Narrator
from vdw.cli.demo.testing import verify_run
from vdw.cli.demo.workshop import REPOSITORY, Workshop, sample_text
from vdw.config import foreign_environment
from vdw.domain.stages import LANE_PHASES, Lane, Phase
from vdw.errors import ErrorCode, VdwError

Json = dict[str, Any]
_OPEN_QUESTION: Json = {"id": "QUE-900", "question": "Who will use it first?", "blocking": True}


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the demo plays: its folder, its founded tenant, the vibe, and whose text it is."""

    out: Path
    founded: Founded
    vibe: str
    own_text: bool
    lane: Lane

    def environment(self, key: str) -> dict[str, str]:
        """Settings of the demo's child processes; nothing of the visitor's own set-up gets in."""
        return {
            **foreign_environment(),
            "VDW_DATA": str(self.out / "store"),
            "VDW_CONFIG_DIR": str(self.out / "config"),
            "VDW_TRUST": str(self.out / "trust.json"),
            "VDW_KEY": key,
        }


async def tell(stage: Stage, human: Human, show: Narrator, export: Callable[[str], None]) -> None:
    """Plays everything over one MCP connection to a server in a process of its own; `export` is called on
    completion."""
    server = StdioServerParameters(
        command=sys.executable,
        args=["-m", "vdw", "mcp", "--demo"],
        env=stage.environment(stage.founded.agent_key.reveal()),
    )
    try:
        async with Client(server) as client:
            tools = await client.list_tools()
            show.line("server", f"MCP {client.protocol_version} on stdio, {len(tools.tools)} tools")
            agent = Agent(client, show)
            await _play(stage, agent, human, show)
            export(agent.project)
            await _show_change(agent, show)
    except BaseExceptionGroup as group:
        # The client's task groups wrap what was raised inside them; the visitor is told the one thing that went wrong.
        raise _first(group) from None


def _first(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if isinstance(error, RefusedError):
        return VdwError(ErrorCode.LAW, str(error), str(error.error.get("next_step", "")))
    return error


async def _play(stage: Stage, agent: Agent, human: Human, show: Narrator) -> None:
    workshop = Workshop(stage.out / "work")
    phases = LANE_PHASES[stage.lane]
    show.act(f"1. Mood: what was asked ({len(phases)} gates ahead, {stage.lane.value} lane)")
    await agent.create(stage.vibe, stage.lane.value)
    await _mood(stage, agent, show)
    await human.decide_gate(agent, show)
    for phase in phases[1:]:
        number = phases.index(phase) + 1
        if phase is Phase.IMPLEMENTATION:
            show.act(f"{number}. Implementation: a real repository, and tests that first fail")
            await _implementation(stage, agent, workshop, show)
        elif phase is Phase.VALIDATION:
            show.act(f"{number}. Validation: evidence, not claims")
            await _validation(agent, show)
        else:
            show.act(f"{number}. {phase.value.capitalize()}")
            await agent.submit(phase.value, await agent.skeleton())
        await human.decide_gate(agent, show)
    view = await agent.call("get_project")
    show.line("server", f"the project is {view['status']}, verified: {view['verified']}")


async def _mood(stage: Stage, agent: Agent, show: Narrator) -> None:
    """Submits what the vibe says and nothing more; the reasoner finds what is missing; the agent mends it."""
    complete = await agent.skeleton()
    _tell_wishes(complete["requirements"], show)
    bare = {**complete, "requirements": [_without_acceptance(item) for item in complete["requirements"]]}
    if bare == complete:
        # Free statements need their criteria to be read at all, so something else has to be missing.
        show.line("demo", "first, on purpose, a revision with an open question, to show how a gate is blocked")
        bare = {**complete, "questions": [*complete["questions"], _OPEN_QUESTION]}
    elif stage.own_text:
        show.line("demo", "first, on purpose, a revision without acceptance criteria, to show how a gate is blocked")
    answer = await agent.submit(Phase.MOOD.value, bare)
    try:
        await agent.call("request_review")
    except RefusedError as refused:
        show.line("server", f"request_review refused: {refused.error['message']}")
    blocking = [finding for finding in answer["findings"] if finding["severity"] == "blocking"]
    explained = await agent.call("trace", kind="explain", of=blocking[0]["key"])
    for sentence in explained["sentences"]:
        show.line("server", f"because {sentence}")
    mended = await agent.submit(Phase.MOOD.value, complete)
    show.line("server", "nothing blocks any more" if mended["allowed"] else "something still blocks")


def _tell_wishes(requirements: list[Json], show: Narrator) -> None:
    """Says what the template took for wanted. Raises `VdwError` (invalid_input) where the vibe wants nothing."""
    if not requirements:
        raise VdwError(
            ErrorCode.INVALID_INPUT,
            "Nothing in this text could be taken for a requirement.",
            "Say what is wanted in a sentence or a list item of its own, such as: The app must keep a list.",
        )
    for requirement in requirements:
        if requirement["pattern"] == "free":
            words = f"{requirement['id']}, taken for wanted, as nothing obliges: {requirement['statement']}"
            show.line("server", words)


def _without_acceptance(requirement: Json) -> Json:
    return requirement if requirement["pattern"] == "free" else {**requirement, "acceptance": []}


async def _implementation(stage: Stage, agent: Agent, workshop: Workshop, show: Narrator) -> None:
    requirements = list((await agent.read("artifacts/mood"))["requirements"])
    workshop.found()
    missing = str(requirements[-1]["id"])
    if stage.own_text:
        show.line(
            "demo", f"placeholder code is written for your requirements; {missing} is left out at first, on purpose"
        )
        workshop.write_generated(requirements, missing=missing)
    else:
        workshop.write_pantry(mended=False)
    commit = workshop.commit("First version")
    await agent.submit(Phase.IMPLEMENTATION.value, await _implementation_artifact(agent, workshop, commit))
    failed = verify_run(stage, agent.project, workshop, show)
    show.line("server", f"{failed['evidence']}: {failed['outcome']}, trust {failed['trust']}")
    if stage.own_text:
        workshop.write_generated(requirements, missing="")
    else:
        workshop.write_pantry(mended=True)
    commit = workshop.commit("Mend what the tests found")
    show.line("agent", f"mends the code and commits {commit[:10]}")
    await agent.submit(Phase.IMPLEMENTATION.value, await _implementation_artifact(agent, workshop, commit))
    passed = verify_run(stage, agent.project, workshop, show)
    show.line("server", f"{passed['evidence']}: {passed['outcome']}, trust {passed['trust']}")


async def _implementation_artifact(agent: Agent, workshop: Workshop, commit: str) -> Json:
    """The template's change sets, with the repository's true commit and files."""
    skeleton = await agent.skeleton()
    files = workshop.files()
    changes = [{**change, "repository": REPOSITORY, "commit": commit, "files": files} for change in skeleton["changes"]]
    return {**skeleton, "heads": [{"repository": REPOSITORY, "commit": commit}], "changes": changes}


async def _validation(agent: Agent, show: Narrator) -> None:
    """Lists the failing run first, which cannot open the gate; then the one that passed on the head commit."""
    brief = await agent.call("get_brief", skeleton=True)
    records = brief["basis"]["evidence"]
    failed, passed = records[0]["id"], records[-1]["id"]
    artifact = {**brief["skeleton"], "evidence": [failed]}
    await agent.submit(Phase.VALIDATION.value, artifact)
    show.line("agent", f"{failed} verifies nothing, so it lists {passed} instead")
    await agent.submit(Phase.VALIDATION.value, {**artifact, "evidence": [passed]})


async def _show_change(agent: Agent, show: Narrator) -> None:
    """A next iteration changes one requirement; the server says what rests on it and who approved that."""
    show.act("What if one requirement changes?")
    requirement = (await agent.read("artifacts/mood"))["requirements"][0]
    answer = await agent.call("trace", kind="impact", of=requirement["id"])
    for node in answer["nodes"]:
        show.line("server", f"distance {node['distance']}: {node['id']} ({node['kind']}), {node['approved']}")
    await agent.call("change_project", action="start_iteration", vibe=f"{requirement['statement']} Always.")
    brief = await agent.call("get_brief")
    changed = {**requirement, "statement": requirement["statement"].rstrip(".") + " without delay."}
    answer = await agent.call(
        "submit_artifact",
        phase="mood",
        base=brief["base"],
        changes=[{"op": "set", "id": requirement["id"], "element": changed}],
    )
    show.line("agent", f"iteration 2: {requirement['id']} is changed, revision {answer['revision']} of the mood")
    impact = await agent.call("trace", kind="impact", of=requirement["id"])
    stale = [node["id"] for node in impact["nodes"] if node.get("stale")]
    show.line("server", f"stale now, until somebody says that they are still right: {', '.join(stale) or 'nothing'}")


def vibe_of(path: Path | None) -> str:
    """The visitor's text, or the sample's."""
    if path is None:
        return sample_text("vibe.md")
    from vdw.cli.files import read_text

    return read_text(path)
