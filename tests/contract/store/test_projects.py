"""Projects and their events, as every engine has to keep them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.contract.store.rows import ONE, OURS, THEIRS, TWO, add_projects, commit_each, event, moved, project
from vdw.domain.ids import ProjectId
from vdw.errors import ErrorCode, VdwError
from vdw.store.interface import EventRow, Page, ProjectRow, Store, UnitOfWork

HOSTILE = "x'); DROP TABLE project; --"


async def test_a_project_is_found_by_its_id_and_by_its_slug(store: Store) -> None:
    await add_projects(store)

    assert store.read(lambda reader: reader.project(OURS, ONE)) == project()
    assert store.read(lambda reader: reader.project(OURS, "one")) == project()


async def test_an_id_goes_before_a_slug_that_looks_like_it(store: Store) -> None:
    await add_projects(store, replace(project("two"), slug=ONE), project("one"))

    assert store.read(lambda reader: reader.project(OURS, ONE)) == project("one")


async def test_another_tenants_project_is_not_there(store: Store) -> None:
    await add_projects(store)

    assert store.read(lambda reader: reader.project(THEIRS, ONE)) is None
    assert store.read(lambda reader: reader.project(THEIRS, "one")) is None
    assert store.read(lambda reader: reader.projects(THEIRS)) == Page((), "")
    assert store.read(lambda reader: reader.events(THEIRS, ONE, limit=9)) == ()
    assert store.read(lambda reader: reader.newest_events(THEIRS, ONE, ["created"], limit=9)) == ()


async def test_hostile_names_are_names(store: Store) -> None:
    row = replace(project(), slug=HOSTILE, title=HOSTILE)
    await add_projects(store, row)

    assert store.read(lambda reader: reader.project(OURS, HOSTILE)) == row
    assert store.read(lambda reader: reader.projects(OURS, phase=HOSTILE, stage=HOSTILE)) == Page((), "")


@pytest.mark.parametrize("same", ["id", "slug"])
async def test_a_second_project_of_the_same_name_is_a_conflict(store: Store, same: str) -> None:
    await add_projects(store)
    other = project("two")
    again = replace(other, id=ONE) if same == "id" else replace(other, slug="one")

    with pytest.raises(VdwError) as caught:
        await store.commit(lambda uow: uow.add_project(again))
    assert caught.value.code is ErrorCode.CONFLICT


async def test_two_tenants_may_use_one_slug(store: Store) -> None:
    theirs = replace(project("theirs", THEIRS), slug="one")
    await add_projects(store, project(), theirs)

    assert store.read(lambda reader: reader.project(THEIRS, "one")) == theirs


async def test_a_project_is_saved_over_the_version_that_was_read(store: Store) -> None:
    await add_projects(store)
    after = moved(project(), phase="architecture", stage="review", stale=True, title="New")

    await store.commit(lambda uow: uow.save_project(after, expected_version=1))

    assert store.read(lambda reader: reader.project(OURS, ONE)) == after


@pytest.mark.parametrize("row", [project(), replace(project(), tenant=THEIRS), project("never")])
async def test_saving_over_another_version_or_another_project_is_a_conflict(store: Store, row: ProjectRow) -> None:
    await add_projects(store)
    await store.commit(lambda uow: uow.save_project(moved(project()), expected_version=1))

    with pytest.raises(VdwError) as caught:
        await store.commit(lambda uow: uow.save_project(moved(row), expected_version=1))
    assert caught.value.code is ErrorCode.CONFLICT


async def test_pages_go_from_the_newest_to_the_oldest_and_miss_nothing(store: Store) -> None:
    await add_projects(store, *(project(f"p{number}") for number in range(7)))

    def page(cursor: str) -> Page:
        return store.read(lambda reader: reader.projects(OURS, limit=3, cursor=cursor))

    first = page("")
    second = page(first.cursor)
    third = page(second.cursor)

    rows = (*first.rows, *second.rows, *third.rows)
    assert [row.id for row in rows] == [f"prj_p{number}" for number in reversed(range(7))]
    assert third.cursor == ""


async def test_a_page_that_is_just_full_is_the_last(store: Store) -> None:
    await add_projects(store, project("one"), project("two"))

    assert store.read(lambda reader: reader.projects(OURS, limit=2)).cursor == ""


async def test_the_order_does_not_change_while_paging(store: Store) -> None:
    await add_projects(store, project("one"), project("two"), project("three"))
    first = store.read(lambda reader: reader.projects(OURS, limit=1))

    await store.commit(lambda uow: uow.save_project(moved(project("one")), expected_version=1))
    await store.commit(lambda uow: uow.add_project(project("four")))

    rest = store.read(lambda reader: reader.projects(OURS, cursor=first.cursor))
    assert [row.slug for row in (*first.rows, *rest.rows)] == ["three", "two", "one"]


@pytest.mark.parametrize("cursor", ["nonsense", "prj_theirs"])
async def test_a_cursor_of_another_list_is_refused(store: Store, cursor: str) -> None:
    await add_projects(store, project("theirs", THEIRS))

    with pytest.raises(VdwError) as caught:
        store.read(lambda reader: reader.projects(OURS, cursor=cursor))
    assert caught.value.code is ErrorCode.INVALID_INPUT


async def test_lists_are_filtered_by_phase_stage_and_staleness(store: Store) -> None:
    await add_projects(
        store,
        project("plain"),
        replace(project("waiting"), stage="review"),
        replace(project("stale"), phase="architecture", stale=True),
    )

    def slugs(page: Page) -> list[str]:
        return [row.slug for row in page.rows]

    assert slugs(store.read(lambda reader: reader.projects(OURS, phase="mood"))) == ["waiting", "plain"]
    assert slugs(store.read(lambda reader: reader.projects(OURS, stage="review"))) == ["waiting"]
    assert slugs(store.read(lambda reader: reader.projects(OURS, stale=True))) == ["stale"]
    assert slugs(store.read(lambda reader: reader.projects(OURS, stale=False))) == ["waiting", "plain"]
    assert slugs(store.read(lambda reader: reader.projects(OURS, phase="mood", stage="drafting"))) == ["plain"]


async def test_events_come_back_in_order_from_where_one_asks(store: Store) -> None:
    await add_projects(store)

    def work(uow: UnitOfWork) -> list[int]:
        return [uow.add_event(event(project(), version)) for version in (2, 3, 4)]

    seqs = await store.commit(work)

    def expected(version: int) -> EventRow:
        return replace(event(project(), version), seq=seqs[version - 2])

    assert store.read(lambda reader: reader.events(OURS, ONE, after=2, limit=9)) == (expected(3), expected(4))
    assert store.read(lambda reader: reader.events(OURS, ONE, after=1, limit=1)) == (expected(2),)


async def test_events_of_some_types_come_back_from_the_newest_down(store: Store) -> None:
    await add_projects(store, project("one"), project("two"))

    def work(uow: UnitOfWork) -> None:
        for version, kind in enumerate(("voted", "submitted", "approved", "voted"), start=2):
            uow.add_event(replace(event(project(), version), type=kind))
        uow.add_event(replace(event(project("two"), 2), type="voted"))

    await store.commit(work)

    def versions(types: list[str], before: int | None = None, limit: int = 9) -> list[int]:
        found = store.read(lambda reader: reader.newest_events(OURS, ONE, types, before=before, limit=limit))
        return [row.version for row in found]

    assert versions(["voted", "approved"]) == [5, 4, 2]
    assert versions(["voted", "approved"], limit=2) == [5, 4]
    assert versions(["voted", "approved"], before=4) == [2]
    assert versions(["created"]) == [1]
    assert versions([]) == versions(["never"]) == []


async def test_the_seq_of_events_rises_over_all_projects(store: Store) -> None:
    await add_projects(store, project("one"), project("two"))
    before = store.read(lambda reader: reader.last_seq())

    later = await commit_each(store, ("two", "one"), lambda name, uow: uow.add_event(event(project(name), 2)))

    assert before < later[0] < later[1]
    assert store.read(lambda reader: reader.last_seq()) == later[1]


async def test_a_version_of_a_project_has_one_event(store: Store) -> None:
    await add_projects(store)

    with pytest.raises(VdwError) as caught:
        await store.commit(lambda uow: uow.add_event(event(project(), 1)))
    assert caught.value.code is ErrorCode.CONFLICT


async def test_slugs_are_known_within_their_tenant(store: Store) -> None:
    await add_projects(store, project("one"), project("two"), project("theirs", THEIRS))

    known = store.read(lambda reader: reader.slugs(OURS, ["one", "two", "theirs", "never", "", ONE]))

    assert known == {"one", "two"}


async def test_the_projects_that_changed_behind_an_event_are_known_as_far_as_one_asks(store: Store) -> None:
    await add_projects(store, project("one"), project("two"), project("three", THEIRS))
    seq = store.read(lambda reader: reader.last_seq())
    changed = [project("one"), project("one"), project("three", THEIRS)]

    def work(uow: UnitOfWork) -> None:
        for version, row in enumerate(changed, start=2):
            uow.add_event(event(row, version))

    await store.commit(work)

    def since(seq: int, limit: int) -> frozenset[ProjectId] | None:
        return store.read(lambda reader: reader.projects_since(seq, limit=limit))

    assert since(seq, 3) == frozenset({project("one").id, project("three", THEIRS).id})
    assert since(seq + 2, 3) == frozenset({project("three", THEIRS).id})
    assert since(seq + 3, 3) == frozenset()
    assert since(seq, 2) is None


async def test_names_are_found_by_how_they_begin_within_their_tenant(store: Store) -> None:
    await add_projects(store, *map(project, ("ab", "a", "b", "a%", "prj")), project("abc", THEIRS))

    def names(prefix: str, limit: int = 9) -> tuple[str, ...]:
        return store.read(lambda reader: reader.project_names(OURS, prefix, limit=limit))

    assert names("a") == ("a", "a%", "ab")
    assert names("a", 2) == ("a", "a%")
    assert names("a%") == ("a%",)
    assert names("A") == ()
    assert names("prj") == ("prj", "prj_a", "prj_a%", "prj_ab", "prj_b", "prj_prj")
    assert names("", 5) == ("a", "a%", "ab", "b", "prj")


async def test_who_ever_named_a_repository_is_known_within_the_tenant(store: Store) -> None:
    await add_projects(store, project("two"), project("one"), project("theirs", THEIRS))

    def work(uow: UnitOfWork) -> None:
        for tenant, name, named in ((OURS, "two", ["a", "b"]), (OURS, "one", ["a"]), (THEIRS, "theirs", ["a"])):
            uow.name_repositories(tenant, ProjectId(f"prj_{name}"), named)
            uow.name_repositories(tenant, ProjectId(f"prj_{name}"), named)

    await store.commit(work)

    assert store.read(lambda reader: reader.projects_naming(OURS, "a")) == (ONE, TWO)
    assert store.read(lambda reader: reader.projects_naming(OURS, "A")) == ()
