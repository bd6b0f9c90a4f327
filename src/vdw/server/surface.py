"""The product's surface: all that a client of `vdw serve` and `vdw mcp` can name."""

from __future__ import annotations

from vdw.server.prompts import PROMPTS
from vdw.server.registry import Surface
from vdw.server.resources import RESOURCES
from vdw.server.tools import TOOLS

SURFACE = Surface(TOOLS, RESOURCES, PROMPTS)
