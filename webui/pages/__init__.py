"""One file per page: its form and its view."""
