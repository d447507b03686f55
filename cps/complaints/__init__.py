"""Complaints: filing one, the public list and map, the page of one, whether it is fixed."""
