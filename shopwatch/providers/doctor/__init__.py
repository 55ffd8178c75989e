"""Why a message was not believed, and what mends it."""
