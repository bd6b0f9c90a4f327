# rule: evidence_run_failed
# says: {Evidence} is of a run that failed, in something that names no requirement.
# severity: blocking
# from: validation
# lanes: both
# scope: slice
# waivable: yes
# finding: evidence_run_failed(Evidence)
# subjects: Evidence
# cites: shown(Evidence, _)
#
# A build that is red proves nothing by its green parts. Where a requirement failed, evidence_failed says so. Outcome 2 is failed.

blamed(Evidence) :- fails(Evidence, _).

evidence_run_failed(Evidence) :- shown(Evidence, 2), !blamed(Evidence).
