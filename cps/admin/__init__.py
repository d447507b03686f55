"""Founding a city and looking after it, over the services of the features."""
