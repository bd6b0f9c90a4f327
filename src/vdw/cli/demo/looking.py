"""Looking around in a demo that was played: its folder holds all that its store needs, and a visitor gets a key of a
day."""

from __future__ import annotations

from pathlib import Path

from vdw.cli.context import Composition
from vdw.cli.demo.command import MARKER
from vdw.service.keys import create_key

VISIT_DAYS = 1
"""How long a visitor's key is good for."""


def places_of(store: Path) -> dict[str, str | None]:
    """Settings under which the store is served: a demo's folder brings its own trust and configuration."""
    folder = store.absolute().parent
    if not (folder / MARKER).exists():
        return {"data_dir": str(store)}
    return {
        "data_dir": str(store),
        "config_dir": str(folder / "config"),
        "trust_file": str(folder / "trust.json"),
    }


async def visitors_welcome(demo: Composition, address: str) -> str:
    """A line for a client to come in by. Makes a new key."""
    made = await create_key(demo.environment(), demo.operator(), name="demo visitor", days=VISIT_DAYS)
    header = f"Authorization: Bearer {made.token.reveal()}"
    return (
        f"Look around with your client, for a day:\n"
        f'  claude mcp add --transport http vdw-demo {address} --header "{header}"\n'
        "In another client: that address, and that header."
    )
