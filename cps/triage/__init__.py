"""The officer's desk: one queue, its boxes and filters, and the case beside it."""
