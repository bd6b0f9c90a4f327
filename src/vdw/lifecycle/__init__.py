"""Where in the work a project is, and what may happen next. Laws in `phases`, pure; drafts in `distiller` and
`drafter`."""
