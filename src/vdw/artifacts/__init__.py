"""The way of an artifact: models, reading, parts, revisions, differences, evidence, Markdown."""
