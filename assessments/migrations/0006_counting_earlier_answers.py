from django.db import migrations

# The newest of each supplier that was rated; what is there already is newer still.
COUNT = """
INSERT INTO assessments_tally
    (contractor_id, supplier_id, submission_id, total, band, not_done, unknown, profile)
SELECT DISTINCT ON (rating.supplier_id)
    handed.contractor_id,
    rating.supplier_id,
    handed.id,
    (rating.result #>> '{self_diagnosis,total}')::smallint,
    rating.result #>> '{self_diagnosis,band}',
    ARRAY(
        SELECT (answer ->> 'number')::smallint
        FROM jsonb_array_elements(handed.content -> 'answers') AS answer
        WHERE answer ->> 'value' = 'not_done' ORDER BY 1
    ),
    ARRAY(
        SELECT (answer ->> 'number')::smallint
        FROM jsonb_array_elements(handed.content -> 'answers') AS answer
        WHERE answer ->> 'value' = 'unknown' ORDER BY 1
    ),
    COALESCE(
        (
            SELECT jsonb_object_agg(named.key, named.value)
            FROM jsonb_each(handed.content -> 'profile') AS named
            WHERE named.key IN (
                'security_person', 'business_risks', 'education', 'spending', 'incident',
                'incident_effects', 'incident_damage', 'incident_customers'
            )
        ),
        '{}'
    )
FROM assessments_submission AS handed
JOIN ratings_rating AS rating ON rating.id = handed.rating_id
WHERE rating.result #>> '{self_diagnosis,total}' IS NOT NULL
ORDER BY rating.supplier_id, handed.id DESC
ON CONFLICT (supplier_id) DO NOTHING
"""


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0005_counting_answers'),
    ]

    operations = [
        migrations.RunSQL(COUNT, migrations.RunSQL.noop),
    ]
