# rule: dependency_cycle
# says: {Element} depends on itself, by way of {Basis}.
# severity: blocking
# from: specification
# lanes: full
# scope: global
# waivable: yes
# finding: dependency_cycle(Element, Basis)
# subjects: Element
# cites: depends_on(Element, Basis), depends_on+(Basis)
#
# An element is on a cycle if it lies both after and before some element. Followed from everywhere this costs the square
# of the elements, so only some are asked: at least one of each group that depends on itself. Asking more changes
# nothing.

after(Start, Basis) :- asked(Start), depends_on(Start, Basis).
after(Start, Basis) :- after(Start, Element), depends_on(Element, Basis).

before(Start, Element) :- asked(Start), depends_on(Element, Start).
before(Start, Element) :- before(Start, Basis), depends_on(Element, Basis).

dependency_cycle(Element, Basis) :-
  after(Start, Element), before(Start, Basis), depends_on(Element, Basis).
