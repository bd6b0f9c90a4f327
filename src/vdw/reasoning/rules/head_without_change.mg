# rule: head_without_change
# says: Of {Repository} the {Phase} names a head and lists no change; evidence from there counts all the same.
# severity: warning
# from: implementation
# lanes: both
# scope: global
# waivable: yes
# finding: head_without_change(Phase, Repository)
# subjects: Phase
# cites: current(Phase, _), head(Repository, _)
#
# Tests may live in a repository of their own, so it is told and not refused. Phase 4 is the implementation.

changed(Repository) :- built(Repository).

head_without_change(Phase, Repository) :-
  current(Phase, _), 4 <= Phase, Phase <= 4, head(Repository, _), !changed(Repository).
