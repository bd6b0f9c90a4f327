# rule: evidence_without_head
# says: {Evidence} passed for {Requirement} in {Repository}, of which the implementation names no head.
# severity: blocking
# from: validation
# lanes: both
# scope: slice
# waivable: yes
# finding: evidence_without_head(Requirement, Evidence, Repository)
# subjects: Requirement, Evidence
# cites: result(Requirement, Evidence, _, _, Repository, _, _)

headed(Repository) :- head(Repository, _).

evidence_without_head(Requirement, Evidence, Repository) :-
  result(Requirement, Evidence, 1, _, Repository, _, _), !headed(Repository), !verified(Requirement).
