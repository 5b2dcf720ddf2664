"""The officers' desk: managers, appointments, absences, proxies, confirmations."""
