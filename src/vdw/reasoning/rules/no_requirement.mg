# rule: no_requirement
# says: Nothing is required, so there is nothing that {Phase} could be measured by.
# severity: blocking
# from: mood
# lanes: both
# scope: slice
# waivable: no
# finding: no_requirement(Phase)
# subjects: Phase
# cites: gate(Phase)

asks(Phase) :- gate(Phase), requirements(_).

no_requirement(Phase) :- gate(Phase), !asks(Phase).
