"""What e-mails to customers say."""
