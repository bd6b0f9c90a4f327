"""Phase 3: contracts of the components, and the tasks that will build them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from vdw.artifacts.models import fields as f


class Contract(f.Part):
    id: Annotated[str, f.id_of("SPC")]
    title: f.Line
    component: f.ComponentId
    satisfies: f.RequirementIds = []
    operations: f.Statements = []
    errors: f.Statements = []
    budgets: f.Statements = []


class DataModel(f.Part):
    id: Annotated[str, f.id_of("DAT")]
    name: f.Line
    fields: f.Statements = []


class Task(f.Part):
    id: Annotated[str, f.id_of("TSK")]
    title: f.Line
    specifies: f.ContractIds = []
    depends_on: f.TaskIds = []
    files: f.Words = []
    done_when: f.Statements = []


class Specification(f.Part):
    schema_: Annotated[Literal["vdw.specification/1"], Field(alias="schema")] = "vdw.specification/1"
    drafted_by: f.DraftedBy = "agent"
    summary: f.Text = ""
    contracts: Annotated[list[Contract], Field(max_length=f.MAX_ITEMS)]
    data_models: Annotated[list[DataModel], Field(max_length=f.MAX_ITEMS)] = []
    tasks: Annotated[list[Task], Field(max_length=f.MAX_ITEMS)]
