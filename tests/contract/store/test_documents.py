"""Objects, revisions, numbers, evidence and verdicts, as every engine has to keep them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.contract.store.rows import (
    ONE,
    TWO,
    add_projects,
    commit_at_once,
    commit_each,
    digest,
    evidence,
    project,
    revision,
)
from vdw.domain.ids import ElementId
from vdw.domain.stored_json import to_text
from vdw.errors import ErrorCode, VdwError
from vdw.store.interface import Store, UnitOfWork


async def test_an_object_comes_back_byte_for_byte(store: Store) -> None:
    await add_projects(store)
    body = bytes(range(256))

    await store.commit(lambda uow: uow.put_object(ONE, digest("a"), body))

    assert store.read(lambda reader: reader.object(ONE, digest("a"))) == body


async def test_an_object_keeps_the_bytes_that_it_was_stored_with_first(store: Store) -> None:
    await add_projects(store)
    await commit_each(store, (b"first", b"second"), lambda body, uow: uow.put_object(ONE, digest("a"), body))

    assert store.read(lambda reader: reader.object(ONE, digest("a"))) == b"first"


async def test_objects_are_addressed_within_their_project(store: Store) -> None:
    await add_projects(store, project("one"), project("two"))
    await store.commit(lambda uow: uow.put_object(ONE, digest("a"), b"a"))

    assert store.read(lambda reader: reader.object(TWO, digest("a"))) is None
    assert store.read(lambda reader: reader.objects(TWO, [digest("a")])) == {}


async def test_many_objects_come_at_once_without_those_that_are_not_there(store: Store) -> None:
    await add_projects(store)

    def work(uow: UnitOfWork) -> None:
        for name in ("a", "b", "c"):
            uow.put_object(ONE, digest(name), name.encode())

    await store.commit(work)

    found = store.read(lambda reader: reader.objects(ONE, [digest("a"), digest("c"), digest("never")]))
    assert found == {digest("a"): b"a", digest("c"): b"c"}
    assert store.read(lambda reader: reader.objects(ONE, [])) == {}


async def test_revisions_of_a_phase_come_in_order(store: Store) -> None:
    await add_projects(store)

    def work(uow: UnitOfWork) -> None:
        for row in (revision(2), revision(1), revision(1, "architecture")):
            uow.add_revision(row)

    await store.commit(work)

    assert store.read(lambda reader: reader.revisions(ONE, "mood")) == (revision(1), revision(2))
    assert store.read(lambda reader: reader.revision(ONE, "mood", 2)) == revision(2)
    assert store.read(lambda reader: reader.revision(ONE, "mood", 3)) is None


async def test_a_revision_number_is_used_once(store: Store) -> None:
    await add_projects(store)
    await store.commit(lambda uow: uow.add_revision(revision()))

    with pytest.raises(VdwError) as caught:
        await store.commit(lambda uow: uow.add_revision(revision()))
    assert caught.value.code is ErrorCode.CONFLICT


async def test_elements_and_their_digests_are_numbered_for_life_in_order_of_appearance(store: Store) -> None:
    await add_projects(store, project("one"), project("two"))
    one, two, three = (ElementId(f"REQ-00{number}") for number in (1, 2, 3))
    first = [(two, digest("x")), (one, digest("y"))]
    second = [(one, digest("z")), (two, digest("x")), (three, digest("x"))]

    await store.commit(lambda uow: uow.number_elements(TWO, [(three, digest("x"))]))
    await commit_each(store, (first, second, first), lambda refs, uow: uow.number_elements(ONE, refs))

    assert store.read(lambda reader: reader.element_numbers(ONE)) == {"REQ-002": 1, "REQ-001": 2, "REQ-003": 3}
    assert store.read(lambda reader: reader.digest_versions(ONE)) == {
        ("REQ-002", digest("x")): 1,
        ("REQ-001", digest("y")): 1,
        ("REQ-001", digest("z")): 2,
        ("REQ-003", digest("x")): 1,
    }


async def test_bound_ids_stay_bound(store: Store) -> None:
    await add_projects(store, project("one"), project("two"))
    one, two, three = (ElementId(f"REQ-00{number}") for number in (1, 2, 3))
    approvals = ([one, two], [two, three])
    await commit_each(store, approvals, lambda ids, uow: uow.bind_ids(ONE, ids))

    assert store.read(lambda reader: reader.bound_ids(ONE)) == {"REQ-001", "REQ-002", "REQ-003"}
    assert store.read(lambda reader: reader.bound_ids(TWO)) == frozenset()


async def test_evidence_numbers_begin_at_one_and_never_come_twice(store: Store) -> None:
    await add_projects(store, project("one"), project("two"))

    asked = [ONE] * 20 + [TWO]
    given = await commit_at_once(store, asked, lambda project, uow: uow.next_evidence_number(project))

    assert given == [*range(1, 21), 1]
    assert store.read(lambda reader: reader.newest_evidence_number(ONE)) == 20


async def test_before_the_first_evidence_the_newest_number_is_none_that_was_given(store: Store) -> None:
    await add_projects(store)

    assert store.read(lambda reader: reader.newest_evidence_number(ONE)) == 0


async def test_evidence_comes_oldest_first(store: Store) -> None:
    await add_projects(store)
    await commit_each(store, (evidence(2), evidence(1)), lambda row, uow: uow.add_evidence(row))

    assert store.read(lambda reader: reader.evidence(ONE)) == (evidence(2), evidence(1))
    assert store.read(lambda reader: reader.evidence(TWO)) == ()


async def test_the_last_verdict_of_a_gate_is_kept(store: Store) -> None:
    await add_projects(store)
    names = ("old", "new")
    await commit_each(store, names, lambda n, uow: uow.put_verdict(ONE, "mood", digest(n), to_text({"name": n})))

    assert store.read(lambda reader: reader.verdict(ONE, "mood")) == (digest("new"), to_text({"name": "new"}))
    assert store.read(lambda reader: reader.verdict(ONE, "architecture")) is None


@pytest.mark.parametrize(
    "write",
    [
        lambda uow: uow.put_object("prj_never", digest("a"), b"a"),
        lambda uow: uow.bind_ids("prj_never", ["REQ-001"]),
        lambda uow: uow.number_elements("prj_never", [("REQ-001", digest("a"))]),
        lambda uow: uow.put_verdict("prj_never", "mood", digest("a"), "{}"),
    ],
    ids=["object", "bound id", "number", "verdict"],
)
async def test_nothing_is_kept_for_a_project_that_is_not_there(
    store: Store, write: Callable[[UnitOfWork], None]
) -> None:
    with pytest.raises(VdwError):
        await store.commit(write)
