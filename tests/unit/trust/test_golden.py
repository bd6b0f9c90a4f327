"""What is signed is signed for ever: files written once, which every later version must read and write the same way.

A change that turns one of these red breaks signatures that people hold. It needs a new version of the format beside the
old one, never a new golden file.
"""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.trust.chains import secret
from vdw.domain.canonical import Digest, JsonObject, canonical_bytes, digest_bytes
from vdw.domain.manifest import element_from_body, manifest_from_json
from vdw.domain.trust_entry import TrustEntry
from vdw.trust.chain import entry_hash, replay
from vdw.trust.envelope import parse_envelope, sign
from vdw.trust.parsing import read_statement
from vdw.trust.pin import Pin
from vdw.trust.sealed_key import open_sealed_key
from vdw.trust.server_key import verify_files, verify_verdict
from vdw.trust.server_statements import read_server_statement
from vdw.trust.signer import KeySigner, ServerSigner

Vector = dict[str, Any]


def golden(name: str) -> Vector:
    vector: Vector = json.loads((Path(__file__).parent / "golden" / f"{name}.json").read_text("utf-8"))
    return vector


LOG = golden("log")
SERVER = golden("server")
MANIFEST = golden("manifest")
ENTRIES = pytest.mark.parametrize("entry", LOG["entries"], ids=lambda entry: f"entry {entry['position']}")


def row(entry: Vector) -> TrustEntry:
    body = canonical_bytes(entry["envelope"])
    digest = Digest(entry["envelope_digest"])
    return TrustEntry(
        LOG["tenant"], entry["position"], entry["prev"], entry["hash"], digest, body, entry["accepted_at"]
    )


@ENTRIES
def test_the_same_statement_signed_by_the_same_keys_gives_the_same_envelope(entry: Vector) -> None:
    typed = read_statement(canonical_bytes(entry["statement"]))
    keyids = [signature["keyid"] for signature in entry["envelope"]["signatures"]]
    signers = [KeySigner(keyid, secret(keyid.removeprefix("apr_"))) for keyid in keyids]
    envelope = sign(typed.as_statement(), signers)
    assert envelope.as_json() == entry["envelope"]
    assert envelope.digest() == entry["envelope_digest"]


@ENTRIES
def test_the_same_entry_has_the_same_hash(entry: Vector) -> None:
    assert digest_bytes(entry["hashed"].encode()) == entry["hash"]
    assert entry_hash(entry["prev"], entry["envelope_digest"], entry["accepted_at"]) == entry["hash"]


def test_a_log_with_every_kind_of_entry_verifies_under_its_pin() -> None:
    state = replay([row(entry) for entry in LOG["entries"]], Pin(**LOG["pin"]))
    kinds = {entry["statement"]["predicateType"].split(":")[2] for entry in LOG["entries"]}
    assert kinds == {
        "found", "enrol", "server-key", "decision", "waiver", "replace", "policy", "revoke", "refound"
    }  # fmt: skip
    assert state.in_force == ("apr_eve",)
    assert len(state.decisions) == 2
    assert len(state.lost_roots) == 1


@pytest.mark.parametrize("kind", ["verdict", "files"])
def test_the_server_signs_the_same_statement_the_same_way(kind: str) -> None:
    vector = SERVER[kind]
    typed = read_server_statement(canonical_bytes(vector["statement"]))
    envelope = sign(typed.as_statement(), (ServerSigner("srv_main", secret("main")),))
    assert envelope.as_json() == vector["envelope"]
    assert (envelope.digest(), digest_bytes(envelope.pae)) == (vector["envelope_digest"], vector["pae_sha256"])


def test_what_the_server_signed_verifies_against_the_log() -> None:
    state = replay([row(entry) for entry in LOG["entries"]], Pin(**LOG["pin"]))
    assert verify_verdict(state, canonical_bytes(SERVER["verdict"]["envelope"])).allowed
    files = verify_files(state, canonical_bytes(SERVER["files"]["envelope"]))
    assert [path for path, _ in files.files] == ["artifacts/mood.json", "vibes/SRC-1.txt"]


@pytest.mark.parametrize("vector", MANIFEST["elements"], ids=lambda vector: vector["element"]["id"])
def test_the_same_element_has_the_same_digest(vector: Vector) -> None:
    element = element_from_body(canonical_bytes(vector["element"]))
    assert element.body().decode() == vector["canonical"]
    assert element.digest() == vector["digest"]


def test_the_same_manifest_has_the_same_digest() -> None:
    value: JsonObject = MANIFEST["manifest"]
    manifest = manifest_from_json(value)
    assert manifest.body().decode() == MANIFEST["canonical"]
    assert manifest.digest() == MANIFEST["digest"]


def test_a_sealed_key_opens_for_ever(tmp_path: Path) -> None:
    vector = golden("sealed_key")
    path = tmp_path / "key.json"
    path.write_bytes(canonical_bytes(vector["file"]))
    assert open_sealed_key(path, vector["passphrase"]) == ("apr_ada", bytes.fromhex(vector["private"]))


def test_the_golden_envelopes_hold_the_golden_statements() -> None:
    for entry in LOG["entries"]:
        envelope = parse_envelope(canonical_bytes(entry["envelope"]))
        assert envelope.payload == canonical_bytes(entry["statement"])
        assert envelope.payload == base64.b64decode(entry["envelope"]["payload"])
