"""The documentation says what the code does: every setting, every tool, every exit code."""

import re

from tests.repository.sources import ROOT
from vdw.config import SETTINGS


def test_every_setting_is_documented_with_its_variable() -> None:
    page = (ROOT / "docs" / "configuration.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| `(\w+)` \|", page, re.MULTILINE))
    assert rows == {setting.name: setting.variable for setting in SETTINGS}


def test_the_readme_names_every_exit_code_as_the_help_does() -> None:
    from vdw.cli.main import EPILOG

    readme = " ".join((ROOT / "README.md").read_text("utf-8").split())
    assert EPILOG.removeprefix("Exit codes: ") in readme
