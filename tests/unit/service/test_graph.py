"""Documents are parsed once and believed never: their bytes are read and their digests taken at every reading."""

from __future__ import annotations

import apsw
import pytest

from tests.unit.service.walking import Tenant, Walk
from vdw.artifacts.revision import Revision
from vdw.domain.canonical import Digest
from vdw.domain.ids import ProjectId
from vdw.domain.stages import Phase
from vdw.errors import ErrorCode, VdwError
from vdw.service import graph
from vdw.service.facts import project_facts
from vdw.service.graph import read_revision
from vdw.service.numbers import Numbers
from vdw.service.scene import Scene


async def submitted(tenant: Tenant) -> tuple[Walk, Digest]:
    walk = await Walk.begin(tenant)
    return walk, Digest((await walk.submit()).digest)


def read(tenant: Tenant, walk: Walk, digest: Digest) -> Revision:
    return tenant.env.store.read(lambda reader: read_revision(reader, ProjectId(walk.project), digest))


def by_sql(tenant: Tenant, statement: str, *values: object) -> None:
    with apsw.Connection(str(tenant.store_file)) as connection:
        connection.execute(statement, values)
    connection.close()


async def test_a_revision_that_stays_is_parsed_once(tenant: Tenant) -> None:
    walk, digest = await submitted(tenant)

    assert read(tenant, walk, digest) is read(tenant, walk, digest)


@pytest.mark.parametrize("which", ["the manifest", "an element"])
async def test_bytes_that_were_changed_after_a_reading_are_refused(tenant: Tenant, which: str) -> None:
    walk, digest = await submitted(tenant)
    first = read(tenant, walk, digest)
    changed = digest if which == "the manifest" else first.elements["REQ-001"].digest()

    by_sql(tenant, "DELETE FROM object WHERE digest = ?", changed)
    by_sql(tenant, "INSERT INTO object VALUES (?, ?, ?)", walk.project, changed, b"{}")

    with pytest.raises(VdwError) as refused:
        read(tenant, walk, digest)
    assert refused.value.code is ErrorCode.STORAGE


async def test_what_was_erased_after_a_reading_is_gone_and_comes_back_with_its_bytes(tenant: Tenant) -> None:
    walk, digest = await submitted(tenant)
    erased = read(tenant, walk, digest).elements["REQ-001"]

    by_sql(tenant, "DELETE FROM object WHERE digest = ?", erased.digest())
    assert "REQ-001" not in read(tenant, walk, digest).elements

    by_sql(tenant, "INSERT INTO object VALUES (?, ?, ?)", walk.project, erased.digest(), erased.body())
    assert read(tenant, walk, digest).elements["REQ-001"] == erased


async def test_a_changed_element_is_read_anew_and_the_others_as_they_were(tenant: Tenant) -> None:
    walk, digest = await submitted(tenant)
    first = read(tenant, walk, digest)
    changed = {**first.elements["REQ-001"].content, "id": "REQ-001", "priority": "could"}

    answer = await walk.change_elements({"op": "set", "id": "REQ-001", "element": changed})

    second = read(tenant, walk, Digest(answer.digest))
    assert second.elements["REQ-001"].content["priority"] == "could"
    assert {name for name in second.elements if second.elements[name] != first.elements[name]} == {"REQ-001"}


def test_what_is_kept_is_bounded_and_the_least_recently_read_goes_first() -> None:
    shelf = graph._Shelf(max_elements=5)
    one, two, three = (revision(name, elements=2) for name in ("one", "two", "three"))
    shelf.put("prj", one)
    shelf.put("prj", two)
    shelf.get("prj", one.digest)

    shelf.put("prj", three)

    assert shelf.get("prj", one.digest) is one
    assert shelf.get("prj", two.digest) is None
    assert shelf.get("another", one.digest) is None


def revision(name: str, *, elements: int) -> Revision:
    from tests.unit.domain.test_manifest import ELEMENT, MANIFEST

    return Revision(Digest(name), MANIFEST, {str(place): ELEMENT for place in range(elements)})


async def test_facts_are_kept_once_their_numbers_are_stored(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    await walk.pass_gate()
    await walk.submit()
    sight = (await walk.ask(), await walk.look())[1]

    first, second = facts(tenant, sight.scene), facts(tenant, sight.scene)

    assert [one is other for one, other in zip(first, second, strict=True)] == [True, True]


def facts(tenant: Tenant, scene: Scene) -> tuple[object, ...]:
    numbers = tenant.env.store.read(lambda reader: Numbers.of(reader, scene.state.project, scene.graph))
    today = tenant.clock().date()
    return project_facts(scene.state, scene.graph, scene.trust, Phase.ARCHITECTURE, numbers, today).revisions
