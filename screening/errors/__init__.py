"""Every error of Three Lines, by what it is about.

Each says what is wrong, why that matters and what to do, in both languages, and carries the offending value and its
place for machines. None of them knows of HTTP: `api/problems.py` maps each class to a status.
"""

from screening.errors.batches import (
    BatchJournalError,
    BatchTooLargeError,
    RowsLostError,
    UnknownBatchFileError,
    UnreadableCellError,
    UnusableEngineError,
    UnusableMappingError,
    WorkersLostError,
)
from screening.errors.deliveries import (
    ConditionError,
    DeliveryError,
    GateError,
    ReferenceTableError,
    UnsafeArchiveError,
)
from screening.errors.projects import (
    ComparisonError,
    NoIndustryError,
    PlanError,
    SupersededIndustryError,
    UnknownFactError,
    UnknownIndustryError,
    UnknownPolicyEntryError,
    UnusableAmountError,
    UnusableDischargeError,
)
from screening.errors.records import (
    CaseStoreError,
    DocumentTemplateError,
    OldRecordError,
    SealedFileError,
    SigningKeyError,
    UnknownScreeningError,
    UnsealedScreeningError,
)
from screening.errors.releases import BrokenReferenceError, BrokenReleaseError, NoReleaseError, UnknownReleaseError
from screening.errors.requests import (
    MalformedRequestError,
    NoSuchPageError,
    NotPublishedError,
    TooManyRequestsError,
    UnknownDocumentError,
    UnknownUnitError,
    UploadTooLargeError,
)
from screening.errors.root import ThreeLinesError, named
from screening.errors.sites import (
    AmbiguousSiteError,
    InvalidSiteError,
    ReaderStoppedError,
    SiteFileError,
    SiteOutsideError,
    UnconfirmedDatumError,
    UnreadableSiteError,
)

__all__ = [
    "AmbiguousSiteError",
    "BatchJournalError",
    "BatchTooLargeError",
    "BrokenReferenceError",
    "BrokenReleaseError",
    "CaseStoreError",
    "ComparisonError",
    "ConditionError",
    "DeliveryError",
    "DocumentTemplateError",
    "GateError",
    "InvalidSiteError",
    "MalformedRequestError",
    "NoIndustryError",
    "NoReleaseError",
    "NoSuchPageError",
    "NotPublishedError",
    "OldRecordError",
    "PlanError",
    "ReaderStoppedError",
    "ReferenceTableError",
    "RowsLostError",
    "SealedFileError",
    "SigningKeyError",
    "SiteFileError",
    "SiteOutsideError",
    "SupersededIndustryError",
    "ThreeLinesError",
    "TooManyRequestsError",
    "UnconfirmedDatumError",
    "UnknownBatchFileError",
    "UnknownDocumentError",
    "UnknownFactError",
    "UnknownIndustryError",
    "UnknownPolicyEntryError",
    "UnknownReleaseError",
    "UnknownScreeningError",
    "UnknownUnitError",
    "UnreadableCellError",
    "UnreadableSiteError",
    "UnsafeArchiveError",
    "UnsealedScreeningError",
    "UnusableAmountError",
    "UnusableDischargeError",
    "UnusableEngineError",
    "UnusableMappingError",
    "UploadTooLargeError",
    "WorkersLostError",
    "named",
]
