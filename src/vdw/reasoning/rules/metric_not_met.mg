# rule: metric_not_met
# says: {Metric} is not met, as {Element} says.
# severity: blocking
# from: validation
# lanes: both
# scope: slice
# waivable: yes
# finding: metric_not_met(Metric, Element)
# subjects: Metric, Element
# cites: outcome(Metric, Element, _)
#
# A number that was asked for and missed is no less than one that nobody measured: somebody signs for it. 0 is not met.

metric_not_met(Metric, Element) :- outcome(Metric, Element, 0).
