"""What staff, commands and the worker did, for administrators to read."""
