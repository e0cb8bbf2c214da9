"""The disclosure boundary: secrets, customer data and internal detail, found but never copied."""
