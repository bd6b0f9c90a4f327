"""What a refused caller is told: a way that there is."""

from __future__ import annotations

import pytest

from vdw.domain.ids import PrincipalId, TenantId
from vdw.domain.principal import BY_HAND, KIND_PERMISSIONS, Permission, Principal, PrincipalKind
from vdw.errors import VdwError

KEYS = frozenset(PrincipalKind) - {PrincipalKind.OPERATOR}


def refusal(kind: PrincipalKind, permission: Permission) -> VdwError:
    caller = Principal(PrincipalId("key"), TenantId("tenant"), kind, None, KIND_PERMISSIONS[kind])
    with pytest.raises(VdwError) as refused:
        caller.require(permission)
    return refused.value


def test_a_person_is_named_for_exactly_what_no_key_can_do() -> None:
    held = frozenset[Permission]().union(*(KIND_PERMISSIONS[kind] for kind in KEYS))

    assert set(BY_HAND) == set(Permission) - held


def test_an_agent_that_would_abandon_is_told_what_a_person_runs() -> None:
    refused = refusal(PrincipalKind.AGENT, Permission.PROJECT_ABANDON)

    assert refused.next_step == "No key can hold it; a person does it at the command line: vdw project abandon PROJECT"


def test_what_another_key_may_do_is_asked_for_as_a_key() -> None:
    refused = refusal(PrincipalKind.RUNNER, Permission.ARTIFACT_SUBMIT)

    assert refused.next_step == "Ask whoever runs this server for a key with that permission."
