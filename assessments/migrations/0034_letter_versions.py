from django.db import migrations

# Planned once a connection instead of before every letter; by keys, however small the tables were
# then. PostgreSQL gives a row another place (`ctid`) with every change, and another transaction
# (`xmin`) where that place was free again.
MADE = """
CREATE FUNCTION assessments_letter_versions(letters bigint[])
RETURNS TABLE (letter bigint, attempt smallint, besides bigint, told text)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
BEGIN
  RETURN QUERY
  SELECT m.id, m.attempt, count(coalesce(o.certification_id, o.delegation_id)),
    string_agg(concat_ws(' ', o.id, o.ctid, o.xmin,
      (SELECT concat_ws(' ', a.ctid, a.xmin,
          (SELECT concat(s.ctid, s.xmin) FROM suppliers_supplier s WHERE s.id = a.supplier_id),
          (SELECT concat(c.ctid, c.xmin) FROM suppliers_contact c WHERE c.id = a.contact_id),
          (SELECT concat(g.ctid, g.xmin) FROM assessments_campaign g WHERE g.id = a.campaign_id),
          (SELECT string_agg(concat(t.ctid, t.xmin), ' ' ORDER BY t.id)
           FROM assessments_consultation t JOIN assessments_assessment b ON b.id = t.assessment_id
           WHERE b.supplier_id = a.supplier_id AND t.state = 'open'))
       FROM assessments_assessment a WHERE a.id = o.assessment_id),
      (SELECT concat(p.ctid, p.xmin) FROM suppliers_contact p WHERE p.id = m.contact_id)),
      ',' ORDER BY o.id)
  FROM assessments_mail m JOIN assessments_occasion o ON o.mail_id = m.id
  WHERE m.id = ANY(letters) AND m.closed_at IS NULL AND o.left_out = ''
  GROUP BY m.id;
END $$;
"""
GONE = "DROP FUNCTION assessments_letter_versions(bigint[]);"


class Migration(migrations.Migration):
    dependencies = [("assessments", "0033_late_since"), ("suppliers", "0008_late_since")]

    operations = [migrations.RunSQL(MADE, GONE)]
