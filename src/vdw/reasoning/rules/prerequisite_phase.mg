# rule: prerequisite_phase
# says: No verified decision approves {Phase}, which comes before this gate.
# severity: blocking
# from: mood
# lanes: both
# scope: global
# waivable: no
# finding: prerequisite_phase(Phase)
# subjects: Phase
# cites: gate(_), walks(Phase)

decided(Phase) :- approved(Phase, _).

prerequisite_phase(Phase) :- walks(Phase), gate(Gate), Phase < Gate, !decided(Phase).
