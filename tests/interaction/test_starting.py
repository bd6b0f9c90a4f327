"""Starting `vdw mcp` and `vdw serve`: before `vdw init`, on a demo's store, on a port that is taken."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest
from mcp import Client, MCPError

from tests.interaction.servers import (
    Demo,
    answer_of,
    child_environment,
    error_of,
    found,
    http_client,
    places,
    serving,
    stdio,
)
from vdw.app import App
from vdw.config import SETTINGS
from vdw.store.sqlite.store import open_store
from vdw.transport.http import host_and_port

NOT_LIFTED = "This is a demo's store"


def started(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs `vdw` with nothing on standard input."""
    return subprocess.run(
        [sys.executable, "-m", "vdw", *arguments],
        env=child_environment(folder, **environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )


async def test_before_init_the_tools_are_listed_and_every_call_says_what_to_run(tmp_path: Path) -> None:
    async with Client(stdio(child_environment(tmp_path))) as client:
        tools = (await client.list_tools()).tools
        error = error_of(await client.call_tool("list_projects", {}))
        with pytest.raises(MCPError) as listed:
            await client.list_resources()
        with pytest.raises(MCPError) as prompted:
            await client.get_prompt("start_project")

    assert len(tools) == 11
    assert error["code"] == "not_initialised"
    assert f"--data {tmp_path / 'store'} init --client" in error["next_step"]
    assert listed.value.error.data == prompted.value.error.data == error
    assert not (tmp_path / "store").exists()


@pytest.mark.parametrize("left", ["an empty file", "a schema without a tenant"])
async def test_after_an_interrupted_init_a_client_starts_as_before_any(left: str, tmp_path: Path) -> None:
    store = tmp_path / "store" / "vdw.db"
    store.parent.mkdir()
    if left == "an empty file":
        store.touch()
    else:
        open_store(store, create=True).close()

    async with Client(stdio(child_environment(tmp_path))) as client:
        tools = (await client.list_tools()).tools
        error = error_of(await client.call_tool("list_projects", {}))

    assert len(tools) == 11
    assert error["code"] == "not_initialised"


async def test_any_loopback_address_can_be_served_and_called(fresh: Demo) -> None:
    with serving(fresh, VDW_HOST="127.0.0.2") as served:
        assert served.url.startswith("http://127.0.0.2:")
        async with http_client(served.url, fresh.founded.agent_key, "auto") as client:
            assert answer_of(await client.call_tool("list_projects", {}))["projects"] == []


def test_an_address_of_version_6_is_written_in_brackets() -> None:
    assert (host_and_port("::1", 80), host_and_port("127.0.0.1", 80)) == ("[::1]:80", "127.0.0.1:80")


async def test_a_process_without_a_key_speaks_for_nobody(demo: Demo) -> None:
    async with Client(stdio(child_environment(demo.folder), "--demo")) as client:
        error = error_of(await client.call_tool("list_projects", {}))

    assert error["code"] == "unauthenticated"
    assert "VDW_KEY" in error["next_step"]


@pytest.mark.parametrize("command", ["serve", "mcp"])
@pytest.mark.parametrize("tried", ["nothing", "everything"])
def test_a_demos_store_is_served_to_no_one_who_does_not_say_demo(tried: str, command: str, demo: Demo) -> None:
    variables = {"VDW_DEMO": "1", "VDW_ALLOW_DEMO": "1", "VDW_KIND": "demo", "DEMO": "true"}
    arguments = ["--data", str(demo.folder / "store"), "--config-dir", str(demo.folder / "config")]
    lifting = tried == "everything"
    done = started(demo.folder, *(arguments if lifting else []), command, **(variables if lifting else {}))

    assert done.returncode == 3
    assert done.stdout == ""
    assert NOT_LIFTED in done.stderr
    assert len(done.stderr.splitlines()) == 2


def test_no_setting_speaks_of_demos(demo: Demo, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("demo = true\n", "utf-8")
    done = started(demo.folder, "serve", VDW_CONFIG_DIR=str(tmp_path), VDW_PORT="0")

    assert [setting.name for setting in SETTINGS if "demo" in f"{setting.name} {setting.variable}".lower()] == []
    assert done.returncode == 3
    assert "a setting that does not exist: demo" in done.stderr


async def test_a_demos_store_founded_under_a_running_process_is_refused_as_well(tmp_path: Path) -> None:
    async with Client(stdio(child_environment(tmp_path))) as client:
        before = error_of(await client.call_tool("list_projects", {}))
        await found(tmp_path)
        after = error_of(await client.call_tool("list_projects", {}))

    assert before["code"] == "not_initialised"
    assert (after["code"], NOT_LIFTED in after["message"]) == ("configuration", True)


def test_a_port_that_is_taken_is_named_with_the_way_out(demo: Demo) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = started(demo.folder, "serve", "--demo", "--port", str(port))

    assert done.returncode == 3
    assert done.stderr.splitlines()[0] == f"vdw: Port {port} on 127.0.0.1 cannot be used; another program may have it."
    assert f"--port {port + 1}" in done.stderr
    assert done.stdout == ""


@pytest.mark.row(id="D3")
def test_vdw_serve_listens_on_no_address_but_loopback(demo: Demo) -> None:
    done = started(demo.folder, "serve", "--demo", "--port", "0", "--host", "0.0.0.0")  # noqa: S104

    assert done.returncode == 3
    assert "0.0.0.0 is not a loopback address" in done.stderr
    assert done.stdout == ""


def test_processes_on_one_store_seal_request_state_alike(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    stored = {tuple(demo.app()._state_keys() or ()) for _ in range(2)}
    monkeypatch.setenv("VDW_STATE_KEYS", f"{'n' * 32},{'o' * 32}")
    configured = demo.app()._state_keys()

    assert len(stored) == 1
    assert stored != {()}
    assert configured == ["n" * 32, "o" * 32]


def test_a_process_started_before_init_has_the_configured_keys_and_none_of_a_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = App(places(tmp_path))._state_keys()
    monkeypatch.setenv("VDW_STATE_KEYS", "n" * 32)

    assert without is None
    assert App(places(tmp_path))._state_keys() == ["n" * 32]


def test_a_server_that_cannot_listen_leaves_nothing_open(demo: Demo) -> None:
    program = """
import apsw
from vdw.app import App
from vdw.errors import VdwError
try:
    App({}).serve(demo=True)
except VdwError as error:
    print(error.code.value, len(apsw.connections()))
"""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = subprocess.run(
            [sys.executable, "-c", program],
            env=demo.environment(demo.founded.agent_key, VDW_PORT=str(taken.getsockname()[1])),
            capture_output=True,
            text=True,
            check=True,
        )

    assert done.stdout.split() == ["configuration", "0"]
