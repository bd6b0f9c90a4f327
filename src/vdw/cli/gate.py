"""`vdw gate`: where a human decides. Shows the stored brief whole, takes a verdict, signs it with the human's key."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from vdw.cli.context import JsonOption, ProjectArgument, answer, composition, run
from vdw.cli.screen import prose_columns

if TYPE_CHECKING:
    from vdw.cli.signer import Sitting
    from vdw.domain.principal import Principal
    from vdw.domain.stages import GateVerdict
    from vdw.service.answers import AcceptedStatement
    from vdw.service.environment import Environment
    from vdw.service.signing import Comment

app = typer.Typer(no_args_is_help=True, help="Decide at gates: review, show, approve, reject, waive.")

CommentOption = Annotated[
    list[str] | None,
    typer.Option(
        "--comment",
        metavar="WORDS",
        help="What you say, as ELEMENT: WORDS, or as WORDS on the whole; may be given again.",
    ),
]


@app.command("review")
def review(
    ctx: typer.Context,
    project: Annotated[
        str,
        typer.Argument(metavar="PROJECT", help="Id or slug of the one project to review; all that wait if left out."),
    ] = "",
) -> None:
    """Walk all waiting gates: read, comment, decide. The passphrase is asked for once in ten minutes."""

    async def work(env: Environment) -> None:
        from vdw.cli.reviewing import walk_gates

        await walk_gates(env, composition(ctx), project)

    run(ctx, work)


@app.command("show")
def show(ctx: typer.Context, project: ProjectArgument = "", as_json: JsonOption = False) -> None:
    """Show the brief of the open review: all that whoever signs it signs."""

    async def work(env: Environment) -> None:
        from vdw.cli.choosing import chosen_project
        from vdw.cli.gate_view import brief_text
        from vdw.domain.canonical import digest_of
        from vdw.service.reviewing import current_brief

        operator = composition(ctx).operator()
        _, brief = await current_brief(env, operator, chosen_project(env, operator, project))
        digest = digest_of(brief)
        shown = {"digest": digest, "brief": brief}
        answer(shown, lambda: typer.echo(brief_text(brief, digest, prose_columns())), as_json=as_json)

    run(ctx, work)


@app.command("approve")
def approve(
    ctx: typer.Context, project: ProjectArgument = "", comment: CommentOption = None, as_json: JsonOption = False
) -> None:
    """Approve the open review of one project. Its brief is shown first."""
    _decide(ctx, "approve", project, comment or [], as_json=as_json)


@app.command("reject")
def reject(
    ctx: typer.Context, project: ProjectArgument = "", comment: CommentOption = None, as_json: JsonOption = False
) -> None:
    """Reject the open review of one project. Its brief is shown first; comments reach the agent with the next one."""
    _decide(ctx, "reject", project, comment or [], as_json=as_json)


@app.command("waive")
def waive(
    ctx: typer.Context,
    finding: Annotated[
        str, typer.Argument(metavar="FINDING", help="Key of the finding, as `vdw project show` lists it.")
    ],
    until: Annotated[str, typer.Option(metavar="DAY", help="Last day it holds, YYYY-MM-DD in UTC.")],
    reason: Annotated[str, typer.Option(metavar="WORDS", help="Why; it shows in every report.")],
    project: Annotated[
        str, typer.Option("--project", metavar="PROJECT", help="Id or slug of the project; the only one if left out.")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Waive one finding of the current gate until a day, with your signature."""

    async def work(env: Environment) -> None:
        from vdw.cli.asking import require_keyboard
        from vdw.cli.choosing import chosen_project
        from vdw.cli.signer import Sitting
        from vdw.service.waiving import require_waivable, sign_waiver

        found = composition(ctx)
        operator = found.operator()
        named = chosen_project(env, operator, project)
        wanted = await require_waivable(env, operator, named, finding=finding, until=until, reason=reason)
        sitting = Sitting(env, found.settings, operator.tenant)
        sitting.require_any(wanted.require_counts)
        require_keyboard()
        signer = sitting.signer(wanted.require_counts)
        accepted = await sign_waiver(env, operator, signer, wanted)
        _tell(env, operator, named, accepted, as_json=as_json)

    run(ctx, work)


def _decide(ctx: typer.Context, verdict: str, project: str, comments: list[str], *, as_json: bool) -> None:

    async def work(env: Environment) -> None:
        from vdw.cli.choosing import chosen_project
        from vdw.cli.reviewing import parse_comment
        from vdw.cli.signer import Sitting
        from vdw.domain.stages import GateVerdict

        found = composition(ctx)
        operator = found.operator()
        named = chosen_project(env, operator, project)
        said = tuple(parse_comment(comment) for comment in comments)
        sitting = Sitting(env, found.settings, operator.tenant)
        accepted = await _show_and_sign(env, operator, sitting, named, GateVerdict(verdict), said, as_json=as_json)
        _tell(env, operator, named, accepted, as_json=as_json)

    run(ctx, work)


async def _show_and_sign(
    env: Environment,
    operator: Principal,
    sitting: Sitting,
    project: str,
    verdict: GateVerdict,
    comments: tuple[Comment, ...],
    *,
    as_json: bool,
) -> AcceptedStatement:
    from vdw.cli.asking import require_keyboard
    from vdw.cli.gate_view import brief_text
    from vdw.domain.canonical import digest_of
    from vdw.service.reviewing import current_brief
    from vdw.service.signing import sign_decision
    from vdw.service.voting import require_vote_counts

    scene, brief = await current_brief(env, operator, project)
    counts = partial(require_vote_counts, env, operator, brief)
    sitting.require_any(counts)
    require_keyboard()
    typer.echo(brief_text(brief, digest_of(brief), prose_columns(err=as_json)), err=as_json)
    return await sign_decision(env, operator, sitting.signer(counts), scene, brief, verdict, comments)


def _tell(env: Environment, operator: Principal, project: str, accepted: AcceptedStatement, *, as_json: bool) -> None:
    from vdw.cli.done import tell_done

    signed = f"Signed, log entry {accepted.position}: {accepted.outcome}."
    answer(accepted.model_dump(mode="json"), partial(tell_done, env, operator, project, signed), as_json=as_json)
