"""What people type: voters, officers at the counter, whoever objects; and fields of all forms of polls."""
