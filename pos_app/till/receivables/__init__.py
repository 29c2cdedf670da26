"""What customers and other parties owe and pay."""
