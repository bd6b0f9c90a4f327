"""What kind of tenant an organisation is. A tenant's first signed entry states it, for ever."""

from __future__ import annotations

from enum import StrEnum


class TenantKind(StrEnum):
    REAL = "real"
    DEMO = "demo"
