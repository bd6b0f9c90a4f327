"""Times as text: one form, in which one moment has one text."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vdw.domain.clock import parse_timestamp, timestamp
from vdw.errors import ErrorCode, VdwError


@given(moment=st.datetimes(timezones=st.just(UTC), min_value=datetime(1000, 1, 1)))  # noqa: DTZ001  # st adds the zone
def test_a_time_is_read_back_to_the_second(moment: datetime) -> None:
    assert parse_timestamp(timestamp(moment), "at") == moment.replace(microsecond=0)


@given(
    text=st.text(alphabet="0123456789-:TZ+. \n\u0663", max_size=24)
    | st.from_regex(r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z\Z")
)
def test_whatever_is_read_is_written_the_same_way(text: str) -> None:
    try:
        moment = parse_timestamp(text, "at")
    except VdwError:
        return
    assert timestamp(moment) == text


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-30T12:00:00Z",
        "2026-11-24T24:00:00Z",
        "2026-11-24T12:00:60Z",
        "2026-11-24T12:00:00",
        "2026-11-24T12:00:00+00:00",
        "2026-11-24T12:00:00.5Z",
        "2026-11-24 12:00:00Z",
        "2026-11-24T12:00:00Z\n",
        "20261124T120000Z",
        "0999-11-24T12:00:00Z",
        "２026-11-24T12:00:00Z",
    ],
)
def test_any_other_form_is_refused_at_its_path(text: str) -> None:
    with pytest.raises(VdwError) as refused:
        parse_timestamp(text, "at")
    assert (refused.value.code, refused.value.details["path"]) == (ErrorCode.INVALID_INPUT, "at")
