from . import analytics


def posthog_context(get_response):
    def middleware(request):
        with analytics.request_context(request.headers):
            return get_response(request)

    return middleware
