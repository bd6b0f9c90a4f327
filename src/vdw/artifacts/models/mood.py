"""Phase 1: what is asked, in the user's words and as checkable requirements."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from vdw.artifacts.models import fields as f

Pattern = Literal["ubiquitous", "event", "state", "unwanted", "optional", "complex", "free"]


class Requirement(f.Part):
    id: Annotated[str, f.id_of("REQ")]
    statement: f.Statement
    pattern: Pattern
    kind: Literal["functional", "quality", "interface", "data", "security", "operation"] = "functional"
    priority: Literal["must", "should", "could", "wont"] = "must"
    rationale: f.Text = ""
    acceptance: f.Statements = []
    source: f.SourceSpan | None = None
    subject: Annotated[str, Field(max_length=f.MAX_LINE)] = ""


class Constraint(f.Part):
    id: Annotated[str, f.id_of("CON")]
    statement: f.Statement
    source: f.SourceSpan | None = None


class AntiGoal(f.Part):
    id: Annotated[str, f.id_of("ANT")]
    statement: f.Statement
    source: f.SourceSpan | None = None


class Metric(f.Part):
    id: Annotated[str, f.id_of("MET")]
    name: f.Line
    comparison: Literal["at_least", "at_most", "exactly"]
    target: f.Decimal
    unit: f.Line


class Question(f.Part):
    id: Annotated[str, f.id_of("QUE")]
    question: f.Statement
    blocking: bool = False
    answer: f.Text = ""
    source: f.SourceSpan | None = None


class Mood(f.Part):
    schema_: Annotated[Literal["vdw.mood/1"], Field(alias="schema")] = "vdw.mood/1"
    language: f.Language = "en"
    drafted_by: f.DraftedBy = "agent"
    core_aesthetic: f.Text = ""
    keywords: f.Words = []
    analogies: f.Statements = []
    requirements: Annotated[list[Requirement], Field(max_length=f.MAX_ITEMS)]
    constraints: Annotated[list[Constraint], Field(max_length=f.MAX_ITEMS)] = []
    anti_goals: Annotated[list[AntiGoal], Field(max_length=f.MAX_ITEMS)] = []
    metrics: Annotated[list[Metric], Field(max_length=f.MAX_ITEMS)] = []
    questions: Annotated[list[Question], Field(max_length=f.MAX_ITEMS)] = []
