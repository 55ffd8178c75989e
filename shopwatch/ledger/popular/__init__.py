"""What sells best, summed over any days."""
