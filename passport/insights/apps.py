from django.apps import AppConfig


class InsightsConfig(AppConfig):
    name = "passport.insights"
    label = "insights"
