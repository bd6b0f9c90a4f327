"""Settings: read once from the command line, the environment and one file, frozen, passed down.

The only module that reads the environment. `SETTINGS` lists every setting with its meaning, so that
`vdw config show --origin`, the documentation and the reading agree. Secrets never print.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from vdw.domain.secret import Secret
from vdw.errors import ErrorCode, VdwError

DEFAULT_PORT = 8321
DEFAULT_HOST = "127.0.0.1"
MAX_PORT = 65535
"""The greatest number of a TCP port, which has 16 bits (RFC 9293)."""
STORE_FILE = "vdw.db"
TRUST_FILE = "trust.json"
MIN_STATE_KEY_CHARACTERS = 32
"""Shortest accepted key that seals request state, in characters: 128 bits even if written in hexadecimal."""

MAX_DIGITS = 9
"""Digits of a whole number. Python refuses to read thousands of them, in words that are not ours."""

LOG_LEVELS = ("error", "warning", "info")
"""From the least that is logged to the most: failures; what whoever runs the server should know of; every refusal's
reason."""


class Origin(StrEnum):
    """Where a setting's value came from, strongest last."""

    DEFAULT = "default"
    FILE = "file"
    ENVIRONMENT = "environment"
    OPTION = "option"


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its name in the file, its variable, its meaning, and whether its value is a secret."""

    name: str
    variable: str
    meaning: str
    secret: bool = False
    written: tuple[type, ...] = (str,)
    """What its value may be in the file; a list there is one of texts."""


SETTINGS: tuple[Setting, ...] = (
    Setting("config_dir", "VDW_CONFIG_DIR", "folder of what is yours alone: approver keys, trust.json, config.toml"),
    Setting("data_dir", "VDW_DATA", "folder of the store (one SQLite file)"),
    Setting("trust_file", "VDW_TRUST", "file that pins the root and the newest head of each tenant's trust log"),
    Setting("host", "VDW_HOST", "address that vdw serve listens on; loopback only in this version"),
    Setting("port", "VDW_PORT", "port that vdw serve listens on", written=(int,)),
    Setting("key", "VDW_KEY", "API key of the agent or runner that this process speaks for", secret=True),
    Setting("url", "VDW_URL", "address of a server that vdw verify submits to; empty for the embedded store"),
    Setting(
        "state_keys",
        "VDW_STATE_KEYS",
        "keys that seal request state, comma-separated, newest first; empty: kept in the store",
        secret=True,
        written=(str, list),
    ),
    Setting("verdict_seconds", "VDW_VERDICT_SECONDS", "longest time one verdict may take, in seconds", written=(int,)),
    Setting("log_level", "VDW_LOG_LEVEL", "least of what vdw serve and vdw mcp log: error, warning or info"),
    Setting(
        "debug",
        "VDW_DEBUG",
        "1 shows where inside vdw a command failed, beside the sentence; 0 does not",
        written=(bool, int),
    ),
)

_OPTIONS = {"VDW_CONFIG_DIR": "--config-dir", "VDW_DATA": "--data"}
"""Options of every command that stand for a variable."""

_BY_NAME = {setting.name: setting for setting in SETTINGS}


@dataclass(frozen=True, slots=True)
class Settings:
    config_dir: Path
    data_dir: Path
    trust_file: Path
    host: str
    port: int
    key: Secret
    url: str
    state_keys: tuple[Secret, ...]
    verdict_seconds: int
    log_level: str
    debug: bool
    origins: Mapping[str, Origin]

    @property
    def store_file(self) -> Path:
        return self.data_dir / STORE_FILE

    @property
    def elsewhere(self) -> dict[str, str]:
        """Where this set-up lies, by variable, as far as a process that gets nothing but HOME would look elsewhere."""
        return self._beside({"HOME": str(Path.home())})

    @property
    def to_export(self) -> dict[str, str]:
        """The same for a plain `vdw` with the variables of this process."""
        return self._beside(os.environ)

    @property
    def command(self) -> str:
        """What a person writes for `vdw` on this set-up in a shell where nothing of ours is set, quoted for it."""
        return self._command(self.elsewhere)

    @property
    def command_here(self) -> str:
        """The same for the shell that started this process, with what is set there."""
        return self._command(self.to_export)

    def _command(self, named: Mapping[str, str]) -> str:
        options = [f"{_OPTIONS[name]} {shlex.quote(named[name])}" for name in _OPTIONS if name in named]
        usual = self.trust_file == self.config_dir / TRUST_FILE
        pin = [f"VDW_TRUST={shlex.quote(named['VDW_TRUST'])}"] if "VDW_TRUST" in named and not usual else []
        return " ".join([*pin, "vdw", *options])

    def _beside(self, environment: Mapping[str, str]) -> dict[str, str]:
        """Our places that a plain `vdw` with these variables does not find; all, where its own file cannot be read."""
        try:
            found = load_settings(environment=environment).places
        except VdwError:
            found = {}
        return {name: str(used.absolute()) for name, used in self.places.items() if used.absolute() != found.get(name)}

    @property
    def places(self) -> dict[str, Path]:
        """Where this set-up lies, by variable."""
        return {"VDW_DATA": self.data_dir, "VDW_CONFIG_DIR": self.config_dir, "VDW_TRUST": self.trust_file}

    def shown(self) -> dict[str, str]:
        """Every setting as text for a person; a secret only as `set` or `not set`."""
        values: dict[str, str] = {}
        for setting in SETTINGS:
            value = getattr(self, setting.name)
            values[setting.name] = ("set" if value else "not set") if setting.secret else _written(value)
        return values


def load_settings(
    options: Mapping[str, str | None] | None = None,
    environment: Mapping[str, str] | None = None,
) -> Settings:
    """The settings of this process. `options` are command-line values by setting name; None means not given.

    Raises `VdwError` (configuration) naming the setting, where it came from, and what would be right.
    """
    env = os.environ if environment is None else environment
    given = {name: value for name, value in (options or {}).items() if value is not None}
    home = _home(env)
    raw: dict[str, tuple[str, Origin]] = {name: (value, Origin.DEFAULT) for name, value in _defaults(env, home).items()}
    stronger = {
        setting.name: (env[setting.variable], Origin.ENVIRONMENT) for setting in SETTINGS if env.get(setting.variable)
    } | {name: (value, Origin.OPTION) for name, value in given.items()}
    config_dir = _path(raw | stronger, "config_dir")
    raw |= {name: (value, Origin.FILE) for name, value in _read_file(config_dir / "config.toml").items()}
    raw |= stronger
    if raw["trust_file"][1] is Origin.DEFAULT:
        raw["trust_file"] = (str(Path(raw["config_dir"][0]) / TRUST_FILE), Origin.DEFAULT)
    return _settings(raw)


def foreign_environment() -> dict[str, str]:
    """This process's environment without our own variables: what a child gets that is configured on its own."""
    return {name: value for name, value in os.environ.items() if not name.startswith("VDW_")}


def _defaults(env: Mapping[str, str], home: Path) -> dict[str, str]:
    config = _base(env, "XDG_CONFIG_HOME", home / ".config") / "vdw"
    data = _base(env, "XDG_DATA_HOME", home / ".local" / "share") / "vdw"
    return {
        "config_dir": str(config),
        "data_dir": str(data),
        "trust_file": str(config / TRUST_FILE),
        "host": DEFAULT_HOST,
        "port": str(DEFAULT_PORT),
        "key": "",
        "url": "",
        "state_keys": "",
        "verdict_seconds": "20",
        "log_level": "warning",
        "debug": "0",
    }


def _home(env: Mapping[str, str]) -> Path:
    try:
        return Path(env.get("HOME") or "~").expanduser()
    except RuntimeError as error:  # neither a variable nor the system's list of users names one
        raise _wrong("Your home folder is not known here", "Set HOME to a folder of yours.", repr(error)) from None


def _base(env: Mapping[str, str], variable: str, default: Path) -> Path:
    """One of the desktop's base folders. A relative one is passed over (XDG Base Directory Specification): it would be
    another in each working folder."""
    named = Path(env.get(variable, ""))
    return named if named.is_absolute() else default


def _read_file(path: Path) -> dict[str, str]:
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(path, error) from None
    table = _parsed(path, text)
    unknown = sorted(set(table) - set(_BY_NAME))
    if unknown:
        raise _wrong(f"{path} names a setting that does not exist: {unknown[0]}", f"Known: {', '.join(_BY_NAME)}.")
    if "config_dir" in table:
        raise _wrong(f"{path} names config_dir, the folder it lies in", "Set VDW_CONFIG_DIR instead.")
    return {name: _from_file(path, _BY_NAME[name], value) for name, value in table.items()}


def _parsed(path: Path, text: str) -> dict[str, object]:
    import tomllib  # most have no such file, and every command would wait for it

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _unreadable(path, error) from None


def _unreadable(path: Path, error: Exception) -> VdwError:
    return _wrong(f"{path} cannot be read", "Mend it or move it away.", repr(error))


def _from_file(path: Path, setting: Setting, value: object) -> str:
    texts = value if isinstance(value, list) else []
    if type(value) not in setting.written or not all(isinstance(text, str) for text in texts):
        wanted = " or ".join(_WORDS[kind] for kind in setting.written)
        raise _wrong(f"{setting.name} in {path} is not {wanted}", "Correct it there.")
    return ",".join(texts) if isinstance(value, list) else _written(value)


_WORDS: Mapping[type, str] = {str: "a text", int: "a whole number", bool: "true or false", list: "a list of texts"}


def _written(value: object) -> str:
    """A yes or no is 1 or 0, in the file as in the environment."""
    return str(int(value)) if isinstance(value, bool) else str(value)


def _settings(raw: Mapping[str, tuple[str, Origin]]) -> Settings:
    text = {name: value for name, (value, _) in raw.items()}
    state_keys = tuple(Secret(key.strip()) for key in text["state_keys"].split(",") if key.strip())
    if any(len(key.reveal()) < MIN_STATE_KEY_CHARACTERS for key in state_keys):
        raise _wrong(
            f"state_keys ({raw['state_keys'][1].value}) has a key shorter than {MIN_STATE_KEY_CHARACTERS} characters",
            "Make one with: openssl rand -hex 32",
        )
    return Settings(
        config_dir=_path(raw, "config_dir"),
        data_dir=_path(raw, "data_dir"),
        trust_file=_path(raw, "trust_file"),
        host=text["host"],
        port=_whole(raw, "port", 0, MAX_PORT),
        key=Secret(text["key"]),
        url=_address(raw, "url"),
        state_keys=state_keys,
        verdict_seconds=_whole(raw, "verdict_seconds", 1, 600),
        log_level=_one_of(raw, "log_level", LOG_LEVELS),
        debug=_whole(raw, "debug", 0, 1) == 1,
        origins={name: origin for name, (_, origin) in raw.items()},
    )


def _path(raw: Mapping[str, tuple[str, Origin]], name: str) -> Path:
    text, origin = raw[name]
    try:
        found = Path(text).expanduser()
    except RuntimeError as error:  # how pathlib says that it knows no such user
        raise _wrong(
            f"{name} ({origin.value}) lies in the home of a user who is not known here: {text.partition('/')[0]}",
            f"Correct {_where(name, origin)}.",
            repr(error),
        ) from None
    if "\0" in text:
        raise _wrong(f"{name} ({origin.value}) holds a NUL, which no path can", f"Correct {_where(name, origin)}.")
    try:
        text.encode()
    except UnicodeEncodeError as error:  # how Python carries the bytes of a name that is no UTF-8
        raise _wrong(
            f"{name} ({origin.value}) is not in UTF-8, which SQLite needs of a path",
            f"Take a folder with another name, and correct {_where(name, origin)}.",
            repr(error),
        ) from None
    return found


def _whole(raw: Mapping[str, tuple[str, Origin]], name: str, least: int, most: int) -> int:
    text, origin = raw[name]
    if not text.isascii() or not text.isdigit() or len(text) > MAX_DIGITS or not least <= int(text) <= most:
        raise _wrong(
            f"{name} ({origin.value}) is not a whole number from {least} to {most}", f"Correct {_where(name, origin)}."
        )
    return int(text)


def _address(raw: Mapping[str, tuple[str, Origin]], name: str) -> str:
    """Where it is set, what the client that is to call it can read as an address."""
    text, origin = raw[name]
    if text and not _is_address(text):
        raise _wrong(
            f"{name} ({origin.value}) is no address of a server, such as http://{DEFAULT_HOST}:{DEFAULT_PORT}/mcp",
            f"Correct {_where(name, origin)}.",
        )
    return text


def _is_address(text: str) -> bool:
    import httpx2  # most commands need no client

    try:
        url = httpx2.URL(text)
    except httpx2.InvalidURL:
        return False
    port_fits = url.port is None or 0 < url.port <= MAX_PORT
    return url.scheme in ("http", "https") and bool(url.host) and port_fits and not any(map(str.isspace, text))


def _one_of(raw: Mapping[str, tuple[str, Origin]], name: str, words: tuple[str, ...]) -> str:
    text, origin = raw[name]
    if text not in words:
        raise _wrong(f"{name} ({origin.value}) is none of {', '.join(words)}", f"Correct {_where(name, origin)}.")
    return text


def _where(name: str, origin: Origin) -> str:
    return {Origin.ENVIRONMENT: _BY_NAME[name].variable, Origin.FILE: "config.toml"}.get(origin, "the option")


def _wrong(public: str, next_step: str, reason: str = "") -> VdwError:
    return VdwError(ErrorCode.CONFIGURATION, public + ".", next_step, reason=reason)
