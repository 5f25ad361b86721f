"""The statements of the erasing act: one for each table, for any number of requests or people.

Every one takes the named parameters `requests`, `suppliers`, `contacts`, `holds` (primary keys),
`at` and `rule`, as far as it needs them.
"""

from typing import Final

# Rating locks the supplier's row: while these are held, no sum is made from what is being erased.
HOLD_SUPPLIERS: Final = """
SELECT supplier.id FROM suppliers_supplier AS supplier
WHERE supplier.id IN (SELECT supplier_id FROM assessments_assessment WHERE id = ANY(%(requests)s))
ORDER BY supplier.id FOR NO KEY UPDATE
"""

# Files that were shown for an answer, now or in a snapshot, and names of files that went before;
# not what another request or a certificate still shows.
FILES: Final = """
WITH shown AS (
    SELECT evidence_id AS id FROM assessments_answerevidence WHERE assessment_id = ANY(%(requests)s)
    UNION
    SELECT file.id FROM assessments_submission AS handed_in
    CROSS JOIN LATERAL jsonb_array_elements(handed_in.content -> 'evidence') AS one
    JOIN suppliers_evidence AS file ON file.public_id = (one ->> 'id')::uuid
    WHERE handed_in.assessment_id = ANY(%(requests)s)
), needed AS (
    SELECT evidence_id AS id FROM assessments_answerevidence
    WHERE assessment_id <> ALL(%(requests)s) AND evidence_id IN (SELECT id FROM shown)
    UNION
    SELECT evidence_id FROM suppliers_certificationevidence
    WHERE evidence_id IN (SELECT id FROM shown)
    UNION
    SELECT checked_document_id FROM suppliers_certification
    WHERE checked_document_id IN (SELECT id FROM shown)
    UNION
    SELECT file.id FROM assessments_assessment AS other
    JOIN assessments_submission AS handed_in ON handed_in.assessment_id = other.id
    CROSS JOIN LATERAL jsonb_array_elements(handed_in.content -> 'evidence') AS one
    JOIN suppliers_evidence AS file ON file.public_id = (one ->> 'id')::uuid
    WHERE other.supplier_id = ANY(%(suppliers)s) AND other.id <> ALL(%(requests)s)
)
UPDATE suppliers_evidence AS file
SET name = 'erased', removed_at = coalesce(file.removed_at, %(at)s)
WHERE (file.id IN (SELECT id FROM shown) AND file.id NOT IN (SELECT id FROM needed))
   OR (file.supplier_id = ANY(%(suppliers)s) AND file.removed_at IS NOT NULL
       AND file.name <> 'erased')
RETURNING file.id
"""
SCANS: Final = """
UPDATE suppliers_evidencescan SET due_at = NULL, closed_at = %(at)s, outcome = 'removed'
WHERE evidence_id = ANY(%(files)s) AND closed_at IS NULL
"""
SNAPSHOTS: Final = """
UPDATE assessments_submission AS handed_in
SET content = jsonb_build_object(
    'digest', handed_in.digest, 'erased_at', %(at)s, 'rule', %(rule)s::text,
    'policy', rating.policy_key || ' ' || rating.policy_version,
    'score', rating.score::text, 'grade', rating.grade,
    'band', rating.result #>> '{self_diagnosis,band}')
FROM assessments_submission AS same
LEFT JOIN ratings_rating AS rating ON rating.id = same.rating_id
WHERE same.id = handed_in.id AND handed_in.assessment_id = ANY(%(requests)s)
  AND NOT handed_in.content ? 'erased_at'
"""

# The rating of a snapshot, and every later one that was summed from the same answers.
RATINGS: Final = """
WITH span AS (
    SELECT asked.supplier_id, handed_in.rating_id AS first,
        (SELECT min(later.rating_id) FROM assessments_assessment AS other
         JOIN assessments_submission AS later ON later.assessment_id = other.id
         JOIN ratings_rating AS its ON its.id = later.rating_id
         WHERE other.supplier_id = asked.supplier_id AND later.rating_id > handed_in.rating_id
           AND its.answered) AS next
    FROM assessments_submission AS handed_in
    JOIN assessments_assessment AS asked ON asked.id = handed_in.assessment_id
    WHERE asked.id = ANY(%(requests)s) AND handed_in.rating_id IS NOT NULL
)
UPDATE ratings_rating AS rating
SET inputs = '{}', result = jsonb_strip_nulls(jsonb_build_object(
    'band', rating.result #>> '{self_diagnosis,band}', 'erased_at', %(at)s, 'rule', %(rule)s::text))
FROM span
WHERE rating.supplier_id = span.supplier_id AND rating.inputs <> '{}'
  AND (rating.id = span.first
       OR (rating.answered AND rating.id > span.first
           AND (span.next IS NULL OR rating.id < span.next)))
"""
TALLIES: Final = """
DELETE FROM assessments_tally WHERE submission_id IN
    (SELECT id FROM assessments_submission WHERE assessment_id = ANY(%(requests)s))
"""
ANSWERS: Final = "DELETE FROM assessments_answer WHERE assessment_id = ANY(%(requests)s)"
SHOWN: Final = "DELETE FROM assessments_answerevidence WHERE assessment_id = ANY(%(requests)s)"
BROWSERS: Final = "DELETE FROM assessments_entry WHERE assessment_id = ANY(%(requests)s)"
NOTES: Final = """
UPDATE assessments_delegation SET note = '' WHERE assessment_id = ANY(%(requests)s) AND note <> ''
"""
REQUESTS: Final = """
UPDATE assessments_assessment
SET profile = '{}', holdings = '{}', closing_note = '', return_reason = '', extension_reason = '',
    remind_at = NULL, erased_at = %(at)s
WHERE id = ANY(%(requests)s)
"""
CLARIFICATIONS: Final = """
UPDATE assessments_clarification SET question = 'erased', reply = ''
WHERE assessment_id = ANY(%(requests)s)
"""
CONFIRMATIONS: Final = """
UPDATE assessments_confirmation SET note = '' WHERE assessment_id = ANY(%(requests)s)
"""
NOTE_REQUESTS: Final = """
INSERT INTO retention_erasure
    (public_id, contractor_id, rule, subject_type, subject_id, digests, erased_at)
SELECT gen_random_uuid(), asked.contractor_id, %(rule)s, 'assessment', asked.public_id,
    (SELECT coalesce(jsonb_agg(digest ORDER BY number), '[]') FROM assessments_submission
     WHERE assessment_id = asked.id), %(at)s
FROM assessments_assessment AS asked WHERE asked.id = ANY(%(requests)s) ORDER BY asked.id
"""
OF_REQUESTS: Final = (  # in this order: what says where something is goes after it
    SNAPSHOTS, RATINGS, TALLIES, ANSWERS, SHOWN, BROWSERS, CLARIFICATIONS, CONFIRMATIONS, NOTES,
    REQUESTS, NOTE_REQUESTS,
)  # fmt: skip

# Wishes of a request and what was said about it: the record of how was asked.
TALKS: Final = """
UPDATE assessments_assessment SET message = '', requirements = '{}', talks_erased_at = %(at)s
WHERE id = ANY(%(requests)s)
"""
MESSAGES: Final = """
UPDATE assessments_message SET text = 'erased'
WHERE consultation_id IN
    (SELECT id FROM assessments_consultation WHERE assessment_id = ANY(%(requests)s))
"""
PROPOSALS: Final = """
UPDATE assessments_proposal
SET measure = 'erased', cost_estimate_yen = NULL,
    price_reflection = CASE WHEN price_reflection = '' THEN '' ELSE 'erased' END,
    explanation = CASE WHEN explanation = '' THEN '' ELSE 'erased' END
WHERE consultation_id IN
    (SELECT id FROM assessments_consultation WHERE assessment_id = ANY(%(requests)s))
"""
AGREEMENTS: Final = """
UPDATE assessments_consultation
SET result = jsonb_build_object('digest', digest, 'erased_at', %(at)s, 'rule', %(rule)s::text)
WHERE assessment_id = ANY(%(requests)s) AND result IS NOT NULL
"""
NOTE_TALKS: Final = """
INSERT INTO retention_erasure
    (public_id, contractor_id, rule, subject_type, subject_id, digests, erased_at)
SELECT gen_random_uuid(), asked.contractor_id, %(rule)s, 'assessment', asked.public_id,
    (SELECT coalesce(jsonb_agg(digest ORDER BY id), '[]') FROM assessments_consultation
     WHERE assessment_id = asked.id AND digest <> ''), %(at)s
FROM assessments_assessment AS asked WHERE asked.id = ANY(%(requests)s) ORDER BY asked.id
"""
OF_TALKS: Final = (MESSAGES, PROPOSALS, AGREEMENTS, TALKS, NOTE_TALKS)

# What a supplier replied to a hold is kept like talks, from the last day of the hold on.
DUE_HOLDS: Final = """
SELECT stop.id FROM contractors_contractor AS keeper
CROSS JOIN LATERAL (
    SELECT id FROM assessments_hold
    WHERE contractor_id = keeper.id AND supplier_reply <> '' AND supplier_reply <> 'erased'
      AND until_on <= (%(today)s - make_interval(months => keeper.talks_kept_months))::date
    ORDER BY until_on LIMIT %(most)s
) AS over
JOIN assessments_hold AS stop ON stop.id = over.id
LIMIT %(most)s FOR NO KEY UPDATE OF stop SKIP LOCKED
"""
HOLDS: Final = "UPDATE assessments_hold SET supplier_reply = 'erased' WHERE id = ANY(%(holds)s)"
NOTE_HOLDS: Final = """
INSERT INTO retention_erasure
    (public_id, contractor_id, rule, subject_type, subject_id, digests, erased_at)
SELECT gen_random_uuid(), contractor_id, %(rule)s, 'hold', public_id, '[]', %(at)s
FROM assessments_hold WHERE id = ANY(%(holds)s) ORDER BY id
"""
OF_HOLDS: Final = (HOLDS, NOTE_HOLDS)

# The last day on which a person was written to, asked, answered or confirmed; today while a request
# or a confirmation waits.
ACTIVE: Final = """
UPDATE suppliers_contact AS person
SET last_active_on = greatest(person.last_active_on, seen.day)
FROM unnest(%(contacts)s::bigint[]) AS given (id)
CROSS JOIN LATERAL (
    SELECT max(day) AS day FROM (
        SELECT CASE WHEN status IN ('draft', 'invited', 'started', 'returned') THEN %(today)s
               ELSE greatest((requested_at AT TIME ZONE 'Asia/Tokyo')::date,
                             (submitted_at AT TIME ZONE 'Asia/Tokyo')::date,
                             (decided_at AT TIME ZONE 'Asia/Tokyo')::date,
                             (talked_at AT TIME ZONE 'Asia/Tokyo')::date) END
        FROM assessments_assessment WHERE contact_id = given.id
        UNION ALL
        SELECT (submitted_at AT TIME ZONE 'Asia/Tokyo')::date FROM assessments_submission
        WHERE responsible_id = given.id
        UNION ALL
        SELECT CASE WHEN asked.state = 'asked'
                     AND its.status IN ('invited', 'started', 'returned') THEN %(today)s
               ELSE (coalesce(ended_at, asked_at) AT TIME ZONE 'Asia/Tokyo')::date END
        FROM assessments_confirmation AS asked
        JOIN assessments_assessment AS its ON its.id = asked.assessment_id
        WHERE asked.person_id = given.id
        UNION ALL
        SELECT (closed_at AT TIME ZONE 'Asia/Tokyo')::date FROM assessments_mail
        WHERE contact_id = given.id
    ) AS act (day)
) AS seen
WHERE person.id = given.id
"""
PEOPLE: Final = """
UPDATE suppliers_contact AS person
SET name = '', title = '', department = '', phone = '', status = 'opted_out',
    email = public_id || '@erased.invalid', erased_at = %(at)s
WHERE id = ANY(%(contacts)s)
"""
NOTE_PEOPLE: Final = """
INSERT INTO retention_erasure
    (public_id, contractor_id, rule, subject_type, subject_id, digests, erased_at)
SELECT gen_random_uuid(), contractor_id, %(rule)s, 'contact', public_id, '[]', %(at)s
FROM suppliers_contact WHERE id = ANY(%(contacts)s) ORDER BY id
"""
# What the person asked for goes with the person; what was still open is thereby done.
PERSON_REQUESTS: Final = """
UPDATE retention_personrequest
SET wanted = 'erased', reason = CASE WHEN reason = '' THEN '' ELSE 'erased' END,
    state = CASE WHEN state = 'refused' THEN state ELSE 'done' END,
    decided_at = coalesce(decided_at, %(at)s)
WHERE contact_id = ANY(%(contacts)s)
"""
# A word from one colleague to another goes with either.
NOTES_OF_PEOPLE: Final = """
UPDATE assessments_delegation SET note = ''
WHERE (contact_id = ANY(%(contacts)s) OR asked_by_id = ANY(%(contacts)s)) AND note <> ''
"""
OF_PEOPLE: Final = (PEOPLE, PERSON_REQUESTS, NOTES_OF_PEOPLE, NOTE_PEOPLE)

# The person's row is what is held, as by every other way of erasing it.
GRANTED: Final = """
SELECT person.id FROM suppliers_contact AS person
WHERE erased_at IS NULL AND id IN (
    SELECT contact_id FROM retention_personrequest WHERE state = 'erasing'
    ORDER BY id LIMIT %(most)s)
FOR NO KEY UPDATE OF person SKIP LOCKED
"""

DUE_REQUESTS: Final = """
SELECT id, supplier_id FROM assessments_assessment
WHERE erased_at IS NULL AND erase_on <= %(today)s
ORDER BY erase_on LIMIT %(most)s FOR NO KEY UPDATE SKIP LOCKED
"""
# The decision's term is indexed; talks that went on after it are few and looked at every night.
DUE_TALKS: Final = """
SELECT id, supplier_id FROM assessments_assessment
WHERE talks_erased_at IS NULL AND erase_talks_on <= %(today)s
  AND (talked_at IS NULL OR ((talked_at AT TIME ZONE 'Asia/Tokyo')::date
       + make_interval(months => talks_kept_months))::date <= %(today)s)
ORDER BY erase_talks_on LIMIT %(most)s FOR NO KEY UPDATE SKIP LOCKED
"""

# Of each contractor by an index of its own: what is not idle is not looked at.
IDLE: Final = """
SELECT person.id FROM contractors_contractor AS keeper
CROSS JOIN LATERAL (
    SELECT id FROM suppliers_contact
    WHERE contractor_id = keeper.id AND erased_at IS NULL
      AND last_active_on <= (%(today)s - make_interval(months => keeper.contacts_kept_months))::date
    ORDER BY last_active_on LIMIT %(most)s
) AS idle
JOIN suppliers_contact AS person ON person.id = idle.id
LIMIT %(most)s FOR NO KEY UPDATE OF person SKIP LOCKED
"""
PERSON: Final = """
SELECT id FROM suppliers_contact WHERE public_id = %(person)s AND erased_at IS NULL
FOR NO KEY UPDATE
"""
STILL_IDLE: Final = """
SELECT person.id FROM suppliers_contact AS person
JOIN contractors_contractor AS keeper ON keeper.id = person.contractor_id
WHERE person.id = ANY(%(contacts)s)
  AND last_active_on <= (%(today)s - make_interval(months => keeper.contacts_kept_months))::date
"""
