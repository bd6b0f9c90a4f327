"""Where a setting comes from: option before variable before file before default, and said so."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from vdw.config import SETTINGS, Origin, load_settings
from vdw.domain.secret import Secret
from vdw.errors import ErrorCode, VdwError


def test_an_option_goes_before_a_variable_before_the_file_before_the_default(tmp_path: Path) -> None:
    environment = {"HOME": str(tmp_path)}
    folder = tmp_path / ".config" / "vdw"
    folder.mkdir(parents=True)
    found = [load_settings({}, environment)]
    (folder / "config.toml").write_text("port = 1001\n", "utf-8")
    found.append(load_settings({}, environment))
    found.append(load_settings({}, environment | {"VDW_PORT": "1002"}))
    found.append(load_settings({"port": "1003"}, environment | {"VDW_PORT": "1002"}))

    assert [settings.port for settings in found] == [8321, 1001, 1002, 1003]
    assert [settings.origins["port"] for settings in found] == list(Origin)


def test_an_option_that_was_not_given_changes_nothing(tmp_path: Path) -> None:
    settings = load_settings({"port": None}, {"HOME": str(tmp_path), "VDW_PORT": "1002"})
    assert (settings.port, settings.origins["port"]) == (1002, Origin.ENVIRONMENT)


def test_the_pin_lies_in_the_configuration_unless_it_is_named(tmp_path: Path) -> None:
    environment = {"HOME": str(tmp_path), "VDW_CONFIG_DIR": str(tmp_path / "mine")}

    assert load_settings({}, environment).trust_file == tmp_path / "mine" / "trust.json"
    assert load_settings({}, environment | {"VDW_TRUST": "/pins"}).trust_file == Path("/pins")


def test_folders_follow_the_desktops_variables(tmp_path: Path) -> None:
    xdg = {"XDG_CONFIG_HOME": str(tmp_path / "c"), "XDG_DATA_HOME": str(tmp_path / "d")}
    settings = load_settings({}, {"HOME": str(tmp_path), **xdg})

    assert settings.config_dir == tmp_path / "c" / "vdw"
    assert settings.store_file == tmp_path / "d" / "vdw" / "vdw.db"


@pytest.mark.parametrize("url", ["", "http://127.0.0.1:8321/mcp", "https://[::1]/mcp", "http://kettle"])
def test_an_address_is_taken_as_it_is_written(url: str, tmp_path: Path) -> None:
    assert load_settings({}, {"HOME": str(tmp_path), "VDW_URL": url}).url == url


def test_secrets_are_never_shown(tmp_path: Path) -> None:
    keys = {"VDW_KEY": "vdw_a_secret", "VDW_STATE_KEYS": "s" * 32}
    settings = load_settings({}, {"HOME": str(tmp_path), **keys})

    assert "vdw_a_secret" not in f"{settings!r}{settings.shown()}{settings.key}"
    assert "s" * 32 not in f"{settings!r}{settings.shown()}"
    assert (settings.shown()["key"], settings.key) == ("set", Secret("vdw_a_secret"))


def test_every_setting_is_shown_with_its_origin(tmp_path: Path) -> None:
    settings = load_settings({}, {"HOME": str(tmp_path)})
    assert list(settings.shown()) == [setting.name for setting in SETTINGS] == list(settings.origins)


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("VDW_PORT", "80000", r"port \(environment\) is not a whole number from 0 to 65535\."),
        ("VDW_PORT", "eighty", "port"),
        ("VDW_URL", "http://[::1", r"url \(environment\) is no address of a server, such as http://127"),
        ("VDW_URL", "localhost:8321", "url"),
        ("VDW_URL", "http:///mcp", "url"),
        ("VDW_URL", "ftp://localhost/mcp", "url"),
        ("VDW_URL", "http://localhost:80000/mcp", "url"),
        ("VDW_URL", "http://local host/mcp", "url"),
        ("VDW_URL", "http://localhost\n/mcp", "url"),
        ("VDW_PORT", "1" * 5_000, "from 0 to 65535"),
        ("VDW_VERDICT_SECONDS", "0", "from 1 to 600"),
        ("VDW_STATE_KEYS", "short", "shorter than 32 characters"),
        ("VDW_CONFIG_DIR", "~nobody-at-all", r"config_dir \(environment\) lies in .* not known here: ~nobody-at-all\."),
        ("VDW_DATA", "~nobody-at-all/x", r"data_dir \(environment\) lies in .* not known here: ~nobody-at-all\."),
        ("VDW_TRUST", "~nobody-at-all/x", r"trust_file \(environment\) lies in"),
    ],
)
def test_a_wrong_value_is_named_with_where_it_came_from(
    variable: str, value: str, sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(VdwError, match=sentence) as refused:
        load_settings({}, {"HOME": str(tmp_path), variable: value})
    assert refused.value.code is ErrorCode.CONFIGURATION


def test_a_folder_below_home_is_found_by_its_tilde(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/config.toml").write_text("port = 1001\n", "utf-8")

    assert load_settings({}, {"HOME": str(tmp_path), "VDW_CONFIG_DIR": "~/mine"}).port == 1001


def test_the_file_lists_keys_as_a_list_or_as_a_text(tmp_path: Path) -> None:
    for written in ('state_keys = ["KEY1", "KEY2"]', 'state_keys = "KEY1, KEY2"'):
        text = written.replace("KEY", "k" * 32)
        (tmp_path / "config.toml").write_text(text, "utf-8")

        keys = load_settings({}, {"VDW_CONFIG_DIR": str(tmp_path)}).state_keys

        assert [key.reveal() for key in keys] == ["k" * 32 + "1", "k" * 32 + "2"]


def test_an_empty_list_of_keys_is_none(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("state_keys = []", "utf-8")

    assert load_settings({}, {"VDW_CONFIG_DIR": str(tmp_path)}).state_keys == ()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("nonsense = 1", "nonsense"),
        ("= broken", "cannot be read"),
        ("port = true", "port in .* is not a whole number"),
        ('port = "8321"', "port in .* is not a whole number"),
        ("state_keys = [1]", "is not a text or a list of texts"),
        ("host = 1.5", "host in .* is not a text"),
        ('config_dir = "/elsewhere"', "the folder it lies in"),
        ('data_dir = "~nobody-at-all/x"', r"data_dir \(file\) lies in the home of a user who is not known here"),
        (r'data_dir = "a\u0000b"', r"data_dir \(file\) holds a NUL"),
    ],
)
def test_a_wrong_file_is_named(text: str, sentence: str, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(text, "utf-8")
    with pytest.raises(VdwError, match=sentence):
        load_settings({"config_dir": str(tmp_path)}, {"HOME": str(tmp_path)})


def test_a_folder_whose_name_is_no_utf_8_is_refused(tmp_path: Path) -> None:
    with pytest.raises(VdwError, match=r"data_dir \(option\) is not in UTF-8"):
        load_settings({"data_dir": os.fsdecode(b"/tmp/d\xff")}, {"HOME": str(tmp_path)})


def test_a_relative_folder_of_the_desktop_is_passed_over_as_its_specification_says(tmp_path: Path) -> None:
    xdg = {"XDG_CONFIG_HOME": "c", "XDG_DATA_HOME": "./d"}
    settings = load_settings({}, {"HOME": str(tmp_path), **xdg})

    assert settings.config_dir == tmp_path / ".config/vdw"
    assert settings.trust_file == tmp_path / ".config/vdw/trust.json"
    assert settings.store_file == tmp_path / ".local/share/vdw/vdw.db"


def test_the_command_of_a_set_up_where_a_plain_vdw_looks_is_vdw(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))

    assert load_settings({}, {"HOME": str(tmp_path)}).command == "vdw"


def test_the_command_of_a_set_up_that_lies_elsewhere_names_its_places_for_a_shell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    home = {"HOME": str(tmp_path)}

    assert load_settings({"data_dir": "/my data"}, home).command == "vdw --data '/my data'"
    assert load_settings({"config_dir": "/c"}, home).command == "vdw --config-dir /c"
    assert (
        load_settings({}, home | {"VDW_TRUST": "/p", "XDG_DATA_HOME": "/d"}).command == "VDW_TRUST=/p vdw --data /d/vdw"
    )


def test_a_set_up_elsewhere_does_not_stand_on_a_file_that_it_does_not_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".config/vdw").mkdir(parents=True)
    (tmp_path / ".config/vdw/config.toml").write_text("= broken", "utf-8")

    settings = load_settings({"config_dir": "/c", "data_dir": "/d"}, {"HOME": str(tmp_path)})

    assert settings.command == "vdw --config-dir /c --data /d"
