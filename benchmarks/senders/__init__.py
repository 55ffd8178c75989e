"""Every sender: how fast its messages are judged, what the worst ones cost, and whether the time tells a secret."""
