"""Ways in besides the site: text messages, mail, chat, paper; all land in one queue."""
