"""The documentation says what the code does: every setting, every tool, every exit code."""

import re

from tests.repository.sources import ROOT
from vdw.cli.exit_codes import MEANINGS
from vdw.config import SETTINGS


def test_every_setting_is_documented_with_its_variable() -> None:
    page = (ROOT / "docs" / "configuration.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| `(\w+)` \|", page, re.MULTILINE))
    assert rows == {setting.name: setting.variable for setting in SETTINGS}


def test_the_readme_names_every_exit_code_as_the_help_does() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    rows = re.findall(r"^\| (\d+) \| ([^|:]+?)(?::[^|]*)? \|$", readme, re.MULTILINE)
    assert {int(code): meaning for code, meaning in rows} == MEANINGS
