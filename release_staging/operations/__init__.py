"""What those who run it look at: the exception queue, and how good what comes in is. Pure, over rows of the staging store."""
