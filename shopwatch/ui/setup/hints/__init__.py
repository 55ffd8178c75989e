"""What helps at the provider: the drawn hint, the QR code, the consent."""
