"""securesystemslib, which other tools verify with, agrees with what is signed here; it did not sign it."""

import pytest
from securesystemslib.dsse import Envelope as OtherEnvelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import Key  # type: ignore[attr-defined]  # public, but its types do not say so

from tests.unit.trust.chains import Log, signed, signer, team
from vdw.domain.canonical import canonical_bytes, parse_object
from vdw.trust.envelope import Envelope, parse_envelope
from vdw.trust.signer import KeySigner
from vdw.trust.verify_signature import require_public_key


def other_key(key: KeySigner) -> Key:
    public = require_public_key(key.public_key, "key").hex()
    return Key.from_dict(key.keyid, {"keytype": "ed25519", "scheme": "ed25519", "keyval": {"public": public}})


def other_reading(envelope: Envelope) -> OtherEnvelope:
    return OtherEnvelope.from_dict(dict(parse_object(envelope.body())))


def test_another_implementation_verifies_our_envelopes() -> None:
    envelope = signed(Log().decision(), signer("ada"))
    accepted = other_reading(envelope).verify([other_key(signer("ada"))], threshold=1)
    assert list(accepted) == ["apr_ada"]


def test_another_implementation_counts_several_signatures() -> None:
    envelope = signed(team("ada", "bob").enrolment("cyd"), signer("ada"), signer("bob"))
    keys = [other_key(signer("ada")), other_key(signer("bob"))]
    assert len(other_reading(envelope).verify(keys, threshold=2)) == 2


def test_another_implementation_encodes_the_same_bytes() -> None:
    envelope = signed(Log().decision(), signer("ada"))
    assert other_reading(envelope).pae() == envelope.pae


def test_another_implementation_refuses_what_we_refuse() -> None:
    log = Log()
    genuine = signed(log.decision(), signer("ada"))
    mixed = Envelope(signed(log.decision(iteration=2), signer("ada")).payload, genuine.signatures)
    with pytest.raises(VerificationError):
        other_reading(mixed).verify([other_key(signer("ada"))], threshold=1)


def test_what_another_implementation_writes_is_read_here_as_the_same_envelope() -> None:
    envelope = signed(Log().decision(), signer("ada"))
    assert parse_envelope(canonical_bytes(other_reading(envelope).to_dict())) == envelope
