"""The office's addresses."""

from __future__ import annotations

from django.urls import path

from passport.web.office import (
    alike,
    aside,
    courses,
    figures,
    hub,
    hubs,
    moving,
    overview,
    parcels,
    people,
    publish,
    revoke,
    site,
    sites,
    staff,
)

app_name = "office"

urlpatterns = [
    path("office", overview.show, name="overview"),
    path("office/count", overview.count, name="count"),
    path("office/figures/<slug:key>", figures.show, name="figure"),
    path("office/sites", sites.listing, name="sites"),
    path("office/sites/add", sites.add, name="add_site"),
    path("office/sites/<uuid:site>", site.change, name="site"),
    path("office/sites/<uuid:site>/classes", site.add_class, name="add_class"),
    path("office/people", people.listing, name="people"),
    path("office/people/alike", alike.listing, name="alike"),
    path("office/people/<uuid:person>/is/<uuid:into>", alike.merge, name="merge"),
    path("office/mergers/<uuid:merger>/part", alike.part, name="part"),
    path("office/people/<uuid:person>", people.show, name="person"),
    path("office/people/<uuid:person>/move", moving.choose, name="move"),
    path("office/people/<uuid:person>/move/<uuid:site>", moving.move, name="move_to"),
    path("office/staff", staff.listing, name="staff"),
    path("office/staff/add", staff.add, name="add_staff"),
    path("office/staff/<uuid:grant>/end", staff.end, name="end_role"),
    path("office/people/<uuid:person>/role", staff.grant, name="grant_role"),
    path("office/hubs", hubs.listing, name="hubs"),
    path("office/hubs/enrol", hubs.enrol, name="enrol_hub"),
    path("office/hubs/aside", aside.listing, name="aside"),
    path("office/hubs/<str:key>", hub.show, name="hub"),
    path("office/hubs/<str:key>/aside", aside.listing, name="hub_aside"),
    path("office/hubs/<str:key>/revoke", revoke.revoke, name="revoke_hub"),
    path("office/courses", courses.listing, name="courses"),
    path("office/courses/publish", publish.upload, name="publish"),
    path("office/courses/publish/<slug:token>", publish.confirm, name="confirm"),
    path("office/courses/<uuid:course>", courses.show, name="course"),
    path("office/parcels", parcels.hand_in, name="parcels"),
    path("office/parcels/<str:name>", parcels.download, name="parcel"),
]
