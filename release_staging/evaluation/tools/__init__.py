"""What tools write: a function a kind of document, in the shape that the tool gives it, for any world."""
