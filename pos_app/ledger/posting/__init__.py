"""What a document does to the books: one pure function for each type, debit positive, credit negative."""
