"""How the outside reaches this computer: one interface, and three ways to give a public address."""
