"""What partners and supervisors are told when cases are handed on, or lie where nobody looks."""
