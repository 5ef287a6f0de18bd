"""What left with which parcel."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("node", "0002_trusted")]

    operations = [
        migrations.AddField("parcelnote", "upto", models.BigIntegerField(null=True)),
    ]
