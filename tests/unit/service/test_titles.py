"""What a project is called where nobody names it: the first words of its vibe."""

from __future__ import annotations

import pytest

from tests.unit.service.walking import Tenant, Walk
from vdw.domain.stages import Lane
from vdw.service.creating import create_project
from vdw.service.project_views import get_project


@pytest.mark.parametrize(
    ("vibe", "title", "slug"),
    [
        ("3D printer queue\n\n- It must print.\n", "3D printer queue", "3d-printer-queue"),
        ("\ufeff# Kettle Prime\n\n- It must boil.\n", "Kettle Prime", "kettle-prime"),
        ("---\n\n2. A kettle that *sings*\n", "A kettle that *sings*", "a-kettle-that-sings"),
        ("1Password for kettles", "1Password for kettles", "1password-for-kettles"),
        ("Größe und Maß", "Größe und Maß", "groe-und-ma"),
        ("===\n\nA kettle\n", "A kettle", "a-kettle"),
        ("a" * 39 + " b" * 40, ("a" * 39 + " b" * 40)[:80], "a" * 39),
    ],
)
async def test_a_project_is_called_by_the_first_words_of_its_vibe(
    tenant: Tenant, vibe: str, title: str, slug: str
) -> None:
    walk = await Walk.begin(tenant, vibe=vibe)

    view = walk.view()

    assert (view.title, view.slug) == (title, slug)


@pytest.mark.parametrize(("vibe", "title"), [("茶", "茶"), ("1. \n", "Untitled")])
async def test_a_project_always_has_a_title_and_a_name_that_a_command_takes(
    tenant: Tenant, vibe: str, title: str
) -> None:
    walk = await Walk.begin(tenant, vibe=vibe)

    view = walk.view()

    assert view.title == title
    assert view.slug == ("untitled" if title == "Untitled" else view.project)


async def test_a_title_of_blanks_is_none(tenant: Tenant) -> None:
    created = await create_project(tenant.env, tenant.agent, vibe="A kettle", lane=Lane.FULL, title="  ")

    assert get_project(tenant.env, tenant.agent, created.project).title == "A kettle"
