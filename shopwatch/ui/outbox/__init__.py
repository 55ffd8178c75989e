"""The outbox: every e-mail and post that the rules owe, and how it went."""
