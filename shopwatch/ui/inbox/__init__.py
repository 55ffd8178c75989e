"""The Inbox: everything that arrived, word for word, and why it was or was not believed."""
