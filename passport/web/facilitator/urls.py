"""The addresses of the facilitator's door."""

from __future__ import annotations

from django.urls import path

from passport.web.facilitator import (
    add,
    answers,
    assign,
    board,
    card,
    cards,
    carry,
    classes,
    learner,
    password,
    paste,
    ready,
)

app_name = "facilitator"
urlpatterns = [
    path("class", classes.listing, name="classes"),
    path("class/new", classes.new, name="new_class"),
    path("class/<uuid:group>", board.glance, name="glance"),
    path("class/<uuid:group>/board", board.fragment, name="board"),
    path("class/<uuid:group>/ready", ready.show, name="ready"),
    path("class/<uuid:group>/ready/board", ready.fragment, name="ready_board"),
    path("class/<uuid:group>/add", add.one, name="add"),
    path("class/<uuid:group>/list", paste.many, name="paste"),
    path("class/<uuid:group>/cards.pdf", cards.of_class, name="cards"),
    path("class/<uuid:group>/assign", assign.to_class, name="assign"),
    path("class/<uuid:group>/assign/<uuid:assignment>/end", assign.end, name="unassign"),
    path("learners/<uuid:person>", learner.show, name="learner"),
    path("learners/<uuid:person>/change", learner.change, name="change"),
    path("learners/<uuid:person>/card", card.reissue, name="card"),
    path("learners/<uuid:person>/card.pdf", cards.of_one, name="card_pdf"),
    path("learners/<uuid:person>/pictures", card.pictures, name="pictures"),
    path("learners/<uuid:person>/assign", assign.to_one, name="assign_one"),
    path("learners/<uuid:person>/answers/<uuid:lesson>", answers.show, name="answers"),
    path("password", password.own, name="password"),
    path("carry", carry.show, name="carry"),
    path("carry/make", carry.make, name="make"),
    path("carry/take", carry.take, name="take"),
    path("carry/<str:name>", carry.download, name="parcel"),
]
