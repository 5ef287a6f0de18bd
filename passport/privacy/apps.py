from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "passport.privacy"
    label = "privacy"
