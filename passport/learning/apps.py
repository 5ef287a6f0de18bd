from django.apps import AppConfig


class LearningConfig(AppConfig):
    name = "passport.learning"
    label = "learning"
