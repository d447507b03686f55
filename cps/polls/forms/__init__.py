"""What people type: voters, officers at the counter, whoever objects; and the fields of all forms of polls."""
