"""`vdw`, killed with SIGKILL when its store passes a named point of a commit: `python dying.py POINT ARGUMENTS…`."""

from __future__ import annotations

import os
import signal
import sys
from functools import partial

from vdw.app import main
from vdw.store.sqlite import store


def die_at(point: str, passed: str) -> None:
    if passed == point:
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    store.open_store = partial(store.open_store, on_point=partial(die_at, sys.argv.pop(1)))
    main()
