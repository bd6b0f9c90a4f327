"""No verdict unless the answer shows that it is whole; and a verdict is the same for the same facts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.unit.reasoning.engines import EngineInProcess, EngineThatSaysNothing, Tamper, without
from tests.unit.reasoning.sketch import sound
from vdw.domain.stages import Phase
from vdw.errors import ErrorCode, VdwError
from vdw.reasoning.engine import ENGINE_VERSION, Engine
from vdw.reasoning.program import Answer
from vdw.reasoning.rulebook import load_rulebook
from vdw.reasoning.service import Reasoner


async def refused(engine: Engine) -> VdwError:
    with pytest.raises(VdwError) as refusal:
        await Reasoner(engine=engine).evaluate(sound().facts())
    return refusal.value


def with_rows(predicate: str, change: Callable[[list[list[int]]], list[list[int]]]) -> Tamper:
    """Hands out the rows of the predicate changed."""

    def tamper(answer: Answer) -> Answer:
        rows = [list(row) for row in answer.rows[predicate]]
        return replace(answer, rows={**answer.rows, predicate: change(rows)})

    return tamper


def counted(relation: str, more: int) -> Tamper:
    def tamper(answer: Answer) -> Answer:
        if relation not in answer.counts:
            return answer
        return replace(answer, counts={**answer.counts, relation: answer.counts[relation] + more})

    return tamper


def without_counts(answer: Answer) -> Answer:
    return replace(answer, counts={})


async def test_the_untouched_answer_gives_a_verdict() -> None:
    verdict = await Reasoner(engine=EngineInProcess()).evaluate(sound().facts())

    assert verdict.allowed
    assert (verdict.gate, verdict.findings) == (Phase.VALIDATION, ())
    assert (verdict.engine, verdict.rules) == (ENGINE_VERSION, load_rulebook().version)


async def test_an_engine_that_says_nothing_opens_nothing() -> None:
    assert (await refused(EngineThatSaysNothing())).code is ErrorCode.NO_VERDICT


async def test_a_refused_verdict_leaves_no_cancellation_on_the_caller() -> None:
    caller = asyncio.current_task()
    assert caller is not None
    before = caller.cancelling()

    await refused(EngineThatSaysNothing())

    assert caller.cancelling() == before


@pytest.mark.parametrize(
    "tamper",
    [
        without("canary"),
        without("checked"),
        with_rows("canary", lambda rows: [[rows[0][0], 1], *rows]),
        with_rows("canary", lambda rows: [[rows[0][0] + 1, 2]]),
        with_rows("checked", lambda rows: rows[1:]),
        with_rows("checked", lambda rows: [[row[0] + 1, row[1]] for row in rows]),
        with_rows("checked", lambda rows: [*rows, [rows[0][0], 999]]),
        counted("requirement", -1),
        counted("approved", 1),
        counted("link", 1),
        without_counts,
    ],
    ids=[
        "no canary",
        "nothing checked",
        "a canary that ignores negation",
        "another program's canary",
        "one relation unseen",
        "another program's marks",
        "a relation too many",
        "a row lost",
        "a row too many",
        "a row where there is none",
        "no counts",
    ],
)
async def test_an_answer_without_every_mark_is_no_verdict(tamper: Tamper) -> None:
    refusal = await refused(EngineInProcess(tamper))

    assert refusal.code is ErrorCode.NO_VERDICT
    assert refusal.reason not in refusal.public


@pytest.mark.parametrize(
    "rows",
    [None, [[1, 2]], [["REQ-001"]], [[True]], [[1.0]], [7]],
    ids=["none", "wide", "text", "flag", "float", "flat"],
)
async def test_findings_of_another_shape_are_no_verdict(rows: list[list[int]]) -> None:
    def tamper(answer: Answer) -> Answer:
        return replace(answer, rows={**answer.rows, "uncovered": rows}) if "uncovered" in answer.rows else answer

    assert (await refused(EngineInProcess(tamper))).code is ErrorCode.NO_VERDICT


async def test_an_answer_that_was_refused_is_not_remembered() -> None:
    reasoner = Reasoner(engine=EngineThatSaysNothing())
    for _ in range(2):
        with pytest.raises(VdwError, match="no verdict"):
            await reasoner.evaluate(sound().facts())


async def test_every_program_has_a_nonce_of_its_own_and_no_text_of_a_user() -> None:
    engine = EngineInProcess()
    facts = sound().facts()
    await Reasoner(engine=engine).evaluate(facts)

    assert len({program.nonce for program in engine.programs}) == len(engine.programs) > 1
    for program in engine.programs:
        assert program.text.isascii()
        assert '"' not in program.text
        assert not any(fact.id in program.text or fact.digest in program.text for fact in facts.elements)


async def test_evidence_with_an_unknown_outcome_gives_no_verdict() -> None:
    facts = sound().show("EVD-002", "REQ-001", outcome="fine").facts()
    with pytest.raises(VdwError) as refusal:
        await Reasoner(engine=EngineInProcess()).evaluate(facts)
    assert refusal.value.code is ErrorCode.NO_VERDICT


async def test_a_project_without_anything_is_judged_by_the_marks_too() -> None:
    empty = replace(sound().at(Phase.MOOD).facts(), revisions=(), heads=(), phases=())

    verdict = await Reasoner(engine=EngineInProcess()).evaluate(empty)
    assert [finding.key() for finding in verdict.findings] == ["no_requirement:mood"]
    with pytest.raises(VdwError):
        await Reasoner(engine=EngineThatSaysNothing()).evaluate(empty)
