"""Exports for tests: made once by the product from a completed project, held in memory, laid out where a test needs
one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from tests.unit.service.walking import Tenant
from vdw.bundle.build import build_files
from vdw.bundle.content import ExportContent
from vdw.bundle.layout import FILES
from vdw.bundle.verify import VerifyReport, verify_folder
from vdw.domain.canonical import digest_bytes
from vdw.domain.principal import Permission
from vdw.service.export_content import export_content
from vdw.service.founding import SERVER_KEY_SETTING
from vdw.service.loading import load_project
from vdw.store.interface import Reader
from vdw.trust.envelope import parse_envelope, sign
from vdw.trust.server_key import server_signer
from vdw.trust.server_statements import FilesStatement, read_server_statement
from vdw.trust.signer import ServerSigner


@dataclass(frozen=True, slots=True)
class Export:
    """An export with the pin that verifies it, and the server's key, which a careless or hostile operator has."""

    content: ExportContent
    files: Mapping[str, bytes]
    server: ServerSigner
    pin: bytes

    def verify(self, folder: Path, files: Mapping[str, bytes] | None = None, pin: bytes | None = None) -> VerifyReport:
        """The verdict on these files, by default the export's own, under this pin, by default the right one."""
        place, trust = folder / "export", folder / "trust.json"
        lay_out(place, self.files if files is None else files)
        trust.write_bytes(self.pin if pin is None else pin)
        return verify_folder(place, trust)

    def rebuilt(self, **changes: object) -> dict[str, bytes]:
        """The files of other content, with everything rendered and signed by the server anew."""
        return build_files(replace(self.content, **changes), self.server)  # type: ignore[arg-type]  # named by the test

    def with_project(self, **changes: object) -> dict[str, bytes]:
        """The files with some fields of project.json changed, rendered and signed anew."""
        return self.rebuilt(project={**self.content.project, **changes})

    def listed_anew(self, files: Mapping[str, bytes]) -> dict[str, bytes]:
        """These files under a list of them that the server signed, whatever they are."""
        found = read_server_statement(parse_envelope(files[FILES]).payload)
        assert isinstance(found, FilesStatement)
        rest = {path: body for path, body in files.items() if path != FILES}
        listed = tuple((path, digest_bytes(rest[path])) for path in sorted(rest))
        return {**rest, FILES: sign(replace(found, files=listed).as_statement(), (self.server,)).body()}


def export_of(tenant: Tenant, project: str) -> Export:
    """The export of the project as it stands."""

    def read(reader: Reader) -> tuple[ExportContent, bytes | None]:
        loaded = load_project(reader, tenant.operator, project, Permission.PROJECT_EXPORT)
        trust = tenant.env.trust.state(reader, tenant.operator.tenant)
        return export_content(reader, loaded, trust), reader.setting(SERVER_KEY_SETTING)

    content, private = tenant.env.store.read(read)
    assert private is not None
    signer = server_signer(content.trust, private)
    return Export(content, build_files(content, signer), signer, tenant.pin_file.read_bytes())


def lay_out(folder: Path, files: Mapping[str, bytes]) -> None:
    """The folder holds exactly these files; what is there already stays."""
    for found in folder.rglob("*"):
        if found.is_file() and found.relative_to(folder).as_posix() not in files:
            found.unlink()
    for path, body in files.items():
        target = folder / path
        if not target.exists() or target.read_bytes() != body:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(body)


def without(files: Mapping[str, bytes], paths: Iterable[str]) -> dict[str, bytes]:
    left = set(paths)
    return {path: body for path, body in files.items() if path not in left}
