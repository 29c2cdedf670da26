"""Who is at the till, where it stands, and how anything is recorded."""
