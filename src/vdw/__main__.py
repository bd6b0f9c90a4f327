"""`python -m vdw` is `vdw`."""

from vdw.app import main

main()
