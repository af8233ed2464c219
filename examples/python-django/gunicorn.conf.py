wsgi_app = "hangar.wsgi"
bind = "127.0.0.1:8000"

# Ten seconds until the platform kills everything: nine until gunicorn kills a worker, for its open requests and for what follows.
graceful_timeout = 9


def worker_exit(server, worker):
    """Runs in the worker, after its last request. Left to itself, the SDK gives its queue one second."""
    from shop import analytics

    analytics.flush()
