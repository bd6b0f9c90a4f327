"""A small valid artifact of each phase, to write after; a fault shows the part of it that would be right there."""

from __future__ import annotations

from vdw.domain.canonical import JsonObject
from vdw.domain.stages import Phase


def example_of(phase: Phase) -> JsonObject:
    return _EXAMPLES[phase]


_EXAMPLES: dict[Phase, JsonObject] = {
    Phase.MOOD: {
        "schema": "vdw.mood/1",
        "language": "en",
        "core_aesthetic": "calm",
        "requirements": [
            {
                "id": "REQ-001",
                "statement": "When a user asks for the list, the system shall show it sorted by date.",
                "pattern": "event",
                "priority": "must",
                "acceptance": ["Two items in the wrong order are shown in the right one."],
                "source": {"src": "SRC-1", "start": 0, "end": 40},
            }
        ],
        "constraints": [{"id": "CON-001", "statement": "It runs without a network."}],
        "anti_goals": [{"id": "ANT-001", "statement": "No accounts."}],
        "metrics": [{"id": "MET-001", "name": "time to list", "comparison": "at_most", "target": "200", "unit": "ms"}],
        "questions": [{"id": "QUE-001", "question": "How many items at most?", "blocking": False}],
    },
    Phase.ARCHITECTURE: {
        "schema": "vdw.architecture/1",
        "components": [
            {"id": "CMP-001", "name": "list", "responsibility": "Keeps and sorts the items.", "satisfies": ["REQ-001"]}
        ],
        "interfaces": [{"id": "INT-001", "name": "list API", "provider": "CMP-001", "consumers": []}],
        "flows": [{"id": "FLW-001", "sender": "CMP-001", "receiver": "CMP-001", "data": "items"}],
        "stores": [{"id": "STO-001", "name": "items file", "holds": "all items", "component": "CMP-001"}],
        "decisions": [
            {
                "id": "ADR-001",
                "title": "One file",
                "context": "Small data.",
                "options": ["file", "database"],
                "choice": "file",
            }
        ],
        "risks": [{"id": "RSK-001", "risk": "The file is lost.", "probability": "low", "impact": "high"}],
    },
    Phase.SPECIFICATION: {
        "schema": "vdw.specification/1",
        "contracts": [
            {
                "id": "SPC-001",
                "title": "list()",
                "component": "CMP-001",
                "satisfies": ["REQ-001"],
                "operations": ["list() returns the items, soonest first."],
            }
        ],
        "data_models": [{"id": "DAT-001", "name": "Item", "fields": ["name: text", "date: day"]}],
        "tasks": [
            {
                "id": "TSK-001",
                "title": "Sort the list",
                "specifies": ["SPC-001"],
                "depends_on": [],
                "files": ["list.py"],
                "done_when": ["test_req_001 passes"],
            }
        ],
    },
    Phase.IMPLEMENTATION: {
        "schema": "vdw.implementation/1",
        "heads": [{"repository": "demo", "commit": "a" * 40}],
        "changes": [
            {
                "id": "CHG-001",
                "title": "Sort the list",
                "implements": ["TSK-001"],
                "repository": "demo",
                "commit": "a" * 40,
                "files": [{"path": "list.py", "sha256": "b" * 64, "lines": 12}],
            }
        ],
        "deviations": [{"id": "DEV-001", "about": "SPC-001", "reason": "Ties are sorted by name."}],
    },
    Phase.VALIDATION: {
        "schema": "vdw.validation/1",
        "evidence": ["EVD-001"],
        "outcomes": [
            {
                "id": "OUT-001",
                "metric": "MET-001",
                "measured": "120",
                "unit": "ms",
                "met": True,
                "evidence": ["EVD-001"],
            }
        ],
        "gaps": [{"id": "GAP-001", "text": "Not measured on a phone."}],
    },
}
