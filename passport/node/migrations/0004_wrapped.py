import passport.node.models
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('node', '0003_restored'),
    ]

    operations = [
        migrations.AddField(
            model_name='stream',
            name='wrapped_key',
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name='stream',
            name='renewed_for',
            field=passport.node.models.JSONColumn(default=list),
        ),
    ]
