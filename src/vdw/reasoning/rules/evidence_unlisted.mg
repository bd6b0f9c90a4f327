# rule: evidence_unlisted
# says: {Evidence} says of {Requirement} at a head commit: {Outcome}, with trust {Trust}; the validation does not list it.
# severity: warning
# from: validation
# lanes: both
# scope: slice
# waivable: yes
# finding: evidence_unlisted(Requirement, Evidence, Outcome, Trust)
# subjects: Requirement
# cites: unlisted(Requirement, Evidence, _, _)
#
# Who writes a validation chooses what it lists. What the server holds beside it is told, also where other evidence passed.

evidence_unlisted(Requirement, Evidence, Outcome, Trust) :- unlisted(Requirement, Evidence, Outcome, Trust).
