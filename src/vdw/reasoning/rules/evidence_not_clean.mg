# rule: evidence_not_clean
# says: {Evidence} passed for {Requirement} on a tree with uncommitted changes.
# severity: blocking
# from: validation
# lanes: both
# scope: slice
# waivable: yes
# finding: evidence_not_clean(Requirement, Evidence)
# subjects: Requirement, Evidence
# cites: result(Requirement, Evidence, _, _, _, _, _)

evidence_not_clean(Requirement, Evidence) :-
  result(Requirement, Evidence, 1, _, _, _, 0), !verified(Requirement).
