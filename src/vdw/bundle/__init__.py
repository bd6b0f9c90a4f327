"""The export of a project: a folder that proves itself, offline, to whoever holds the pin of the trust log.

`layout` names its files, `build` makes them from the store, `verify` checks them without it, `report` renders them.
"""
