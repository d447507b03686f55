"""The WSGI entry point: `gunicorn wsgi:app`."""

from cps import create_app

app = create_app()
