"""Names for the ids that events carry: the person of an approver, the name of an agent or runner."""

from __future__ import annotations

from collections.abc import Mapping

from vdw.domain.principal import Principal
from vdw.service.environment import Environment
from vdw.store.interface import Reader


def names_in(env: Environment, principal: Principal) -> Mapping[str, str]:
    """Id → name, for every approver, person, agent and runner of the tenant. Raises like reading the trust log."""

    def read(reader: Reader) -> Mapping[str, str]:
        trust = env.trust.state(reader, principal.tenant)
        persons: dict[str, str] = {row.id: row.name for row in reader.persons(principal.tenant)}
        callers: dict[str, str] = {row.id: row.name for row in reader.principals(principal.tenant)}
        approvers: dict[str, str] = {
            approver.id: persons.get(approver.owner, approver.owner) for approver in trust.approvers.values()
        }
        return {**persons, **callers, **approvers}

    return env.store.read(read)
