"""`python -m cps` is the console command `cps`."""

from cps.cli import main

if __name__ == "__main__":  # processes that draw import this module again
    main()
