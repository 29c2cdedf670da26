"""What travels between a terminal and the centre: the protocol, the daemon, the central server."""
