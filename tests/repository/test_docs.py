"""The documentation says what the code does: every setting, every exit code, every layer."""

import re
import tomllib

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


def test_the_map_names_every_layer_in_the_order_that_imports_are_held_to() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    layers = settings["tool"]["importlinter"]["contracts"][0]["layers"]
    held = [{name for name in re.findall(r"\w+", layer) if _is_there(name)} - {"__main__"} for layer in layers]
    the_map = (ROOT / "README.md").read_text("utf-8").partition("## Map")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`[^|]+) \|", the_map, re.MULTILINE)

    assert [set(re.findall(r"`(\w+)(?:/|\.py)`", row)) for row in rows] == [layer for layer in held if layer]


def _is_there(name: str) -> bool:
    return (ROOT / "src/vdw" / name).exists() or (ROOT / f"src/vdw/{name}.py").exists()
