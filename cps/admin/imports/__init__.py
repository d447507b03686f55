"""Files that administrators bring in: looked at first, taken over by the worker, gone afterwards."""
