"""`vdw approver join`: a newcomer makes a key of their own, in their own folder, and asks to be enrolled with it.

1. The trust root is pinned, as an approver told it: the store alone could show a newcomer any log; 2. there is somebody
to ask, and room for what is made; 3. the key is sealed under a passphrase that only its holder ever types; 4. the
public half goes into a file for an approver.
"""

from __future__ import annotations

from pathlib import Path

from vdw.cli.asking import require_keyboard, require_writable
from vdw.cli.context import Composition
from vdw.cli.new_keys import new_sealed_key
from vdw.cli.passphrases import new_passphrase
from vdw.cli.screen import say
from vdw.domain.ids import ApproverId
from vdw.errors import ErrorCode, VdwError
from vdw.service.environment import Environment
from vdw.service.key_requests import KeyRequest
from vdw.service.persons import require_name
from vdw.trust.files import write_whole
from vdw.trust.pin import read_pins


def join(env: Environment, found: Composition, name: str, root: str) -> tuple[KeyRequest, Path, Path]:
    """The request, its file in this folder, and the file of the sealed key.

    Raises `VdwError`: trust where the root is not known or not the log's, invalid_input for a name that is none;
    `OSError`.
    """
    settings, tenant = found.settings, found.operator().tenant
    name = require_name(name)
    # 1.
    if root:
        env.store.read(lambda reader: env.trust.adopt(reader, tenant, root))
    elif tenant not in read_pins(settings.trust_file).tenants:
        raise VdwError(
            ErrorCode.TRUST,
            "You have not pinned the trust root of this store yet.",
            "Ask an approver for it, on another way than this store (vdw doctor shows it to them), and give it: "
            "vdw approver join NAME --root ROOT",
        )
    env.store.read(lambda reader: env.trust.state(reader, tenant))
    # 2.
    require_keyboard()
    require_writable(
        settings.config_dir, "Make it writable, or choose another with vdw --config-dir FOLDER approver join."
    )
    require_writable(Path.cwd(), "Run it in a folder of yours.")
    # 3.
    approver = ApproverId(env.new_id("apr"))
    passphrase = new_passphrase(env.random_bytes)
    with new_sealed_key(
        settings.config_dir, tenant, approver, passphrase, env.random_bytes, is_named=lambda: False
    ) as (signer, sealed):
        # 4.
        request = KeyRequest(tenant, approver, name, signer.public_key)
        file = Path(f"vdw-join-{approver}.json")
        write_whole(file, request.body())
    return request, file, sealed


def tell(request: KeyRequest, file: Path, sealed: Path) -> None:
    say(f"Your approver key is sealed in {sealed}. Keep a copy of it and the passphrase apart from this machine.")
    say(f"It decides nothing until it is enrolled. Give {file} to an approver, who runs:")
    say(f"  vdw approver enrol {file.name}")
    say("They will ask you whether this is your public key:")
    say(f"  {request.public_key}")
