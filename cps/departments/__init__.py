"""Departments and their staff, categories and their questions, service times, calendar, templates."""
