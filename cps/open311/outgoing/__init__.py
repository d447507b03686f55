"""Departments that work in another system: their cases are sent there, what it says comes back."""
