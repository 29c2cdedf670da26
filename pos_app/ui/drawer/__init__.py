"""Opening, moving cash in and out, counting and closing."""
