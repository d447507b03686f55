"""What the tests stand on: databases, page client, page lint, makers of rows, browser, mail server."""
