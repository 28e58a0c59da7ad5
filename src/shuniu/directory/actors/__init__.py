"""Who acts: the actors that everything is done by, and what every verb asks of them."""
