"""`vdw approver`: the people who decide. What changes them is signed by approvers already enrolled, as many as the
policy asks."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vdw.cli.context import JsonOption, answer, composition, run
from vdw.cli.screen import say

if TYPE_CHECKING:
    from vdw.service.environment import Environment
    from vdw.trust.state import TrustState

app = typer.Typer(no_args_is_help=True, help="Approvers and the policy of their gates.")

ApproverArgument = Annotated[str, typer.Argument(metavar="APPROVER", help="Id from vdw approver list.")]
RequestArgument = Annotated[Path, typer.Argument(metavar="FILE", help="File that their `vdw approver join` wrote.")]
ProposalArgument = Annotated[Path, typer.Argument(metavar="FILE", help="File of the proposed change.")]


@app.command("list")
def list_(ctx: typer.Context, as_json: JsonOption = False) -> None:
    """List everybody who may or might decide."""

    async def work(env: Environment) -> None:
        from vdw.artifacts.markdown import visible
        from vdw.cli.tables import Table, show
        from vdw.service.approvers import list_approvers

        found = list_approvers(env, composition(ctx).operator())
        rows = [
            (
                str(row["approver"]),
                visible(str(row["person"])),
                str(row["assurance"]),
                f"entry {row['since']}",
                "in force" if row["until"] is None else f"ended at entry {row['until']}",
            )
            for row in found
        ]
        table = Table(("approver", "person", "assurance", "since", "state"), rows)
        answer(found, partial(show, table), as_json=as_json)

    run(ctx, work)


@app.command("join")
def join_(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Your name, as approvals show it here.")],
    root: Annotated[
        str, typer.Option(metavar="ROOT", help="Trust root of the store, as an approver told you; once a machine.")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Make your own key here, and a file by which an approver can enrol it."""

    async def work(env: Environment) -> None:
        from vdw.cli.joining import join, tell

        request, file, sealed = join(env, composition(ctx), name, root)
        made = {"file": str(file), "public_key": request.public_key, "key": str(sealed)}
        answer(made, partial(tell, request, file, sealed), as_json=as_json)

    run(ctx, work)


@app.command("enrol")
def enrol_(ctx: typer.Context, file: RequestArgument, as_json: JsonOption = False) -> None:
    """Enrol somebody with the key that they made: vdw approver join."""

    async def work(env: Environment) -> None:
        from vdw.cli.changes import sign_change
        from vdw.cli.files import read_file
        from vdw.service.approvers import current_trust, enrolment
        from vdw.service.key_requests import MAX_KEY_REQUEST_BYTES, read_key_request

        found = composition(ctx)
        request = read_file(file, MAX_KEY_REQUEST_BYTES, read_key_request)
        change, person = enrolment(env, found.operator(), request)
        accepted = await sign_change(env, found, change, f"{person.name} is enrolled", newcomer=person, as_json=as_json)
        if accepted and not as_json and current_trust(env, found.operator()).policy.self_approval:
            say(f"That nobody approves what their own agents made: {env.command} approver policy --separation")

    run(ctx, work)


@app.command("replace")
def replace_(
    ctx: typer.Context, approver: ApproverArgument, file: RequestArgument, as_json: JsonOption = False
) -> None:
    """Put a new key in place of an old one, for the same person, who made it: vdw approver join."""

    async def work(env: Environment) -> None:
        from vdw.cli.changes import sign_change
        from vdw.cli.files import read_file
        from vdw.service.approvers import replacement
        from vdw.service.key_requests import MAX_KEY_REQUEST_BYTES, read_key_request

        found = composition(ctx)
        request = read_file(file, MAX_KEY_REQUEST_BYTES, read_key_request)
        change = replacement(env, found.operator(), approver, request)
        done = f"{request.approver} stands in place of {approver}, which signs nothing any more"
        await sign_change(env, found, change, done, as_json=as_json)

    run(ctx, work)


@app.command("revoke")
def revoke_(ctx: typer.Context, approver: ApproverArgument, as_json: JsonOption = False) -> None:
    """End an approver's key; the other approvers sign it."""

    async def work(env: Environment) -> None:
        from vdw.cli.changes import sign_change
        from vdw.service.approvers import revocation

        found = composition(ctx)
        change = revocation(env, found.operator(), approver)
        done = f"{approver} signs nothing any more; what it signed before stays"
        await sign_change(env, found, change, done, as_json=as_json)

    run(ctx, work)


@app.command("cosign")
def cosign_(ctx: typer.Context, file: ProposalArgument, as_json: JsonOption = False) -> None:
    """Add your signature to a proposed change. The last one that it needs puts it into force."""

    async def work(env: Environment) -> None:
        from vdw.cli.changes import cosign_file

        await cosign_file(env, composition(ctx), file, as_json=as_json)

    run(ctx, work)


@app.command("submit")
def submit_(ctx: typer.Context, file: ProposalArgument, as_json: JsonOption = False) -> None:
    """Hand in a proposed change that has all its signatures."""

    async def work(env: Environment) -> None:
        from vdw.cli.changes import submit_file

        await submit_file(env, composition(ctx), file, as_json=as_json)

    run(ctx, work)


@app.command("refound")
def refound_(
    ctx: typer.Context,
    name: Annotated[
        str, typer.Option("--name", metavar="NAME", help="Whose new key it is; the only person if left out.")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Begin a new root where the only approver's key is lost. Nothing approved before opens a gate any more.

    Run again, it finishes one that was interrupted."""

    async def work(env: Environment) -> None:
        from vdw.cli.refounding import refound, tell

        done = await refound(env, composition(ctx), name)
        key = str(done.key) if done.key else None
        told = {"position": done.trust.position, "key": key, "projects": done.projects, "finished": done.finished}
        answer({"root": done.trust.root, **told}, partial(tell, env, done), as_json=as_json)

    run(ctx, work)


@app.command("policy")
def policy(
    ctx: typer.Context,
    quorum: Annotated[
        int | None,
        typer.Option(
            min=1, max=50, metavar="NUMBER", help="Approvals by different people that each gate asks for, 1 to 50."
        ),
    ] = None,
    self_approval: Annotated[
        bool | None,
        typer.Option("--self-approval/--separation", help="Whether one may approve what one's own agents made."),
    ] = None,
    evidence: Annotated[
        str, typer.Option(metavar="TRUST", help="Least trust of evidence: claimed, reported, run or attested.")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Show the policy in force, or sign a new one."""

    async def work(env: Environment) -> None:
        from dataclasses import replace as changed

        from vdw.cli.changes import sign_change
        from vdw.cli.choosing import trust_of
        from vdw.service.approvers import current_trust, policy_change

        found = composition(ctx)
        operator = found.operator()
        trust = current_trust(env, operator)
        now = trust.policy
        if quorum is None and self_approval is None and not evidence:
            answer(now.as_json(), partial(_show_policy, trust, env.command), as_json=as_json)
            return
        new = changed(
            now,
            quorum=now.quorum if quorum is None else quorum,
            self_approval=now.self_approval if self_approval is None else self_approval,
            evidence_trust=trust_of(evidence) if evidence else now.evidence_trust,
        )
        done = "The policy is in force; open reviews are closed"
        await sign_change(env, found, policy_change(env, operator, new), done, as_json=as_json)

    run(ctx, work)


def _show_policy(trust: TrustState, command: str) -> None:
    from vdw.cli.closed_gates import closed_gates

    policy = trust.policy
    own = "one may approve what one's own agents made" if policy.self_approval else "never by the owner of the work"
    say(f"approvals a gate asks: {policy.quorum}, {own}")
    say(f"accepted keys: {', '.join(policy.assurance)}")
    say(f"least trust of evidence: {policy.evidence_trust.value}")
    say(f"lanes: {', '.join(policy.lanes)}")
    say(f"template drafts: {'accepted' if policy.template_drafts else 'refused'}")
    for line in closed_gates(policy, len(trust.owners_in_force()), command) or ():
        say(line)
