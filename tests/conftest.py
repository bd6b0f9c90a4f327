"""What all tests share: the `--slow` option, the event loop, and the rule that nothing is left out in silence.

A skipped test is named at the end as `not verified here: NAME`. With `VDW_REQUIRE_ALL=1` in the environment, as in the
pipeline, a run that skipped anything has failed.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.pages import Says

REQUIRE_ALL = "VDW_REQUIRE_ALL"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slow", action="store_true", help="run the tests marked slow as well")
    parser.addoption("--write-pages", action="store_true", help="write into docs/ what a run has found")


def pytest_configure() -> None:
    """A shell starts what runs in its background deaf to Ctrl-C, and so would be every child that a test interrupts."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--slow"):
        return
    slow = [item for item in items if item.get_closest_marker("slow")]
    config.hook.pytest_deselected(items=slow)
    items[:] = [item for item in items if item not in slow]


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def says(request: pytest.FixtureRequest) -> Says:
    """Holds that a block of a page in docs/ says what this run has found; with `--write-pages` it does afterwards."""
    from tests.pages import DOCS, Page

    def held(name: str, block: str, found: str) -> None:
        page = Page.of(name)
        if request.config.getoption("--write-pages"):
            (DOCS / name).write_text(page.with_block(block, found), "utf-8")
        else:
            assert page.block(block) == found, "run this test with --write-pages where the change is meant"

    return held


def pytest_sessionfinish(session: pytest.Session) -> None:
    if _not_verified(session.config) and os.environ.get(REQUIRE_ALL) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    missing = _not_verified(config)
    for name in missing:
        terminalreporter.write_line(f"not verified here: {name}", yellow=True)
    if missing and os.environ.get(REQUIRE_ALL):
        terminalreporter.write_line(f"{REQUIRE_ALL} is set, so what was skipped fails this run", red=True)


def _not_verified(config: pytest.Config) -> list[str]:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    skipped: Iterable[pytest.TestReport] = reporter.stats.get("skipped", ()) if reporter else ()
    return sorted({_reason(report) for report in skipped})


def _reason(report: pytest.TestReport) -> str:
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longreprtext
    return text.removeprefix("Skipped: ")
