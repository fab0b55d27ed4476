"""Users, roles and their access classes; password and digest checks; slow-down."""
