"""One file per noun: each address of REST is a class, each method of it a call into the noun."""
