"""What every rule file must pass before it runs. Each check stands for a silent wrong answer of the engine.

1. Every predicate is a base relation or defined here, with one arity: the engine takes an unknown one for empty, and
   its negation for true.
2. Base relations are never heads: facts come from one place.
3. Variables of a head, a negation or a comparison are bound by an earlier premise; a variable that stands once is `_`.
4. No negation within a recursion.
5. Recursion is linear and left: at most one premise of a body belongs to it, and it comes first. The engine loses facts
   where a recursive predicate stands twice, and takes a hundred times as long where it stands last.
6. Bounded: deep or wide programs crash the engine.

Aggregations, strings, floats and functions do not even parse (see `syntax`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from vdw.reasoning.syntax import ANONYMOUS, Clause, is_variable, rule_fault

MAX_CLAUSES = 40
"""Clauses of one file. Ours have at most 10; more is several rules."""
MAX_PREMISES = 12
"""Premises of one clause. The engine crashes at some thousands."""
MAX_COLUMNS = 8
"""Columns of one predicate."""


def lint(clauses: Sequence[Clause], arities: Mapping[str, int], name: str) -> None:
    """Returns only if the clauses of file `name` may run over base relations of these arities.

    Raises `VdwError` (configuration) with the first fault.
    """
    for fault in _faults(clauses, arities):
        raise rule_fault(name, fault)


def _faults(clauses: Sequence[Clause], base: Mapping[str, int]) -> Iterator[str]:
    if len(clauses) > MAX_CLAUSES:
        yield f"more than {MAX_CLAUSES} clauses"
    known = dict(base)
    for clause in clauses:
        if clause.head.name in base:
            yield f"{clause.head.name} is a base relation and cannot be derived"
        if known.setdefault(clause.head.name, len(clause.head.terms)) != len(clause.head.terms):
            yield f"{clause.head.name} is derived with two arities"
    groups = _recursive_groups(clauses)
    for clause in clauses:
        yield from _sizes(clause)
        yield from _predicates(clause, known)
        yield from _bindings(clause)
        yield from _recursion(clause, groups)


def _sizes(clause: Clause) -> Iterator[str]:
    if len(clause.body) > MAX_PREMISES:
        yield f"a clause of {clause.head.name} has more than {MAX_PREMISES} premises"
    if len(clause.head.terms) > MAX_COLUMNS:
        yield f"{clause.head.name} has more than {MAX_COLUMNS} columns"


def _predicates(clause: Clause, known: Mapping[str, int]) -> Iterator[str]:
    for premise in clause.body:
        atom = premise.atom
        if premise.compares:
            continue
        if atom.name not in known:
            yield f"{atom.name} is neither a base relation nor derived"
        elif known[atom.name] != len(atom.terms):
            yield f"{atom.name} has {known[atom.name]} columns, not {len(atom.terms)}"


def _bindings(clause: Clause) -> Iterator[str]:
    if not any(premise.binds for premise in clause.body):
        yield f"a clause of {clause.head.name} starts from no atom"
    bound: set[str] = set()
    for premise in clause.body:
        if premise.binds:
            bound |= premise.atom.variables()
        else:
            yield from _unbound(premise.atom.terms, bound, f"{premise} of a clause of {clause.head.name}")
    yield from _unbound(clause.head.terms, bound, str(clause.head))
    terms = [term for atom in (clause.head, *(premise.atom for premise in clause.body)) for term in atom.terms]
    for term in sorted(set(terms)):
        if is_variable(term) and terms.count(term) == 1:
            yield f"{term} stands only once in a clause of {clause.head.name}; write _"


def _unbound(terms: Sequence[str], bound: set[str], where: str) -> Iterator[str]:
    for term in terms:
        if term == ANONYMOUS or (is_variable(term) and term not in bound):
            yield f"no earlier premise binds {term} in {where}"


def _recursion(clause: Clause, groups: Mapping[str, frozenset[str]]) -> Iterator[str]:
    group = groups[clause.head.name]
    within = [place for place, premise in enumerate(clause.body) if premise.atom.name in group]
    if any(clause.body[place].negated for place in within):
        yield f"{clause.head.name} depends on its own negation"
    if len(within) > 1:
        yield f"a clause of {clause.head.name} uses its own recursion twice"
    if within and within[0] != 0:
        yield f"the recursive premise of {clause.head.name} does not come first"


def _recursive_groups(clauses: Sequence[Clause]) -> dict[str, frozenset[str]]:
    """Predicate → the predicates that it is defined by and that are defined by it; empty where it does not recur."""
    uses: dict[str, set[str]] = {}
    for clause in clauses:
        uses.setdefault(clause.head.name, set()).update(premise.atom.name for premise in clause.body)
    reach = {name: _reachable(name, uses) for name in uses}
    return {name: frozenset(other for other in reach[name] if name in reach.get(other, ())) for name in uses}


def _reachable(start: str, uses: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        for following in uses.get(waiting.pop(), ()):
            if following not in found:
                found.add(following)
                waiting.append(following)
    return found
