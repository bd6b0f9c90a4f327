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

# A claim (trust 1) needs no commit. Where a claim is too little, evidence_below_trust says so, and once is enough.

headed(Repository) :- head(Repository, _).

evidence_without_head(Requirement, Evidence, Repository) :-
  result(Requirement, Evidence, 1, Trust, Repository, _, _), 1 < Trust, !headed(Repository), !verified(Requirement).
evidence_without_head(Requirement, Evidence, Repository) :-
  result(Requirement, Evidence, 1, 1, Repository, _, _), demanded(1), !headed(Repository), !verified(Requirement).
