"""The export of a project: a folder that proves itself, offline, to whoever holds the pin of the trust log.

`layout` names its files, `build` makes them from their `content`, `verify` checks them without the store: what is
`approved` hangs from signatures in the log, what people read is made again by `rendering` and compared.
"""
