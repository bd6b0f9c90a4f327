# rule: unspecified
# says: No contract satisfies {Requirement}.
# severity: blocking
# from: specification
# lanes: full
# scope: slice
# waivable: yes
# finding: unspecified(Requirement)
# subjects: Requirement
# cites: requirement(Requirement, _)
#
# A requirement whose contracts lack a task is unspecified too; contract_without_task names the contract, so that each
# finding has one cause and one remedy.

specified(Requirement) :- contract_satisfies(_, Requirement, _).

unspecified(Requirement) :- requirement(Requirement, _), !specified(Requirement).
