"""What a phase asks of whoever writes its artifact, in words for an agent. Said here alone, and given with the
brief."""

from __future__ import annotations

from vdw.domain.stages import Lane, Phase

_BUILT = (
    "Every change names what it implements, its repository, commit and files; heads name one commit a repository. Name "
    "tests after requirement ids (test_req_001). Then run: vdw verify --project PROJECT -- YOUR TEST COMMAND"
)
_INSTRUCTIONS: dict[Phase, str] = {
    Phase.MOOD: "Turn the vibe (basis.vibe) into requirements in EARS with the user. Keep the words; give each its source "
    "span, priority and acceptance criteria; in other languages than English and German the pattern is free. Ask what is "
    "unclear as questions; list what must not be as anti_goals.",
    Phase.ARCHITECTURE: "Give every requirement (basis.requirements) a component that satisfies it. No component without a "
    "requirement. Say what was decided and what could go wrong.",
    Phase.SPECIFICATION: "Give every requirement a contract of a component, and every contract a task. Tasks say which files "
    "they touch and when they are done; their dependencies have no cycle.",
    Phase.IMPLEMENTATION: f"Build the tasks. {_BUILT}",
    Phase.VALIDATION: "List the evidence (basis.evidence) that verifies the requirements at the head commit, what each metric "
    "came to, and the known gaps. Alignment is a human's rating; leave it out unless they gave one.",
}
_LIGHT_IMPLEMENTATION = f"Build the requirements (basis.requirements). {_BUILT}"


def instructions(lane: Lane, phase: Phase) -> str:
    """The light lane has no tasks: there a change implements requirements themselves."""
    return _LIGHT_IMPLEMENTATION if (lane, phase) == (Lane.LIGHT, Phase.IMPLEMENTATION) else _INSTRUCTIONS[phase]
