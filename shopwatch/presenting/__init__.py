"""What screens say and show, decided and put into words without a window."""
