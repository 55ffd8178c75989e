"""The HTTP receiver on this computer's own loopback: bounded read, judge, store, answer."""
