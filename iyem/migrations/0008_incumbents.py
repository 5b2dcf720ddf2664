from django.db import migrations

from iyem.incumbents import KNOWN


class Migration(migrations.Migration):
    dependencies = [("iyem", "0007_lookup_refusal")]
    operations = [KNOWN.create()]
