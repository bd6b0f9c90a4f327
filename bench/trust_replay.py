"""What a process pays at its first use of a tenant's trust: the whole log, verified again.

Prints the CPU time of replaying a log of decisions beside the least that it could be: checking the signatures alone,
over bytes made ready before. The two take turns; minima, which other work on the machine moves little.
"""

from __future__ import annotations

import argparse
import hashlib
import time
from collections.abc import Callable
from datetime import UTC, datetime

from vdw.domain.canonical import ZERO_DIGEST, Digest
from vdw.domain.clock import timestamp
from vdw.domain.ids import ApproverId, PersonId, ProjectId, TenantId
from vdw.domain.policy import Assurance, Policy
from vdw.domain.stages import GateVerdict, Lane, Phase
from vdw.domain.tenant import TenantKind
from vdw.domain.trust_entry import TrustEntry
from vdw.trust.acceptance import append
from vdw.trust.chain import replay
from vdw.trust.envelope import parse_envelope, sign
from vdw.trust.pin import Pin
from vdw.trust.signer import DemoSigner
from vdw.trust.state import TrustState
from vdw.trust.statements import DecisionStatement, FoundStatement
from vdw.trust.verify_signature import verify_ed25519

ROUNDS = 5
TENANT, APPROVER = TenantId("ten_bench"), ApproverId("apr_bench")
TIME = timestamp(datetime(2026, 11, 24, 12, 0, tzinfo=UTC))
SIGNER = DemoSigner(APPROVER, bytes(32))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--entries", type=int, default=10_000)
    entries, pin = _log(options.parse_args().entries)
    signed = [(envelope.pae, envelope.signatures[0].sig) for envelope in (parse_envelope(e.envelope) for e in entries)]

    def signatures_alone() -> None:
        for encoded, signature in signed:
            verify_ed25519(SIGNER.public_key, encoded, signature)

    least = whole = float("inf")
    for _ in range(ROUNDS):
        least = min(least, _cpu_seconds(signatures_alone))
        whole = min(whole, _cpu_seconds(lambda: replay(entries, pin)))
    print(f"{len(entries)} entries, CPU ms: whole {whole * 1000:.0f}, its signatures alone {least * 1000:.0f}")
    print(f"whole / signatures alone {whole / least:.2f}; {whole / len(entries) * 1e6:.0f} µs an entry")


def _cpu_seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _log(size: int) -> tuple[list[TrustEntry], Pin]:
    """A log of so many entries: a founding, then decisions, ten a project."""
    entry, state = append(None, sign(_founding().as_statement(), [SIGNER]), TIME)
    entries = [entry]
    for place in range(1, size):
        entry, state = append(state, sign(_decision(state, place).as_statement(), [SIGNER]), TIME)
        entries.append(entry)
    return entries, Pin(state.root, state.head, state.position)


def _founding() -> FoundStatement:
    return FoundStatement(
        tenant=TENANT,
        kind=TenantKind.DEMO,
        approver=APPROVER,
        owner=PersonId("per_bench"),
        public_key=SIGNER.public_key,
        assurance=Assurance.DEMO,
        policy=Policy(quorum=1, self_approval=True, assurance=(Assurance.DEMO,)),
        time=TIME,
        prev=ZERO_DIGEST,
    )


def _decision(state: TrustState, place: int) -> DecisionStatement:
    project = ProjectId(f"prj_{place // 10:020}")
    return DecisionStatement(
        verdict=GateVerdict.APPROVE,
        gate=list(Phase)[place % len(Phase)],
        tenant=TENANT,
        project=project,
        iteration=1,
        lane=Lane.FULL,
        digest=_digest(f"manifest {place}"),
        review=f"rev_{place:020}",
        brief=_digest(f"brief {place}"),
        comments=None,
        approver=APPROVER,
        assurance=Assurance.DEMO,
        owners=(PersonId("per_author"),),
        policy=state.policy_entry,
        log_head=state.head,
        previous=state.last_statement(project),
        template=False,
        time=TIME,
    )


def _digest(name: str) -> Digest:
    return Digest(hashlib.sha256(name.encode()).hexdigest())


if __name__ == "__main__":
    main()
