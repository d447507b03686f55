"""What administrators type: the short screens of a draft, and the acts of an open poll and its ending."""
