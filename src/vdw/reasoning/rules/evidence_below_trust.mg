# rule: evidence_below_trust
# says: {Evidence} passed for {Requirement} with trust {Trust}; the policy demands {Demanded}.
# severity: blocking
# from: validation
# lanes: both
# scope: slice
# waivable: yes
# finding: evidence_below_trust(Requirement, Evidence, Trust, Demanded)
# subjects: Requirement, Evidence
# cites: result(Requirement, Evidence, _, Trust, _, _, _), demanded(Demanded)
#
# Silent where other evidence verifies the requirement. A dirty tree lowers a run to reported: there evidence_not_clean names
# the cause, unless more than run (3) is demanded, which no clean tree would have reached. Outcome 1 is passed.

evidence_below_trust(Requirement, Evidence, Trust, Demanded) :-
  result(Requirement, Evidence, 1, Trust, _, _, 1), demanded(Demanded), Trust < Demanded, !verified(Requirement).
evidence_below_trust(Requirement, Evidence, Trust, Demanded) :-
  result(Requirement, Evidence, 1, Trust, _, _, 0), demanded(Demanded), 3 < Demanded, Trust < Demanded,
  !verified(Requirement).
