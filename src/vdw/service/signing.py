"""Making a signature on a brief: the one road for the command line and the demo. The key never passes through here."""

from __future__ import annotations

from vdw.domain.canonical import Digest, JsonObject, JsonValue, digest_of
from vdw.domain.clock import timestamp
from vdw.domain.fields import flag, items, text
from vdw.domain.ids import PersonId, ProjectId, TenantId
from vdw.domain.principal import Principal
from vdw.domain.stages import GateVerdict, Phase
from vdw.service.answers import AcceptedStatement
from vdw.service.deciding import COMMENTS_SCHEMA, submit_statement
from vdw.service.environment import Environment
from vdw.service.scene import Scene
from vdw.trust.envelope import sign
from vdw.trust.signer import DecisionSigner
from vdw.trust.statements import DecisionStatement

Comment = tuple[str, str]
"""(element id, or '' for the whole; what was said)."""


async def sign_decision(
    env: Environment,
    principal: Principal,
    signer: DecisionSigner,
    scene: Scene,
    brief: JsonObject,
    verdict: GateVerdict,
    comments: tuple[Comment, ...],
) -> AcceptedStatement:
    """Signs the verdict on exactly this brief and hands it over. Raises what `submit_statement` raises."""
    attachment = _comments(env, comments)
    statement = DecisionStatement(
        verdict=verdict,
        gate=Phase(text(brief["phase"])),
        tenant=TenantId(text(brief["tenant"])),
        project=ProjectId(text(brief["project"])),
        iteration=scene.state.iteration,
        lane=scene.state.lane,
        digest=Digest(text(brief["digest"])),
        review=text(brief["review"]),
        brief=digest_of(brief),
        comments=digest_of(attachment) if attachment else None,
        approver=signer.keyid,
        assurance=signer.assurance,
        owners=tuple(PersonId(text(item)) for item in items(brief["contributors"])),
        policy=Digest(text(brief["policy_entry"])),
        log_head=scene.trust.head,
        previous=scene.trust.last_statement(ProjectId(text(brief["project"]))),
        template=flag(brief["template"]),
        time=timestamp(env.clock()),
    )
    envelope = sign(statement.as_statement(), (signer,))
    attachments = (attachment,) if attachment else ()
    return await submit_statement(env, principal, envelope.as_json(), attachments)


def _comments(env: Environment, comments: tuple[Comment, ...]) -> JsonObject | None:
    if not comments:
        return None
    said: list[JsonValue] = [{"element": element, "text": words} for element, words in comments]
    return {"schema": COMMENTS_SCHEMA, "salt": env.salt(), "comments": said}
