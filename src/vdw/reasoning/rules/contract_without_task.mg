# rule: contract_without_task
# says: No task specifies {Contract}, which satisfies {Requirement}.
# severity: blocking
# from: specification
# lanes: full
# scope: slice
# waivable: yes
# finding: contract_without_task(Contract, Requirement)
# subjects: Contract
# cites: contract_satisfies(Contract, Requirement, _)
#
# The second half of unspecified. A contract that satisfies no requirement is orphan_contract's.

tasked(Contract) :- specifies(_, Contract, _).

contract_without_task(Contract, Requirement) :- contract_satisfies(Contract, Requirement, _), !tasked(Contract).
