"""How the city keeps its promises: figures that anybody can recount, months that stay as they were told."""
