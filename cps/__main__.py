"""`python -m cps` is the console command `cps`."""

from cps.cli import main

main()
