"""Who may register: applications, authorisation, campaigns, coverage."""
