"""The code by which somebody at the counter shows that an address is theirs."""
