# rule: task_without_change
# says: No change implements {Task}, which specifies {Contract}.
# severity: blocking
# from: implementation
# lanes: full
# scope: slice
# waivable: yes
# finding: task_without_change(Task, Contract)
# subjects: Task
# cites: specifies(Task, Contract, _)
#
# A task that specifies no contract is orphan_task's.

done(Task) :- implements(_, Task, _).

task_without_change(Task, Contract) :- specifies(Task, Contract, _), !done(Task).
