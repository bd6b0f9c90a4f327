"""What a load sends."""

from __future__ import annotations

import json
from pathlib import Path

from bench.load.client import Source
from bench.load.plan import COUNT, PROJECT, Call, Plan, Requests

PROJECTS = ["prj_aaaaaaaaaaaaaaaaaaaaaaaaaa", "prj_bbbbbbbbbbbbbbbbbbbbbbbbbb"]
SUBMIT = Call("submit_artifact", {"project": PROJECT, "artifact": {"word": COUNT}}, weight=10)
GET = Call("get_project", {"project": PROJECT}, weight=90)


def test_a_request_with_its_gaps_filled_is_as_long_as_it_says(tmp_path: Path) -> None:
    head, _, body = request(tmp_path, Plan([SUBMIT], PROJECTS), turn=3).partition(b"\r\n\r\n")
    assert f"Content-Length: {len(body)}".encode() in head
    assert json.loads(body)["params"]["arguments"] == {"project": PROJECTS[1], "artifact": {"word": "000007000003"}}


def test_no_two_measurements_send_the_same_content(tmp_path: Path) -> None:
    sent = {request(tmp_path, Plan([SUBMIT], PROJECTS[:1]), turn=turn, seed=seed) for turn in (1, 2) for seed in (1, 2)}
    assert len(sent) == 4


def test_projects_take_turns_where_they_are_not_drawn(tmp_path: Path) -> None:
    source = Source(written(tmp_path, Plan([GET], PROJECTS)))
    asked = [b"prj_bbb" in source.request(turn) for turn in range(4)]
    assert asked == [False, True, False, True]


def test_a_mix_draws_each_call_as_often_as_its_weight(tmp_path: Path) -> None:
    source = Source(written(tmp_path, Plan([GET, SUBMIT], PROJECTS, random=True)))
    submitted = sum(b"submit_artifact" in source.request(turn) for turn in range(2000))
    assert 140 <= submitted <= 260  # the seed is the same each time


def test_the_credential_is_sent_with_every_call(tmp_path: Path) -> None:
    assert b"Authorization: Bearer secret\r\n" in request(tmp_path, Plan([GET], PROJECTS), turn=0, token="secret")


def written(folder: Path, plan: Plan, seed: int = 7, token: str = "") -> Requests:
    plan.write(folder / "plan", host="127.0.0.1:1", seed=seed, token=token)
    return Requests.read(folder / "plan")


def request(folder: Path, plan: Plan, *, turn: int, seed: int = 7, token: str = "") -> bytes:
    return Source(written(folder, plan, seed, token)).request(turn)
