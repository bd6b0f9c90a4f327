"""A command of ours as a person has to type it, where a plain `vdw` would look for another set-up than this one.

What refuses deep inside knows no set-up and says `vdw gate review`; the word is put in where a refusal leaves the
process.
"""

from __future__ import annotations

import re

COMMANDS = ("approver", "artifact", "config", "doctor", "export", "gate", "init", "key", "project", "serve", "verify")
"""Those that look at a set-up. A text names them behind `vdw`; a longer name that one begins, such as verify-export, is
none."""
_COMMAND = rf"(?<![\w/.-])vdw (?=(?:{'|'.join(COMMANDS)})(?![\w-]))"


def as_typed(words: str, vdw: str) -> str:
    """The words with `vdw` written for `vdw` before each of our commands; what is written so already stays."""
    # With what stands before its `vdw` (VDW_TRUST=…), the whole is found sooner than the `vdw` in it.
    return re.sub(rf"{re.escape(vdw)} |{_COMMAND}", lambda _: f"{vdw} ", words)
