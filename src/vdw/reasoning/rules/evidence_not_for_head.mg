# rule: evidence_not_for_head
# says: {Evidence} passed for {Requirement} at {Commit}; the head of {Repository} is {Head}.
# severity: blocking
# from: validation
# lanes: both
# scope: slice
# waivable: yes
# finding: evidence_not_for_head(Requirement, Evidence, Repository, Commit, Head)
# subjects: Requirement, Evidence
# cites: result(Requirement, Evidence, _, _, Repository, Commit, _), head(Repository, Head)
#
# Equality, no clocks: evidence counts for the commit that the implementation names, for carried requirements too.

evidence_not_for_head(Requirement, Evidence, Repository, Commit, Head) :-
  result(Requirement, Evidence, 1, _, Repository, Commit, _), head(Repository, Head), Commit != Head,
  !verified(Requirement).
