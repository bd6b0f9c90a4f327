"""A project with its documents and its tenant's trust, from one snapshot: what commands reason on."""

from __future__ import annotations

from dataclasses import dataclass, replace

from vdw.domain.principal import Permission, Principal
from vdw.lifecycle.state import ProjectState
from vdw.service.environment import Environment
from vdw.service.graph import ProjectGraph, read_graph
from vdw.service.loading import Loaded, load_project
from vdw.service.proven import proven
from vdw.store.interface import Reader
from vdw.trust.state import TrustState


@dataclass(frozen=True, slots=True)
class Scene:
    loaded: Loaded
    graph: ProjectGraph
    trust: TrustState

    @property
    def state(self) -> ProjectState:
        return self.loaded.state


def read_scene(env: Environment, principal: Principal, project: str, permission: Permission) -> Scene:
    """The state in it is `proven`. Raises `VdwError` like `load_project`, and (trust) when the tenant's trust log does
    not verify, (storage) when the documents are not those of the project."""

    def read(reader: Reader) -> Scene:
        loaded = load_project(reader, principal, project, permission)
        # The trust first: a decision that another thread takes over meanwhile makes this snapshot an earlier one.
        trust = env.trust.state(reader, principal.tenant)
        graph = read_graph(reader, loaded.state)
        return Scene(replace(loaded, state=proven(loaded.state, graph, trust)), graph, trust)

    return env.store.read(read)
