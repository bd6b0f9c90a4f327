"""The tools: one row each, in the order in which agents see them. Descriptions are constants; no tenant text gets
in."""

from __future__ import annotations

from vdw.domain.principal import Permission
from vdw.server import handlers, inputs
from vdw.server.registry import AnyTool, Tool
from vdw.service import answers

_ROWS = (  # without a type of its own, so that each row's handler is held to its models
    Tool(
        "create_project",
        "Create a project",
        "Begin a project from a vibe: the user's own words, unchanged. Answers a draft of requirements found in them; "
        "improve it, then submit_artifact phase mood.",
        Permission.PROJECT_CREATE,
        inputs.CreateProject,
        answers.CreatedProject,
        handlers.create_project,
    ),
    Tool(
        "list_projects",
        "List projects",
        "Projects you can see, newest first.",
        Permission.PROJECT_READ,
        inputs.ListProjects,
        answers.ProjectList,
        handlers.list_projects,
        read_only=True,
        at_once=True,
    ),
    Tool(
        "get_project",
        "Look at a project",
        "Where a project is: phase, stage, findings, review, and what to do next.",
        Permission.PROJECT_READ,
        inputs.OneProject,
        answers.ProjectView,
        handlers.get_project,
        read_only=True,
        at_once=True,
    ),
    Tool(
        "get_brief",
        "Get the brief of the current phase",
        "Everything needed to write the current phase's artifact: instructions, JSON Schema, approved basis, feedback, "
        "findings. Call it before submit_artifact. Send schema_digest to leave the schema out; skeleton: true adds a "
        "template draft.",
        Permission.PROJECT_READ,
        inputs.GetBrief,
        answers.Brief,
        handlers.get_brief,
        read_only=True,
        at_once=True,
    ),
    Tool(
        "submit_artifact",
        "Submit an artifact",
        "Store a revision of the current phase: a whole artifact, or changes [{op: set|remove|keep, id, element}] on "
        "base. An old base is refused with the difference. Answers findings to mend. While a review is open it needs "
        "withdraw: true.",
        Permission.ARTIFACT_SUBMIT,
        inputs.SubmitArtifact,
        answers.SubmittedArtifact,
        handlers.submit_artifact,
    ),
    Tool(
        "submit_evidence",
        "Submit evidence",
        "Record a JUnit XML report or a claim {requirements, outcome, note} about the built software. The server sets "
        "id and trust; `vdw verify -- COMMAND` gives the trust that gates ask for.",
        Permission.EVIDENCE_SUBMIT,
        inputs.SubmitEvidence,
        answers.RecordedEvidence,
        handlers.submit_evidence,
    ),
    Tool(
        "trace",
        "Trace, impact, explain",
        "trace: both directions from an element; impact: all that rests on it; explain: the facts behind a finding key.",
        Permission.PROJECT_READ,
        inputs.Trace,
        answers.Traced,
        handlers.trace,
        read_only=True,
    ),
    Tool(
        "change_project",
        "Change a project's course",
        "reopen an approved phase (phase, reason), resume it unchanged, start_iteration (vibe, lane), change_lane. Only "
        "humans abandon.",
        Permission.PROJECT_CHANGE,
        inputs.ChangeProject,
        answers.ChangedProject,
        handlers.change_project,
    ),
    Tool(
        "request_review",
        "Ask for a decision",
        "Open the review of the current revision, or join it. Answers the command that a human runs; wait_seconds waits "
        "for the verdict.",
        Permission.ARTIFACT_SUBMIT,
        inputs.RequestReview,
        answers.RequestedReview,
        handlers.request_review,
    ),
    Tool(
        "submit_statement",
        "Hand over a signed statement",
        "Relay a DSSE envelope that a human signed elsewhere. Its signature authorises it; you cannot make one.",
        Permission.ENVELOPE_RELAY,
        inputs.SubmitStatement,
        answers.AcceptedStatement,
        handlers.submit_statement,
    ),
    Tool(
        "export_project",
        "Export a project",
        "The approved artifacts with decisions and evidence: a list of files, or one file by path.",
        Permission.PROJECT_EXPORT,
        inputs.ExportProject,
        answers.Exported,
        handlers.export_project,
        read_only=True,
        at_once=True,
    ),
)

TOOLS: tuple[AnyTool, ...] = _ROWS
