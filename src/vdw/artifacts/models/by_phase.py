"""Which model a phase's artifact has."""

from __future__ import annotations

from pydantic import BaseModel

from vdw.artifacts.models.architecture import Architecture
from vdw.artifacts.models.implementation import Implementation
from vdw.artifacts.models.mood import Mood
from vdw.artifacts.models.specification import Specification
from vdw.artifacts.models.validation import Validation
from vdw.domain.stages import Phase

MODELS: dict[Phase, type[BaseModel]] = {
    Phase.MOOD: Mood,
    Phase.ARCHITECTURE: Architecture,
    Phase.SPECIFICATION: Specification,
    Phase.IMPLEMENTATION: Implementation,
    Phase.VALIDATION: Validation,
}
