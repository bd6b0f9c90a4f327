# rule: evidence_not_run
# says: {Evidence} was {Outcome} for {Requirement}, which nothing else verifies.
# severity: blocking
# from: validation
# lanes: both
# scope: slice
# waivable: yes
# finding: evidence_not_run(Requirement, Evidence, Outcome)
# subjects: Requirement, Evidence
# cites: result(Requirement, Evidence, Outcome, _, _, _, _)
#
# Outcomes 3 and 4 are skipped and not run.

evidence_not_run(Requirement, Evidence, Outcome) :-
  result(Requirement, Evidence, Outcome, _, _, _, _), 3 <= Outcome, !verified(Requirement).
