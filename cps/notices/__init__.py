"""What the city knows now about an area, shown wherever it saves somebody a call or a report."""
