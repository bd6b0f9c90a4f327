# rule: free_pattern
# says: {Requirement} is worded freely: no code checks its form, so its acceptance criteria alone say when it is met.
# severity: warning
# from: mood
# lanes: both
# scope: slice
# waivable: yes
# finding: free_pattern(Requirement)
# subjects: Requirement
# cites: free(Requirement)
#
# At the mood's gate (1) alone: there the words are decided.

free_pattern(Requirement) :- gate(1), free(Requirement).
