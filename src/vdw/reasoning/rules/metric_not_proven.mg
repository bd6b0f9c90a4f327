# rule: metric_not_proven
# says: {Evidence} measures {Metric} and does not count: {Outcome} with trust {Trust}, at {Commit}, {Clean}; the policy demands {Demanded} of a head commit.
# severity: blocking
# from: validation
# lanes: both
# scope: slice
# waivable: yes
# finding: metric_not_proven(Metric, Evidence, Outcome, Trust, Commit, Clean, Demanded)
# subjects: Metric, Evidence
# cites: measurement(Metric, Evidence, _, _, _, _, _), demanded(Demanded)
#
# What counts for a requirement counts for a metric. Silent where other evidence proves the metric; where none is named,
# metric_without_evidence says so. Outcome 1 is passed, said of the whole run.

proven(Metric) :-
  measurement(Metric, _, 1, Trust, Repository, Commit, 1), head(Repository, Commit), demanded(Demanded), Demanded <= Trust.

metric_not_proven(Metric, Evidence, Outcome, Trust, Commit, Clean, Demanded) :-
  measurement(Metric, Evidence, Outcome, Trust, _, Commit, Clean), demanded(Demanded), !proven(Metric).
