"""Questions about learning, answered for whoever asks and no further.

A file for each kind of asker.
"""

from passport.learning.queries.classroom import (
    Answer,
    AssignmentRow,
    AttemptRecord,
    BoardRow,
    CourseRecord,
    Measures,
    TimeToComplete,
    answers_of,
    assignments_of,
    class_board,
    measures,
    record_of,
)
from passport.learning.queries.figures import answers_given, completions, first_enrolments
from passport.learning.queries.learner import (
    Attempt,
    CourseProgress,
    CourseStanding,
    Given,
    Home,
    Learnt,
    LessonStanding,
    attempt,
    course_progress,
    home,
    learnt,
    resume,
)

__all__ = [
    "Answer",
    "AssignmentRow",
    "Attempt",
    "AttemptRecord",
    "BoardRow",
    "CourseProgress",
    "CourseRecord",
    "CourseStanding",
    "Given",
    "Home",
    "Learnt",
    "LessonStanding",
    "Measures",
    "TimeToComplete",
    "answers_given",
    "answers_of",
    "assignments_of",
    "attempt",
    "class_board",
    "completions",
    "course_progress",
    "first_enrolments",
    "home",
    "learnt",
    "measures",
    "record_of",
    "resume",
]
