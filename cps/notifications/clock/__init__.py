"""What staff are told when the time of a case runs out."""
