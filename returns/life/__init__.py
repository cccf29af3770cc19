"""What is done with a return, from its first state to its last."""
