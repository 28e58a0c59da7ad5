"""Pure rules of supervision: what is found, how a card may go on, what a month comes to."""
