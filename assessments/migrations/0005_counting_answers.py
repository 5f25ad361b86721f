import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0004_newest_first'),
        ('contractors', '0001_initial'),
        ('questionnaires', '0001_initial'),
        ('ratings', '0001_initial'),
        ('suppliers', '0004_newest_first'),
    ]

    operations = [
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('total', models.SmallIntegerField()),
                ('band', models.CharField(max_length=10)),
                ('not_done', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), size=None)),
                ('unknown', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), size=None)),
                ('profile', models.JSONField()),
                ('contractor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='contractors.contractor')),
                ('submission', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='assessments.submission')),
                ('supplier', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='tally', to='suppliers.supplier')),
            ],
        ),
        migrations.AddIndex(
            model_name='assessment',
            index=models.Index(fields=['contractor', 'requested_at'], name='assessment_requested'),
        ),
        migrations.AddIndex(
            model_name='submission',
            index=models.Index(fields=['contractor', 'submitted_at'], name='submission_submitted'),
        ),
    ]
