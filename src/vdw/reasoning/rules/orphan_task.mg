# rule: orphan_task
# says: {Task} specifies no contract.
# severity: blocking
# from: specification
# lanes: full
# scope: slice
# waivable: yes
# finding: orphan_task(Task)
# subjects: Task
# cites: task(Task, _)

needed_task(Task) :- specifies(Task, _, _).

orphan_task(Task) :- task(Task, _), !needed_task(Task).
