# rule: metric_without_evidence
# says: No evidence that the validation lists measures {Metric}.
# severity: blocking
# from: validation
# lanes: both
# scope: slice
# waivable: yes
# finding: metric_without_evidence(Metric)
# subjects: Metric
# cites: metric(Metric)

measured(Metric) :- measurement(Metric, _, _, _, _, _, _).

metric_without_evidence(Metric) :- metric(Metric), !measured(Metric).
