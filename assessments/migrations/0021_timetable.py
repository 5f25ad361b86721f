from django.db import migrations, models


def rename(apps, schema_editor):
    """What was written three business days before the due day is the second reminder now."""
    occasions = apps.get_model("assessments", "Occasion").objects
    occasions = occasions.using(schema_editor.connection.alias)
    occasions.filter(kind="before_due").update(kind="second_reminder")


def name_back(apps, schema_editor):
    occasions = apps.get_model("assessments", "Occasion").objects
    occasions = occasions.using(schema_editor.connection.alias)
    occasions.filter(kind="second_reminder").update(kind="before_due")


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0020_notices_of_requests'),
    ]

    operations = [
        migrations.AlterField(
            model_name='occasion',
            name='kind',
            field=models.CharField(choices=[('invitation', 'Invitation'), ('first_reminder', 'First Reminder'), ('second_reminder', 'Second Reminder'), ('after_due', 'After Due'), ('reminder', 'Reminder'), ('extended', 'Extended'), ('returned', 'Returned'), ('consultation', 'Consultation'), ('readers', 'Readers'), ('handed_over', 'Handed Over'), ('handed_over_copy', 'Handed Over Copy'), ('receipt', 'Receipt'), ('receipt_copy', 'Receipt Copy'), ('certificate_expiring', 'Certificate Expiring'), ('certificate_expired', 'Certificate Expired'), ('certificate_confirm', 'Certificate Confirm')], max_length=20),
        ),
        migrations.RunPython(rename, name_back),
    ]
