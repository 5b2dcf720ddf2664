"""What stands between the server and the views. The order is explained in settings/base.py."""
