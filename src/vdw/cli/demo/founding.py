"""The demo's tenant: founded as `demo`, for ever, with a signer whose key lives in this process alone."""

from __future__ import annotations

from dataclasses import dataclass

from vdw.cli.context import Composition
from vdw.domain.secret import Secret
from vdw.domain.tenant import TenantKind
from vdw.service.founding import DEMO, found_tenant, new_tenant
from vdw.service.keys import create_key
from vdw.trust.signer import DecisionSigner, new_demo_signer


@dataclass(frozen=True, slots=True)
class Founded:
    signer: DecisionSigner
    agent_key: Secret
    runner_key: Secret


async def found_demo(composition: Composition) -> Founded:
    """Makes the store, the tenant and the keys of the demo's agent and runner."""
    env = composition.founding_environment()
    ids = new_tenant(env)
    signer = new_demo_signer(ids.approver, env.random_bytes)
    await found_tenant(
        env,
        ids,
        kind=TenantKind.DEMO,
        person_name="demo visitor",
        signer=signer,
        public_key=signer.public_key,
        policy=DEMO,
    )
    operator = composition.operator()
    agent = await create_key(env, operator, name="demo agent", kind="agent")
    runner = await create_key(env, operator, name="demo runner", kind="runner")
    return Founded(signer, agent.token, runner.token)
