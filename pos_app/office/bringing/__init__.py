"""Files of rows brought into the centre: what a command and a page of the back office do alike."""
