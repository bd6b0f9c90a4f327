# rule: stale
# says: {Element} rests on {Basis}, which has changed since.
# severity: blocking
# from: mood
# lanes: both
# scope: slice
# waivable: yes
# finding: stale(Element, Basis, Stamp, Version)
# subjects: Element, Basis
# cites: component_satisfies(Element, Basis, Stamp), contract_satisfies(Element, Basis, Stamp), specifies(Element, Basis, Stamp), implements(Element, Basis, Stamp), implements_requirement(Element, Basis, Stamp), verifies(Element, Basis, Stamp), rests_on(Element, _, Basis, Stamp), requirement(Basis, Version), contract(Basis, Version), task(Basis, Version), stands(Basis, Version)
#
# One clause for each relation that links stand in; the numbers are the phases of the linking elements. Blocks the stale
# element's own phase and later ones, never an earlier one that was reopened.

stale(Element, Basis, Stamp, Version) :-
  due(2), component_satisfies(Element, Basis, Stamp), requirement(Basis, Version), Stamp != Version.
stale(Element, Basis, Stamp, Version) :-
  due(3), contract_satisfies(Element, Basis, Stamp), requirement(Basis, Version), Stamp != Version.
stale(Element, Basis, Stamp, Version) :-
  due(3), specifies(Element, Basis, Stamp), contract(Basis, Version), Stamp != Version.
stale(Element, Basis, Stamp, Version) :-
  due(4), implements(Element, Basis, Stamp), task(Basis, Version), Stamp != Version.
stale(Element, Basis, Stamp, Version) :-
  due(4), implements_requirement(Element, Basis, Stamp), requirement(Basis, Version), Stamp != Version.
stale(Element, Basis, Stamp, Version) :-
  due(5), verifies(Element, Basis, Stamp), requirement(Basis, Version), Stamp != Version.
stale(Element, Basis, Stamp, Version) :-
  rests_on(Element, Phase, Basis, Stamp), due(Phase), stands(Basis, Version), Stamp != Version.
