# rule: orphan_component
# says: {Component} satisfies no requirement.
# severity: blocking
# from: architecture
# lanes: full
# scope: slice
# waivable: yes
# finding: orphan_component(Component)
# subjects: Component
# cites: component(Component)

needed_component(Component) :- component_satisfies(Component, _, _).

orphan_component(Component) :- component(Component), !needed_component(Component).
