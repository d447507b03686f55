"""Who works for the city: accounts of staff, their roles and departments, and who is invited."""
