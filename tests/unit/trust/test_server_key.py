"""What the server signs: verdicts and file lists, by a key that the log knows, for this tenant only."""

import json
from dataclasses import replace

import pytest

from tests.unit.trust.chains import ARTIFACT, PRJ_A, TENANT, TIME, Log, predicate, secret, signed, signer, subject_of
from vdw.domain.canonical import JsonValue, canonical_bytes, digest_bytes
from vdw.domain.ids import ProjectId, TenantId
from vdw.domain.stages import Phase
from vdw.errors import ErrorCode, VdwError
from vdw.trust.envelope import Envelope, sign
from vdw.trust.server_key import new_server_key, server_signer, verify_files, verify_verdict
from vdw.trust.server_statements import MAX_FILES, FilesStatement, VerdictStatement, read_server_statement
from vdw.trust.signer import ServerSigner

LOG = Log()
LOG.server_key("main", "ada")
SERVER = ServerSigner("srv_main", secret("main"))
VERDICT = VerdictStatement(
    tenant=TENANT,
    project=PRJ_A,
    iteration=1,
    gate=Phase.MOOD,
    digest=ARTIFACT,
    verdict=digest_bytes(b"the verdict"),
    facts=digest_bytes(b"the facts"),
    allowed=True,
    log_head=LOG.state.head,
    time=TIME,
)
FILES = FilesStatement(
    tenant=TENANT,
    project=PRJ_A,
    log_head=LOG.state.head,
    last_statement=None,
    files=(("artifacts/mood.json", digest_bytes(b"mood")), ("objects/" + ARTIFACT, ARTIFACT)),
    time=TIME,
)


def vouched(statement: VerdictStatement | FilesStatement, *signers: ServerSigner) -> bytes:
    return sign(statement.as_statement(), signers or (SERVER,)).body()


def test_a_new_key_is_enrolled_by_its_public_half_and_does_not_print_the_other() -> None:
    key = new_server_key("srv_new", lambda size: b"\x07" * size)
    assert ServerSigner("srv_new", key.private_bytes).public_key == key.public_key
    assert repr(key) == "ServerKey(srv_new)"


def test_the_store_s_key_signs_under_the_id_that_the_log_knows_it_by() -> None:
    assert server_signer(LOG.state, secret("main")).keyid == "srv_main"


@pytest.mark.parametrize("private", [secret("stranger"), secret("ada"), b"", b"short"])
def test_a_key_that_the_log_does_not_know_signs_nothing(private: bytes) -> None:
    with pytest.raises(VdwError) as refused:
        server_signer(LOG.state, private)
    assert refused.value.code is ErrorCode.SIGNATURE


def test_what_the_server_signed_is_read_back() -> None:
    assert verify_verdict(LOG.state, vouched(VERDICT)) == VERDICT
    assert verify_files(LOG.state, vouched(FILES)) == FILES


def test_a_verdict_is_no_file_list_and_the_other_way_round() -> None:
    with pytest.raises(VdwError):
        verify_files(LOG.state, vouched(VERDICT))
    with pytest.raises(VdwError):
        verify_verdict(LOG.state, vouched(FILES))


def test_a_human_does_not_vouch_for_the_server_nor_the_server_for_a_human() -> None:
    by_human = sign(VERDICT.as_statement(), (signer("ada"),)).body()
    with pytest.raises(VdwError) as refused:
        verify_verdict(LOG.state, by_human)
    assert refused.value.code is ErrorCode.SIGNATURE
    with pytest.raises(VdwError) as refused:
        LOG.add_envelope(signed(LOG.decision(approver="srv_main"), SERVER))
    assert refused.value.code is ErrorCode.SIGNATURE


def test_only_one_server_key_of_the_log_signs() -> None:
    stranger = ServerSigner("srv_eve", secret("eve"))
    for signers in ((ServerSigner("srv_main", secret("eve")),), (stranger, SERVER), (SERVER, stranger)):
        with pytest.raises(VdwError) as refused:
            verify_verdict(LOG.state, vouched(VERDICT, *signers))
        assert refused.value.code is ErrorCode.SIGNATURE


def test_another_tenants_statement_is_refused() -> None:
    with pytest.raises(VdwError) as refused:
        verify_verdict(LOG.state, vouched(replace(VERDICT, tenant=TenantId("ten_b"))))
    assert refused.value.code is ErrorCode.SIGNATURE


def test_changed_bytes_are_refused() -> None:
    genuine = sign(FILES.as_statement(), (SERVER,))
    other = sign(replace(FILES, project=ProjectId("prj_b")).as_statement(), (SERVER,))
    with pytest.raises(VdwError):
        verify_files(LOG.state, Envelope(other.payload, genuine.signatures).body())
    with pytest.raises(VdwError):
        verify_files(LOG.state, genuine.body() + b"\n")


@pytest.mark.parametrize(
    "path",
    ["", "/etc/passwd", "../x", "a/../b", "a/./b", "a//b", "a/", "a\\b", "C:x", "a b", "größe", "a\n", "x" * 201],
)
def test_a_file_list_names_files_inside_the_export_only(path: str) -> None:
    with pytest.raises(VdwError) as refused:
        verify_files(LOG.state, vouched(replace(FILES, files=((path, ARTIFACT),))))
    assert refused.value.code is ErrorCode.INVALID_INPUT


@pytest.mark.parametrize("paths", [("b", "a"), ("a", "a"), ()])
def test_a_file_list_is_sorted_and_names_each_file_once(paths: tuple[str, ...]) -> None:
    with pytest.raises(VdwError) as refused:
        verify_files(LOG.state, vouched(replace(FILES, files=tuple((path, ARTIFACT) for path in paths))))
    assert refused.value.code is ErrorCode.INVALID_INPUT


def test_a_file_list_is_bounded() -> None:
    files = [{"name": f"objects/{number:05}", "digest": {"sha256": ARTIFACT}} for number in range(MAX_FILES + 1)]
    with pytest.raises(VdwError) as refused:
        read_server_statement(json.dumps({**FILES.as_statement(), "subject": files}).encode())
    assert refused.value.details["rule"] == f"at most {MAX_FILES} files"


@pytest.mark.parametrize("statement", [VERDICT, FILES], ids=["verdict", "files"])
def test_nothing_is_vouched_for_that_was_not_read(statement: VerdictStatement | FilesStatement) -> None:
    value = statement.as_statement()
    subject: JsonValue = [{**subject_of(value), "annotations": {}}]
    for other in ({**value, "note": "x"}, {**value, "predicate": {**predicate(value), "note": "x"}}):
        with pytest.raises(VdwError) as refused:
            read_server_statement(canonical_bytes(other))
        assert "exactly the fields" in str(refused.value.details["rule"])
    for other in (
        {**value, "subject": subject},
        {**value, "predicateType": "urn:vdw:decision:1"},
        {**value, "_type": "x"},
    ):
        with pytest.raises(VdwError) as refused:
            read_server_statement(canonical_bytes(other))
        assert refused.value.code is ErrorCode.INVALID_INPUT


def test_a_verdict_that_does_not_allow_is_signed_as_such() -> None:
    assert not verify_verdict(LOG.state, vouched(replace(VERDICT, allowed=False))).allowed
