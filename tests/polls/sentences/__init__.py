"""The sixteen sentences about polls that must stay true, each tried with real threads and processes.

Where a sentence withstands an attack, the same attack is also tried without the defence, and succeeds.
Run with `-s` to read the figures. `CPS_TEST_ROUNDS` says how often processes are killed; `make test-long`
kills a hundred times.
"""
