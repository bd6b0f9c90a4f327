# rule: stale_gone
# says: {Element} rests on {Basis}, which is no longer there.
# severity: blocking
# from: mood
# lanes: both
# scope: slice
# waivable: yes
# finding: stale_gone(Element, Basis)
# subjects: Element, Basis
# cites: rests_on(Element, _, Basis, _)

standing(Basis) :- stands(Basis, _).

stale_gone(Element, Basis) :- rests_on(Element, Phase, Basis, _), due(Phase), !standing(Basis).
