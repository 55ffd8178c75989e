"""What the desktop has of the program: tray, pop-ups, bell, one window for each folder."""
