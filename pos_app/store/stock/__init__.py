"""What lies where: goods, their value, meters, and the cash of the drawers."""
