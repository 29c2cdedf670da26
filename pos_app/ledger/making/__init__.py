"""What puts a document together: one pure, typed function a document, called by till and office alike."""
