# rule: tests_unchanged
# says: {Requirement} has changed since the last build, and no file that is known to test it has: {File}.
# severity: warning
# from: validation
# lanes: both
# scope: slice
# waivable: yes
# finding: tests_unchanged(Requirement, File)
# subjects: Requirement
# cites: requirement(Requirement, _), stood(Requirement, _), tested_in(Requirement, File)
#
# A file has changed if the implementation lists it with a content that the last build did not list. Silent where nothing is
# known of test files, be it of one test of the requirement alone.

retested(Requirement) :- listed(Requirement, File, Content), !listed_before(Requirement, File, Content).

tests_unchanged(Requirement, File) :-
  requirement(Requirement, Version), stood(Requirement, Before), Version != Before, tested_in(Requirement, File),
  !unplaced(Requirement), !retested(Requirement).
