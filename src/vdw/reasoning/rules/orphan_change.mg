# rule: orphan_change
# says: {Change} implements no task and no requirement.
# severity: blocking
# from: implementation
# lanes: both
# scope: slice
# waivable: yes
# finding: orphan_change(Change)
# subjects: Change
# cites: change(Change)

needed_change(Change) :- implements(Change, _, _).
needed_change(Change) :- implements_requirement(Change, _, _).

orphan_change(Change) :- change(Change), !needed_change(Change).
