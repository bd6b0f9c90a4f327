"""What a project is called where nobody names it: the first words of its vibe."""

from __future__ import annotations

import pytest

from tests.unit.service.walking import Tenant, Walk


@pytest.mark.parametrize(
    ("vibe", "title", "slug"),
    [
        ("3D printer queue\n\n- It must print.\n", "3D printer queue", "3d-printer-queue"),
        ("\ufeff# Kettle Prime\n\n- It must boil.\n", "Kettle Prime", "kettle-prime"),
        ("---\n\n2. A kettle that *sings*\n", "A kettle that *sings*", "a-kettle-that-sings"),
        ("1Password for kettles", "1Password for kettles", "1password-for-kettles"),
        ("Größe und Maß", "Größe und Maß", "groe-und-ma"),
    ],
)
async def test_a_project_is_called_by_the_first_words_of_its_vibe(
    tenant: Tenant, vibe: str, title: str, slug: str
) -> None:
    walk = await Walk.begin(tenant, vibe=vibe)

    view = walk.view()

    assert (view.title, view.slug) == (title, slug)
