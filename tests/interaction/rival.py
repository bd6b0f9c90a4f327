"""A rival process: signs and hands over decisions on one gate, again and again, and prints what came of each.

Run as `python rival.py FOLDER PROJECT KEY_HEX TRIES`; started by test_one_decision.py.
"""

import asyncio
import json
import sys
from collections import Counter
from pathlib import Path

from vdw.app import App
from vdw.domain.ids import ApproverId
from vdw.domain.stages import GateVerdict
from vdw.errors import VdwError
from vdw.service.reviewing import current_brief
from vdw.service.signing import sign_decision
from vdw.trust.signer import DemoSigner


async def main(folder: Path, project: str, approver: ApproverId, private: bytes, tries: int) -> None:
    app = App(
        {
            "data_dir": str(folder / "store"),
            "config_dir": str(folder / "config"),
            "trust_file": str(folder / "trust.json"),
        }
    )
    env, operator, signer = app.environment(), app.operator(), DemoSigner(approver, private)
    scene, brief = await current_brief(env, operator, project)
    # All rivals have read the brief before one of them decides.
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    outcomes: Counter[str] = Counter()
    for number in range(tries):
        # A comment of its own makes each try an envelope of its own.
        comment = ("", f"try {number}")
        try:
            answer = await sign_decision(env, operator, signer, scene, brief, GateVerdict.APPROVE, (comment,))
        except VdwError as error:
            outcomes[error.code.value] += 1
        else:
            outcomes[answer.outcome] += 1
    await app.close()
    sys.stdout.write(json.dumps(outcomes))


if __name__ == "__main__":
    _, folder, project, approver, private, tries = sys.argv
    asyncio.run(main(Path(folder), project, ApproverId(approver), bytes.fromhex(private), int(tries)))
