from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"
    verbose_name = "Tasuki"

    def ready(self) -> None:
        """Make our Celery application the current one, so that `events.bell` rings it."""
        from config import celery, checks  # noqa: F401  # settings must be complete before
