# rule: uncovered
# says: No component satisfies {Requirement}.
# severity: blocking
# from: architecture
# lanes: full
# scope: slice
# waivable: yes
# finding: uncovered(Requirement)
# subjects: Requirement
# cites: requirement(Requirement, _)

covered(Requirement) :- component_satisfies(_, Requirement, _).

uncovered(Requirement) :- requirement(Requirement, _), !covered(Requirement).
