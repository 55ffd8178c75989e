"""Sales, money, and what is made of them."""
