"""What a report is: a value of rows, columns and notes, over a period."""
