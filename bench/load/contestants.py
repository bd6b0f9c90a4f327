"""Who is measured, with which calls, and against what.

Each row of ours stands beside a bare SDK tool that takes the same request and returns an object of the same content;
the rows of others stand beside the bare SDK's addition.
"""

from __future__ import annotations

import contextlib
import http.client
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bench.load.contenders.token import new_token
from bench.load.contest import Contestant
from bench.load.plan import COUNT, PATH, PROJECT, Call, Plan, body_of, headers_of
from bench.load.servers import PEERS_PYTHON, Server, contender, ours
from bench.load.store import Filled, mood, places

CONCURRENCIES = (1, 16, 64)
MIX_CONCURRENCY = 200
BUSY = 64
"""Projects that the rows take turns in: as many as calls are under way, so that no two meet in one."""
SIZES = {10: "2 kB", 50: "10 kB", 500: "100 kB"}
"""Requirements → what a mood of so many weighs, as JSON."""
MIX_SIZE = 50
ADD = Plan([Call("add", {"a": 20, "b": 22})])
ADDITION = "SDK, add"


@dataclass(frozen=True, slots=True)
class Rivals:
    """Others' servers, running."""

    echo: Server
    sdk: Server
    sdk_jwt: Server
    fastmcp: Server
    fastmcp_guarded: Server


def plans(filled: Filled) -> dict[str, Plan]:
    """By the name of its row, what ours is asked."""
    many = filled.projects[MIX_SIZE]
    busy = many[:BUSY]
    get = Call("get_project", {"project": PROJECT})
    trace = Call("trace", {"project": PROJECT, "kind": "trace", "of": "REQ-001"})
    return {
        "get_project": Plan([get], busy),
        "list_projects": Plan([Call("list_projects", {})]),
        "trace": Plan([trace], busy),
        **{
            f"submit_artifact, {weight}, {size} requirements": Plan([_submission(size)], filled.projects[size][:BUSY])
            for size, weight in SIZES.items()
        },
        f"mix over {len(many):,} projects": Plan(
            [
                replace(get, weight=70),
                Call("get_brief", {"project": PROJECT}, weight=15),
                replace(_submission(MIX_SIZE), weight=10),
                replace(trace, weight=5),
            ],
            many,
            random=True,
        ),
    }


def contestants(rivals: Rivals, vdw: Server, filled: Filled, stored: Callable[[], int]) -> list[Contestant]:
    """Everybody; who is measured against another comes right behind it."""
    found = [
        Contestant("raw ASGI echo", rivals.echo, ADD, ADDITION, CONCURRENCIES),
        Contestant(ADDITION, rivals.sdk, ADD, ADDITION, CONCURRENCIES),
        Contestant("SDK, add, RS256 by PyJWT", rivals.sdk_jwt, ADD, ADDITION, CONCURRENCIES),
        Contestant("FastMCP, add", rivals.fastmcp, ADD, ADDITION, CONCURRENCIES),
        Contestant("FastMCP, add, its JWT and rate limit", rivals.fastmcp_guarded, ADD, ADDITION, CONCURRENCIES),
    ]
    for name, plan in plans(filled).items():
        concurrencies = (MIX_CONCURRENCY,) if plan.random else CONCURRENCIES
        bare = f"SDK, answer of {name}"
        found += [
            Contestant(bare, rivals.sdk, plan, bare, concurrencies),
            Contestant(f"vdw, {name}", vdw, plan, bare, concurrencies, stored),
        ]
    return found


@contextlib.contextmanager
def running(folder: Path, filled: Filled) -> Iterator[tuple[Rivals, Server]]:
    """All servers; the bare SDK's answers are what ours answered a moment before."""
    token, public_key = new_token()
    key_file, answers = folder / "public.pem", folder / "answers.json"
    key_file.write_bytes(public_key)
    log = folder / "servers.log"
    with contextlib.ExitStack() as stack:
        vdw = stack.enter_context(ours(places(folder), filled.key, log))
        answers.write_text(json.dumps(_answers(vdw, filled)), "utf-8")
        yield (
            Rivals(
                echo=stack.enter_context(contender("echo", log=log)),
                sdk=stack.enter_context(contender("sdk", str(answers), log=log)),
                sdk_jwt=stack.enter_context(
                    contender("sdk_jwt", str(key_file), log=log, python=PEERS_PYTHON, token=token)
                ),
                fastmcp=stack.enter_context(contender("fastmcp", log=log, python=PEERS_PYTHON)),
                fastmcp_guarded=stack.enter_context(
                    contender("fastmcp", str(key_file), log=log, python=PEERS_PYTHON, token=token)
                ),
            ),
            vdw,
        )


def _submission(size: int) -> Call:
    """A whole mood, of which one requirement is new each time."""
    return Call("submit_artifact", {"project": PROJECT, "phase": "mood", "artifact": mood(size, COUNT)})


def _answers(vdw: Server, filled: Filled) -> dict[str, Any]:
    """By tool, for submissions by tool and size: what ours answers."""
    found: dict[str, Any] = {}
    for plan in plans(filled).values():
        for call in plan.calls:
            artifact: Any = call.arguments.get("artifact")
            name = f"{call.tool} {len(artifact['requirements'])}" if artifact else call.tool
            found[name] = _answer(vdw, call, plan.projects)
    return found


def _answer(server: Server, call: Call, projects: Sequence[str]) -> dict[str, Any]:
    body = body_of(call, 1).replace(PROJECT, projects[0] if projects else "").replace(COUNT, "coffee")
    connection = http.client.HTTPConnection(server.host)
    connection.request("POST", PATH, body, headers_of(call, server.token))
    answer = json.loads(connection.getresponse().read())
    connection.close()
    assert "structuredContent" in answer.get("result", {}), f"{call.tool}: {answer}"
    content: dict[str, Any] = answer["result"]["structuredContent"]
    return content
