"""Who may do what: roles, accounts, passwords, sessions, keys of machines, single sign-on."""
