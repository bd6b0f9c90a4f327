# Predicates that several rules use. A program gets those that its rules ask for.

# Phases of the lane up to the gate.
due(Phase) :- walks(Phase), gate(Gate), Phase <= Gate.

# Passed (1), at the head, on a clean tree (1), with the trust that the policy demands.
verified(Requirement) :-
  result(Requirement, _, 1, Trust, Repository, Commit, 1), head(Repository, Commit), demanded(Demanded), Demanded <= Trust.
