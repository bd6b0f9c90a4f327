"""A process that refounds a demo's tenant and kills itself when the store has passed a point so many times."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

from vdw.app import App
from vdw.domain.ids import ApproverId
from vdw.service import refounded
from vdw.service.founding import DEMO, NewTenant, refound_tenant
from vdw.service.trust_view import TrustView
from vdw.store.sqlite.store import open_store
from vdw.trust.signer import new_demo_signer


async def refound(app: App, point: str, times: int) -> None:
    left = times

    def on_point(passed: str) -> None:
        nonlocal left
        left -= passed == point
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)

    operator, settings = app.operator(), app.settings
    store = open_store(settings.store_file, create=False, on_point=on_point)
    env = replace(app.environment(), store=store, trust=TrustView(settings.trust_file, store))
    owner = env.store.read(lambda reader: reader.persons(operator.tenant))[0].id
    signer = new_demo_signer(ApproverId(env.new_id("apr")), env.random_bytes)
    ids = NewTenant(operator.tenant, signer.keyid, owner)
    await refound_tenant(env, ids, signer=signer, public_key=signer.public_key, policy=DEMO)
    await refounded.put_back_all(env, operator)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    options = {"data_dir": "store", "config_dir": "config", "trust_file": "trust.json"}
    refounded.BATCH = 1  # each project is a commit of its own, so that a death falls between two
    asyncio.run(
        refound(App({name: str(folder / path) for name, path in options.items()}), sys.argv[2], int(sys.argv[3]))
    )
