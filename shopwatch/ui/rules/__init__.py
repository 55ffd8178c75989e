"""What happens with a sale: the rules, and the outbox of what they owe."""
