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
# Start lies on a cycle with whatever comes after it and leads back to it. Followed from every element this would cost the
# square of their number, so only some are asked: at least one of each group that depends on itself. Asking more changes
# nothing.

after(Start, Basis) :- asked(Start), depends_on(Start, Basis).
after(Start, Basis) :- after(Start, Element), depends_on(Element, Basis).

circle(Start, Element) :- after(Start, Element), depends_on(Element, Start).
circle(Start, Element) :- circle(Start, Basis), depends_on(Element, Basis), after(Start, Element).

dependency_cycle(Element, Basis) :- circle(Start, Element), circle(Start, Basis), depends_on(Element, Basis).
