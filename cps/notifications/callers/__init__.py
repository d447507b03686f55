"""What callers are told who hear of a case that others had reported."""
