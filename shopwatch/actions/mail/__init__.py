"""E-mail to the customer: one for each sale, from the owner's own mail account."""
