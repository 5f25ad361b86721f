"""Door of the workers."""

from celery import shared_task

from contractors import clock, remembering


@shared_task(name="contractors.forget_answers")
def forget_answers(now: str | None = None) -> bool:
    """Nothing is left to do after one run."""
    remembering.forget_old(clock.read(now))
    return False
