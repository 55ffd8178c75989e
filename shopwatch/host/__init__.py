"""This computer: paths, files, the lock, logs, processes and limits, and whether ShopWatch runs well on it."""
