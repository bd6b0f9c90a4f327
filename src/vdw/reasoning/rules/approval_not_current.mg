# rule: approval_not_current
# says: The decisions on {Phase} approve another revision than its current one.
# severity: blocking
# from: mood
# lanes: both
# scope: global
# waivable: no
# finding: approval_not_current(Phase)
# subjects: Phase
# cites: approved(Phase, _), walks(Phase)

approved_as_it_stands(Phase) :- approved(Phase, Digest), current(Phase, Digest).

approval_not_current(Phase) :-
  walks(Phase), gate(Gate), Phase < Gate, approved(Phase, _), !approved_as_it_stands(Phase).
