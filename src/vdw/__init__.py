"""VDW Orchestrator: takes a project from a vibe to a validated result through gates that only humans open."""
__version__ = "0.1.0"
