# rule: unimplemented
# says: No change implements {Requirement}, be it directly or by a task of one of its contracts.
# severity: blocking
# from: implementation
# lanes: both
# scope: slice
# waivable: yes
# finding: unimplemented(Requirement)
# subjects: Requirement
# cites: requirement(Requirement, _)
#
# In the light lane a change implements a requirement directly; what a full iteration carried in keeps its chain. That
# every task has its change is task_without_change's.

implemented(Requirement) :- implements_requirement(_, Requirement, _).
implemented(Requirement) :-
  contract_satisfies(Contract, Requirement, _), specifies(Task, Contract, _), implements(_, Task, _).

unimplemented(Requirement) :- requirement(Requirement, _), !implemented(Requirement).
