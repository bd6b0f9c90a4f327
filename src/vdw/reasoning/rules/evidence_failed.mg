# rule: evidence_failed
# says: {Evidence} failed for {Requirement}.
# severity: blocking
# from: validation
# lanes: both
# scope: slice
# waivable: yes
# finding: evidence_failed(Requirement, Evidence)
# subjects: Requirement, Evidence
# cites: result(Requirement, Evidence, _, _, _, _, _)
#
# Whatever else passed. Outcome 2 is failed.

evidence_failed(Requirement, Evidence) :- result(Requirement, Evidence, 2, _, _, _, _).
