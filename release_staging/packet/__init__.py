"""Opening a packet: archive safety, fixity, inventory, what each document is."""
