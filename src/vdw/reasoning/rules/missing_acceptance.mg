# rule: missing_acceptance
# says: {Requirement} has no acceptance criterion.
# severity: blocking
# from: mood
# lanes: both
# scope: slice
# waivable: yes
# finding: missing_acceptance(Requirement)
# subjects: Requirement
# cites: requirement(Requirement, _)

accepted(Requirement) :- criteria(Requirement, _).

missing_acceptance(Requirement) :- requirement(Requirement, _), !accepted(Requirement).
