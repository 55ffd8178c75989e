"""Rules, the jobs that they cause, and how those went."""
