from django.db import migrations

from detsis import queries


class Migration(migrations.Migration):
    dependencies = [("detsis", "0006_hidden_units")]
    operations = [
        query.create()
        for query in (
            queries.STANDING_NOW,
            queries.STANDING_ON,
            queries.PATHS_NOW,
            queries.PATHS_ON,
            queries.CHILDREN_NOW,
            queries.CHILDREN_ON,
            queries.ROOTS_NOW,
            queries.FIRST_NOW,
            queries.FIRST_ON,
            queries.NAMES,
        )
    ]
