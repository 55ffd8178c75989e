"""Sources: their numbers, their practice messages, and where each provider sends."""
