"""Bars as SVG, readable on light and on dark ground. Every bar bears its number, so that nothing has to be measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from xml.sax.saxutils import escape

LABELS_PX = 360
BARS_PX = 360
NUMBERS_PX = 90
LINE_PX = 22
TOP_PX = 34
STYLE = """
text { font: 13px system-ui, sans-serif; fill: #1f2328 }
.title { font-weight: 600 }
.ours { fill: #1a7f5a } .sdk { fill: #6e7781 } .other { fill: #b0b7bf }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 }
.ours { fill: #3fb68b } .sdk { fill: #8b949e } .other { fill: #565d66 }
}
"""


@dataclass(frozen=True, slots=True)
class Bar:
    """`value` is not negative; `shown` is its number as it is written."""

    label: str
    value: float
    shown: str
    kind: Literal["ours", "sdk", "other"]


def bar_chart(title: str, bars: Sequence[Bar]) -> str:
    """The longest bar takes the whole width; a scale of its own for each chart."""
    longest = max((bar.value for bar in bars), default=0.0) or 1.0
    width, height = LABELS_PX + BARS_PX + NUMBERS_PX, TOP_PX + LINE_PX * len(bars) + 8
    lines = [_line(bar, TOP_PX + LINE_PX * place, BARS_PX * bar.value / longest) for place, bar in enumerate(bars)]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">',
            f"<title>{escape(title)}</title>",
            f"<style>{STYLE}</style>",
            f'<text class="title" x="8" y="20">{escape(title)}</text>',
            *lines,
            "</svg>\n",
        ]
    )


def _line(bar: Bar, top: int, length: float) -> str:
    middle = top + LINE_PX - 8
    return (
        f'<text x="{LABELS_PX - 8}" y="{middle}" text-anchor="end">{escape(bar.label)}</text>'
        f'<rect class="{bar.kind}" x="{LABELS_PX}" y="{top + 2}" width="{max(length, 1):.1f}" height="{LINE_PX - 6}" rx="2"/>'
        f'<text x="{LABELS_PX + length + 6:.1f}" y="{middle}">{escape(bar.shown)}</text>'
    )
