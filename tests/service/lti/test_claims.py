import pytest

from service.lti.claims import launch_of
from service.lti.refusals import Reason
from tests.service.lti.platform import DEEP, LEARNER, LTI, TEACHER, asking, claims

ROLES = "http://purl.imsglobal.org/vocab/lis/v2/"


@pytest.mark.parametrize(
    ("roles", "is_teacher"),
    [
        ([TEACHER], True),
        ([LEARNER, TEACHER], True),
        ([LEARNER], False),
        (["Instructor"], True),
        (["Learner"], False),
        ([f"{ROLES}membership/Instructor#TeachingAssistant"], True),
        ([f"{ROLES}membership/Learner#Learner"], False),
        ([f"{ROLES}membership#ContentDeveloper"], True),
        # A teacher of the school may be a learner in this course.
        ([LEARNER, f"{ROLES}institution/person#Instructor"], False),
        ([f"{ROLES}institution/person#Instructor"], True),
        ([f"{ROLES}institution/person#Student"], False),
        ([f"{ROLES}system/person#SysAdmin"], True),
        ([], False),
        (None, False),
        ([3, {}], False),
    ],
)
def test_who_teaches_is_told_by_the_roles_in_the_course_first(roles, is_teacher):
    assert launch_of(claims("n", **{f"{LTI}roles": roles})).is_teacher is is_teacher


def test_only_what_is_needed_is_read():
    said = launch_of(claims("n", sub=17, **{f"{LTI}custom": {"page": "/lists/a", "n": 3}}))
    assert (said.subject, dict(said.custom), said.asked) == ("17", {"page": "/lists/a"}, None)
    assert "Ada" not in repr(said)
    assert "school" not in repr(said)


@pytest.mark.parametrize(
    ("presentation", "language"),
    [({"locale": "ar"}, "ar"), ({"locale": "x" * 36}, ""), ({}, ""), ("ar", ""), (None, "")],
)
def test_the_language_of_the_platform_is_read_where_it_is_said(presentation, language):
    said = claims("n", **{f"{LTI}launch_presentation": presentation})
    assert launch_of(said).language == language


def test_what_is_asked_for_is_taken_as_it_is_said():
    asked = launch_of(claims("n", **asking())).asked
    assert (asked.types, asked.is_multiple, asked.data) == (
        ("ltiResourceLink", "link"),
        True,
        "as it was",
    )
    less = launch_of(claims("n", **asking(accept_multiple=None, data=None))).asked
    assert (less.is_multiple, less.data) == (False, None)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"sub": "x" * 256}, Reason.INCOMPLETE),
        (asking(accept_types=None), Reason.INCOMPLETE),
        ({**asking(), f"{DEEP}deep_linking_settings": "x"}, Reason.INCOMPLETE),
        ({f"{LTI}message_type": None}, Reason.MESSAGE),
    ],
)
def test_claims_that_lack_what_is_needed_are_refused(refused, changes, reason):
    refused(reason, launch_of, claims("n", **changes))
