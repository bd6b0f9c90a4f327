# rule: stale_basis
# says: {Element} rests on {Basis}, which is stale itself.
# severity: blocking
# from: mood
# lanes: both
# scope: global
# waivable: yes
# finding: stale_basis(Element, Basis)
# subjects: Element, Basis
# cites: link(Element, _, Basis, _), link+(Basis)
#
# Carries what stale and stale_gone find over all that rests on it.

there(Basis) :- stands(Basis, _).

unsettled(Element) :- link(Element, _, Basis, Stamp), stands(Basis, Version), Stamp != Version.
unsettled(Element) :- link(Element, _, Basis, _), !there(Basis).
unsettled(Element) :- unsettled(Basis), link(Element, _, Basis, _).

stale_basis(Element, Basis) :- unsettled(Basis), link(Element, Phase, Basis, _), due(Phase).
