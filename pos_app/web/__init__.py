"""The back office in a browser: pages above `pos_app.office`, drawn on the server, whole without scripts."""
