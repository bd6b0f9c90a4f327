"""VDW Orchestrator: takes a project from a vibe to a validated result, through gates that only humans open.

The way of a request                          The way of an artifact
--------------------                          ----------------------
transport/  bytes arrive, the edge checks     artifacts/pipeline.py   draft, read, split, revise
auth/       who calls                         reasoning/              facts in, verdict out
server/     which tool, may they, arguments   service/submitting.py   stored with its verdict
service/    the command or query itself       service/reviewing.py    a review with one signed brief
lifecycle/  the laws (pure)                   trust/                  decisions in one signed chain
store/      one unit of work                  bundle/                 exported, verifiable by anybody

Beside them: domain/ the words that all of it is said in; config.py what may be set; beside.py where large work runs;
folders.py what is ours alone and nothing to git; events/ waits for what other processes did; cli/ what a person types;
runner/ the test run that `vdw verify` observes.

Start reading at server/pipeline.py, then artifacts/pipeline.py, lifecycle/phases.py, app.py.
"""

__version__ = "0.1.0"
