# rule: orphan_evidence
# says: {Evidence} speaks of no requirement and measures no metric.
# severity: blocking
# from: validation
# lanes: both
# scope: slice
# waivable: yes
# finding: orphan_evidence(Evidence)
# subjects: Evidence
# cites: evidence(Evidence)

needed_evidence(Evidence) :- result(_, Evidence, _, _, _, _, _).
needed_evidence(Evidence) :- measurement(_, Evidence, _, _, _, _, _).

orphan_evidence(Evidence) :- evidence(Evidence), !needed_evidence(Evidence).
