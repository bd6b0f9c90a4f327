# rule: unverified
# says: No evidence that the validation lists speaks of {Requirement}.
# severity: blocking
# from: validation
# lanes: both
# scope: slice
# waivable: yes
# finding: unverified(Requirement)
# subjects: Requirement
# cites: requirement(Requirement, _)
#
# Evidence that speaks of a requirement and does not count has a finding of its own for each reason: evidence_failed,
# evidence_not_run, evidence_below_trust, evidence_not_for_head, evidence_without_head, evidence_not_clean. Together
# they leave no gap: a result that has none of these reasons counts.

evidenced(Requirement) :- result(Requirement, _, _, _, _, _, _).

unverified(Requirement) :- requirement(Requirement, _), !evidenced(Requirement).
