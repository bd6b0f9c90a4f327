"""The way of an artifact:

    draft ──read─▶ document ──agree, split─▶ parts ──revise─▶ revision ──reason─▶ verdict ──store─▶ review ─▶ export

`read` refuses what the phase's model or a rule of form does not allow; `agree` refuses outcomes that contradict the
metrics that they answer; `split` takes the document apart into elements and links; `revise` gives each element its salt
and digest and each link its stamp, and writes the manifest. Reasoning, storing and deciding are the services'
(service.submitting, service.deciding): this module is pure and knows no store. The only way to the parts of a
submission leads over `ValidatedArtifact`, which only `validate` makes, and whose `parts` takes both steps: neither
`read` nor `agree` can be left out (tests/repository/test_source.py). Masking and sealing get their place before `read`
and before the store when they exist; until then there is no pass-through of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from vdw.artifacts.outcomes import require_agreeing
from vdw.artifacts.parts import Parts, split
from vdw.artifacts.reading import read_artifact
from vdw.artifacts.revise import Before, Heading, Revised, revise
from vdw.artifacts.spans import require_spans
from vdw.domain.canonical import JsonObject
from vdw.domain.fields import text
from vdw.domain.manifest import Element
from vdw.domain.stages import Lane, Phase


@dataclass(frozen=True, slots=True)
class ValidatedArtifact:
    """A document that the phase's model accepted, complete with its defaults. Only `validate` makes one."""

    phase: Phase
    document: JsonObject

    @property
    def from_template(self) -> bool:
        return text(self.document["drafted_by"]) == "template"

    def parts(self, evidence: Mapping[str, JsonObject], metrics: Mapping[str, Element]) -> Parts:
        """Elements and links; `evidence` holds the server's records that a validation document may list, and `metrics`
        the elements of the mood. Raises like `require_agreeing`."""
        if self.phase is Phase.VALIDATION:
            require_agreeing(self.document, metrics)
        return split(self.phase, self.document, evidence)


def validate(phase: Phase, draft: JsonObject, lane: Lane) -> ValidatedArtifact:
    """Raises `VdwError` (invalid_input) with the path, rule and example of every fault."""
    return ValidatedArtifact(phase, read_artifact(phase, draft, lane))


def next_revision(
    parts: Parts,
    heading: Heading,
    before: Before,
    random_salt: Callable[[], str],
    *,
    stamped: frozenset[str] | None,
    source: Element | None,
) -> Revised:
    """The revision that these parts are, after what the project holds (`before`); the vibe (`source`) stands first in a
    mood.

    Raises `VdwError` (invalid_input) for a span outside its vibe and for a link to nothing.
    """
    if source is not None:
        require_spans(parts, source, before.spans)
    extra = (source,) if source is not None else ()
    return revise(parts, heading, before, random_salt, stamped=stamped, extra=extra)
