# rule: orphan_contract
# says: {Contract} satisfies no requirement.
# severity: blocking
# from: specification
# lanes: full
# scope: slice
# waivable: yes
# finding: orphan_contract(Contract)
# subjects: Contract
# cites: contract(Contract, _)

needed_contract(Contract) :- contract_satisfies(Contract, _, _).

orphan_contract(Contract) :- contract(Contract, _), !needed_contract(Contract).
