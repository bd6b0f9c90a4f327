# rule: blocking_question
# says: {Question} is blocking and has no answer.
# severity: blocking
# from: mood
# lanes: both
# scope: slice
# waivable: yes
# finding: blocking_question(Question)
# subjects: Question
# cites: question(Question), blocking(Question)

blocking_question(Question) :- question(Question), blocking(Question), !answered(Question).
