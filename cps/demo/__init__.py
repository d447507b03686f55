"""The demo city: its wards, offices, people and their complaints, all invented."""
