"""Parts of screens that know nothing of the app."""
