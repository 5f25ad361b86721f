# The service: web, worker, clock and the commands of manage.py. Not root, nothing to build at start.

FROM python:3.13-slim AS build
WORKDIR /srv/tasuki
RUN python -m venv /srv/venv
ENV PATH=/srv/venv/bin:$PATH
COPY requirements/run.txt requirements/
RUN pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements/run.txt
COPY . .
# Addresses and secrets of nobody: collecting static files opens no connection.
RUN DATABASE_URL=postgres://nobody@nowhere/none REDIS_URL=redis://nowhere/0 \
    SECRET_KEY=none ENCRYPTION_KEYS=none STATIC_FROM_SOURCE=0 \
    python manage.py collectstatic --no-input

FROM python:3.13-slim
RUN useradd --uid 10001 --no-create-home --home-dir /srv/tasuki --shell /usr/sbin/nologin tasuki \
    && install --directory --owner tasuki --mode 700 /srv/evidence
COPY --from=build /srv/venv /srv/venv
COPY --from=build /srv/tasuki /srv/tasuki
WORKDIR /srv/tasuki
ENV PATH=/srv/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 STATIC_FROM_SOURCE=0
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-m", "tools.healthy", "web"]
CMD ["gunicorn", "-c", "python:config.gunicorn", "--bind", "0.0.0.0:8000", "config.wsgi"]
