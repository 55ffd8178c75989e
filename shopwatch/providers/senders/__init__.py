"""Every sender, a module each. `PROVIDERS` in `shopwatch.providers` lists them; to import this room loads none."""
