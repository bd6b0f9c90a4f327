"""`vdw approver`: the people who decide. Enrolments and policies are signed by approvers already enrolled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from vdw.cli.context import JsonOption, composition, print_json, run
from vdw.cli.screen import say

if TYPE_CHECKING:
    from vdw.domain.statement import Policy
    from vdw.service.answers import AcceptedStatement
    from vdw.service.environment import Environment

app = typer.Typer(no_args_is_help=True, help="Approvers and the policy of their gates.")

ApproverArgument = Annotated[str, typer.Argument(help="Id from vdw approver list.")]


@app.command("list")
def list_(ctx: typer.Context, as_json: JsonOption = False) -> None:
    """List everybody who may or might decide."""

    async def work(env: Environment) -> None:
        from vdw.artifacts.markdown import visible
        from vdw.cli.tables import Table, show
        from vdw.service.approvers import list_approvers

        found = list_approvers(env, composition(ctx).operator())
        if as_json:
            print_json(found)
            return
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
        show(Table(("approver", "person", "assurance", "since", "state"), rows))

    run(ctx, work)


@app.command("enrol")
def enrol_(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="The new approver's name.")],
    as_json: JsonOption = False,
) -> None:
    """Enrol another person with your signature. Both of you sit at this terminal."""

    async def work(env: Environment) -> None:
        from vdw.cli.passphrases import new_passphrase
        from vdw.cli.signer import Sitting
        from vdw.service.approvers import NewApprover, enrol
        from vdw.trust.sealed_key import create_sealed_key
        from vdw.trust.signer import KeySigner

        found = composition(ctx)
        operator = found.operator()
        signer = Sitting(env, found.settings, operator.tenant).signer()
        say(f"Now {name} chooses a passphrase.", err=True)
        approver = env.new_id("apr")
        private, path = create_sealed_key(
            found.settings.config_dir, operator.tenant, approver, new_passphrase(env.random_bytes), env.random_bytes
        )
        new = NewApprover(approver, env.new_id("per"), name, KeySigner(approver, private).public_key)
        accepted = await enrol(env, operator, (signer,), new)
        _tell(accepted, f"{name} is enrolled; give them {path}", as_json=as_json)

    run(ctx, work)


@app.command("replace")
def replace_(ctx: typer.Context, approver: ApproverArgument, as_json: JsonOption = False) -> None:
    """Make a new key in place of an old one, for the same person."""

    async def work(env: Environment) -> None:
        from vdw.cli.passphrases import new_passphrase
        from vdw.cli.signer import Sitting
        from vdw.service.approvers import replace
        from vdw.trust.sealed_key import create_sealed_key
        from vdw.trust.signer import KeySigner

        found = composition(ctx)
        operator = found.operator()
        signer = Sitting(env, found.settings, operator.tenant).signer()
        new = env.new_id("apr")
        private, path = create_sealed_key(
            found.settings.config_dir, operator.tenant, new, new_passphrase(env.random_bytes), env.random_bytes
        )
        public_key = KeySigner(new, private).public_key
        accepted = await replace(env, operator, (signer,), approver, new, public_key)
        _tell(accepted, f"The new key is sealed in {path}; the old one signs nothing any more", as_json=as_json)

    run(ctx, work)


@app.command("revoke")
def revoke_(ctx: typer.Context, approver: ApproverArgument, as_json: JsonOption = False) -> None:
    """End an approver's key; the other approvers sign it."""

    async def work(env: Environment) -> None:
        from vdw.cli.signer import Sitting
        from vdw.service.approvers import revoke

        found = composition(ctx)
        operator = found.operator()
        signer = Sitting(env, found.settings, operator.tenant).signer()
        accepted = await revoke(env, operator, (signer,), approver)
        _tell(accepted, f"{approver} signs nothing any more; what it signed before stays", as_json=as_json)

    run(ctx, work)


@app.command("refound")
def refound_(
    ctx: typer.Context,
    name: Annotated[str, typer.Option("--name", help="Whose new key it is; the only person if left out.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Begin a new root where the only approver's key is lost. Nothing approved before opens a gate any more."""

    async def work(env: Environment) -> None:
        from vdw.cli.refounding import refound

        trust, path = await refound(env, composition(ctx), name)
        if as_json:
            print_json({"root": trust.root, "position": trust.position, "key": str(path)})
            return
        say(f"Your new key is sealed in {path}. Keep a copy of it apart from this machine.")
        say(f"New trust root {trust.root}: hand it to everyone who checks your exports.")
        say("Next: have your agent reopen each open project at its first gate; you sign anew with: vdw gate review")

    run(ctx, work)


@app.command("policy")
def policy(
    ctx: typer.Context,
    quorum: Annotated[
        int | None, typer.Option(min=1, max=50, help="Approvals by different people each gate asks.")
    ] = None,
    self_approval: Annotated[
        bool | None,
        typer.Option("--self-approval/--separation", help="Whether one may approve what one's own agents made."),
    ] = None,
    evidence: Annotated[str, typer.Option(help="Least trust of evidence: claimed, reported, run or attested.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Show the policy in force, or sign a new one."""

    async def work(env: Environment) -> None:
        from dataclasses import replace as changed

        from vdw.cli.signer import Sitting
        from vdw.domain.statement import policy_from_json
        from vdw.service.approvers import change_policy, current_policy

        found = composition(ctx)
        operator = found.operator()
        now = current_policy(env, operator)
        if quorum is None and self_approval is None and not evidence:
            _show_policy(now, as_json=as_json)
            return
        wanted = changed(
            now,
            quorum=now.quorum if quorum is None else quorum,
            self_approval=now.self_approval if self_approval is None else self_approval,
        )
        stated = wanted.as_json()
        new = policy_from_json({**stated, "evidence_trust": evidence or stated["evidence_trust"]})
        signer = Sitting(env, found.settings, operator.tenant).signer()
        accepted = await change_policy(env, operator, (signer,), new)
        _tell(accepted, "The policy is in force; open reviews are closed", as_json=as_json)

    run(ctx, work)


def _show_policy(policy: Policy, *, as_json: bool) -> None:
    if as_json:
        print_json(policy.as_json())
        return
    own = "one may approve what one's own agents made" if policy.self_approval else "never by the owner of the work"
    say(f"approvals a gate asks: {policy.quorum}, {own}")
    say(f"accepted keys: {', '.join(policy.assurance)}")
    say(f"least trust of evidence: {policy.evidence_trust.value}")
    say(f"lanes: {', '.join(policy.lanes)}")
    say(f"template drafts: {'accepted' if policy.template_drafts else 'refused'}")


def _tell(accepted: AcceptedStatement, words: str, *, as_json: bool) -> None:
    if as_json:
        print_json(accepted.model_dump(mode="json"))
    else:
        say(f"{words} (log entry {accepted.position}).")
