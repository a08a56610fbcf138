"""Questionnaires as versioned data, what was answered, and what the office does about it."""

from services.surveys.models.follow_up import FollowUp, Published, PublishedReport
from services.surveys.models.instrument import Instrument, SurveyRule
from services.surveys.models.responses import Answer, Response

__all__ = ["Answer", "FollowUp", "Instrument", "Published", "PublishedReport", "Response", "SurveyRule"]
