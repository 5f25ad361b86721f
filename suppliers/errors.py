from contractors.errors import Refused


class Archived(Refused):
    """An archived supplier is read only; restore it first."""

    code = "supplier-archived"


class CodeTaken(Refused):
    """Another supplier of the contractor has this code."""

    code = "supplier-code-taken"


class EmailTaken(Refused):
    """Another contact of the supplier has this mail address."""

    code = "contact-email-taken"


class WrongStatus(Refused):
    """The status of the certification does not allow this; `allowed` names those that do."""

    code = "wrong-status"


class NothingToReconfirm(Refused):
    """Only declarations without an end are reconfirmed."""

    code = "nothing-to-reconfirm"


class RenewalUnproven(Refused):
    """A filed renewal counts only while its proof is here and the old one ended lately."""

    code = "renewal-unproven"


class NotUndoable(Refused):
    """Only imports of suppliers and contacts can be undone."""

    code = "not-undoable"


class UndoTooLate(Refused):
    """What stood there before an import is forgotten a day after its end."""

    code = "undo-too-late"


class NothingToUndo(Refused):
    """The import changed nothing."""

    code = "nothing-to-undo"


class EvidenceFull(Refused):
    """A supplier's files are bounded in number and in size together."""

    code = "evidence-full"


class EvidenceGone(Refused):
    """A file that was removed, or never was this supplier's, can be shown for nothing."""

    code = "evidence-gone"


class NotScanned(Refused):
    """With REQUIRE_SCAN a file leaves only when a scanner called it clean."""

    code = "not-scanned"
