"""Contains all the data models used in inputs/outputs"""

from .address_source import AddressSource
from .app_config import AppConfig
from .app_config_auth import AppConfigAuth
from .app_config_side import AppConfigSide
from .app_limits import AppLimits
from .app_rollout import AppRollout
from .bill import Bill
from .block_changes import BlockChanges
from .block_kind import BlockKind
from .block_link import BlockLink
from .brew_end import BrewEnd
from .brew_progress import BrewProgress
from .brew_quote import BrewQuote
from .brew_request import BrewRequest
from .brewing import Brewing
from .browser_session_request import BrowserSessionRequest
from .cadence import Cadence
from .chapter import Chapter
from .chapters import Chapters
from .check import Check
from .current_session import CurrentSession
from .cut import Cut
from .dropped_sentence import DroppedSentence
from .earlier_sentence import EarlierSentence
from .episode_newsletter import EpisodeNewsletter
from .episode_script import EpisodeScript
from .feed_source import FeedSource
from .feed_token import FeedToken
from .feed_token_request import FeedTokenRequest
from .field_error import FieldError
from .gmail_code import GmailCode
from .gmail_consent import GmailConsent
from .gmail_disconnected import GmailDisconnected
from .gmail_email import GmailEmail
from .gmail_emails import GmailEmails
from .gmail_label import GmailLabel
from .gmail_label_choice import GmailLabelChoice
from .gmail_labels import GmailLabels
from .gmail_status import GmailStatus
from .gmail_status_state import GmailStatusState
from .greeting import Greeting
from .health import Health
from .home_account import HomeAccount
from .home_account_role import HomeAccountRole
from .host_roles import HostRoles
from .imap_folders import ImapFolders
from .imap_server import ImapServer
from .imap_server_security import ImapServerSecurity
from .imap_settings import ImapSettings
from .imap_settings_security import ImapSettingsSecurity
from .imap_source import ImapSource
from .imap_source_security import ImapSourceSecurity
from .import_request import ImportRequest
from .invitation import Invitation
from .invitation_code import InvitationCode
from .invitation_details import InvitationDetails
from .invitation_details_role import InvitationDetailsRole
from .invitation_request import InvitationRequest
from .kept_schedule import KeptSchedule
from .kind import Kind
from .left_out import LeftOut
from .mail import Mail
from .mail_block import MailBlock
from .mail_copy import MailCopy
from .mail_import import MailImport
from .mail_import_status import MailImportStatus
from .mail_server import MailServer
from .mail_server_certificate import MailServerCertificate
from .mail_server_security import MailServerSecurity
from .mail_upload import MailUpload
from .mail_with_blocks import MailWithBlocks
from .mailbox_server import MailboxServer
from .mailbox_server_security import MailboxServerSecurity
from .new_account import NewAccount
from .new_account_name import NewAccountName
from .new_account_passkey_type_0 import NewAccountPasskeyType0
from .new_feed_token import NewFeedToken
from .new_invitation import NewInvitation
from .new_passkey import NewPasskey
from .new_passkey_passkey import NewPasskeyPasskey
from .new_sender import NewSender
from .newsletter_match import NewsletterMatch
from .newsletter_source import NewsletterSource
from .newsletter_source_kind import NewsletterSourceKind
from .newsletter_source_state import NewsletterSourceState
from .open_brew import OpenBrew
from .open_brews import OpenBrews
from .opml_feed import OpmlFeed
from .opml_import import OpmlImport
from .opml_result import OpmlResult
from .outcome import Outcome
from .passkey import Passkey
from .passkey_options import PasskeyOptions
from .passkey_options_options import PasskeyOptionsOptions
from .passkey_sign_in import PasskeySignIn
from .passkey_sign_in_passkey import PasskeySignInPasskey
from .password_change import PasswordChange
from .password_sign_in import PasswordSignIn
from .person import Person
from .person_role import PersonRole
from .playback import Playback
from .playback_filter import PlaybackFilter
from .playback_request import PlaybackRequest
from .podcast import Podcast
from .podcast_end import PodcastEnd
from .podcast_gone import PodcastGone
from .podcast_patch import PodcastPatch
from .podcast_progress import PodcastProgress
from .podcast_with_script import PodcastWithScript
from .preference_changes import PreferenceChanges
from .preferences import Preferences
from .problem_body import ProblemBody
from .pronunciation_request import PronunciationRequest
from .provider_address import ProviderAddress
from .provider_sign_in import ProviderSignIn
from .queue import Queue
from .quoted_voices import QuotedVoices
from .readiness import Readiness
from .removed_sentence import RemovedSentence
from .repeated_sentence import RepeatedSentence
from .rule import Rule
from .schedule_request import ScheduleRequest
from .script_review import ScriptReview
from .script_segment import ScriptSegment
from .sender_decision import SenderDecision
from .sentence_patch import SentencePatch
from .sentence_verdict import SentenceVerdict
from .session import Session
from .session_request import SessionRequest
from .show_style import ShowStyle
from .sign_in_link import SignInLink
from .signed_in_browser import SignedInBrowser
from .skipped_mail import SkippedMail
from .skipped_mails import SkippedMails
from .source import Source
from .source_confirmation import SourceConfirmation
from .source_confirmation_kind import SourceConfirmationKind
from .source_labels import SourceLabels
from .source_patch import SourcePatch
from .speaker import Speaker
from .spoken_sentence import SpokenSentence
from .stage import Stage
from .stored_word import StoredWord
from .story_match import StoryMatch
from .style import Style
from .suspect_reason import SuspectReason
from .suspect_sentence import SuspectSentence
from .text_part import TextPart
from .uploaded import Uploaded
from .user import User
from .user_deleted import UserDeleted
from .user_patch import UserPatch
from .why import Why
from .zone import Zone

__all__ = (
    "AddressSource",
    "AppConfig",
    "AppConfigAuth",
    "AppConfigSide",
    "AppLimits",
    "AppRollout",
    "Bill",
    "BlockChanges",
    "BlockKind",
    "BlockLink",
    "BrewEnd",
    "Brewing",
    "BrewProgress",
    "BrewQuote",
    "BrewRequest",
    "BrowserSessionRequest",
    "Cadence",
    "Chapter",
    "Chapters",
    "Check",
    "CurrentSession",
    "Cut",
    "DroppedSentence",
    "EarlierSentence",
    "EpisodeNewsletter",
    "EpisodeScript",
    "FeedSource",
    "FeedToken",
    "FeedTokenRequest",
    "FieldError",
    "GmailCode",
    "GmailConsent",
    "GmailDisconnected",
    "GmailEmail",
    "GmailEmails",
    "GmailLabel",
    "GmailLabelChoice",
    "GmailLabels",
    "GmailStatus",
    "GmailStatusState",
    "Greeting",
    "Health",
    "HomeAccount",
    "HomeAccountRole",
    "HostRoles",
    "ImapFolders",
    "ImapServer",
    "ImapServerSecurity",
    "ImapSettings",
    "ImapSettingsSecurity",
    "ImapSource",
    "ImapSourceSecurity",
    "ImportRequest",
    "Invitation",
    "InvitationCode",
    "InvitationDetails",
    "InvitationDetailsRole",
    "InvitationRequest",
    "KeptSchedule",
    "Kind",
    "LeftOut",
    "Mail",
    "MailBlock",
    "MailboxServer",
    "MailboxServerSecurity",
    "MailCopy",
    "MailImport",
    "MailImportStatus",
    "MailServer",
    "MailServerCertificate",
    "MailServerSecurity",
    "MailUpload",
    "MailWithBlocks",
    "NewAccount",
    "NewAccountName",
    "NewAccountPasskeyType0",
    "NewFeedToken",
    "NewInvitation",
    "NewPasskey",
    "NewPasskeyPasskey",
    "NewSender",
    "NewsletterMatch",
    "NewsletterSource",
    "NewsletterSourceKind",
    "NewsletterSourceState",
    "OpenBrew",
    "OpenBrews",
    "OpmlFeed",
    "OpmlImport",
    "OpmlResult",
    "Outcome",
    "Passkey",
    "PasskeyOptions",
    "PasskeyOptionsOptions",
    "PasskeySignIn",
    "PasskeySignInPasskey",
    "PasswordChange",
    "PasswordSignIn",
    "Person",
    "PersonRole",
    "Playback",
    "PlaybackFilter",
    "PlaybackRequest",
    "Podcast",
    "PodcastEnd",
    "PodcastGone",
    "PodcastPatch",
    "PodcastProgress",
    "PodcastWithScript",
    "PreferenceChanges",
    "Preferences",
    "ProblemBody",
    "PronunciationRequest",
    "ProviderAddress",
    "ProviderSignIn",
    "Queue",
    "QuotedVoices",
    "Readiness",
    "RemovedSentence",
    "RepeatedSentence",
    "Rule",
    "ScheduleRequest",
    "ScriptReview",
    "ScriptSegment",
    "SenderDecision",
    "SentencePatch",
    "SentenceVerdict",
    "Session",
    "SessionRequest",
    "ShowStyle",
    "SignedInBrowser",
    "SignInLink",
    "SkippedMail",
    "SkippedMails",
    "Source",
    "SourceConfirmation",
    "SourceConfirmationKind",
    "SourceLabels",
    "SourcePatch",
    "Speaker",
    "SpokenSentence",
    "Stage",
    "StoredWord",
    "StoryMatch",
    "Style",
    "SuspectReason",
    "SuspectSentence",
    "TextPart",
    "Uploaded",
    "User",
    "UserDeleted",
    "UserPatch",
    "Why",
    "Zone",
)
