"""Pages of docs/ that say what the code does: the part between two marks, and tables to compare it with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

DOCS = Path(__file__).parents[1] / "docs"


@dataclass(frozen=True, slots=True)
class Page:
    text: str

    @classmethod
    def of(cls, name: str) -> Page:
        return cls((DOCS / name).read_text("utf-8"))

    def block(self, name: str) -> str:
        """What stands between the marks of this name."""
        _, _, rest = self.text.partition(f"<!-- {name} -->\n")
        inside, mark, _ = rest.partition(f"<!-- /{name} -->")
        assert mark, f"the page has no marks <!-- {name} -->"
        return inside.strip()

    def with_block(self, name: str, content: str) -> str:
        """The page's text with other content between these marks."""
        return self.text.replace(
            f"<!-- {name} -->\n{self.block(name)}\n<!-- /{name} -->", f"<!-- {name} -->\n{content}\n<!-- /{name} -->"
        )


Says = Callable[[str, str, str], None]
"""(page, block, what the run has found): see the fixture `says`."""


def table(*rows: tuple[str, ...]) -> str:
    """In Markdown; the first row is the head."""
    head, *others = (f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |" for cells in rows)
    return "\n".join([head, f"|{' --- |' * len(rows[0])}", *others])
