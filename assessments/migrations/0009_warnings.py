from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0008_letters_of_talks'),
    ]

    operations = [
        migrations.AddField(
            model_name='assessment',
            name='warnings',
            field=models.JSONField(blank=True, db_default=models.Value([], models.JSONField()), default=list),
        ),
        migrations.AddField(
            model_name='assessment',
            name='sent_by',
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='assessment',
            name='confirmed_by',
            field=models.JSONField(blank=True, null=True),
        ),
    ]
