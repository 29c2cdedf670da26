"""What other programs are told of what happens here: whom, of what, and what waits for them."""
