from contractors.errors import Refused


class WrongStatus(Refused):
    """The status of the operation does not allow this; `allowed` names those that do."""

    code = "wrong-status"


class PartOfCampaign(Refused):
    """The operation is a campaign's launch: it ends with the campaign alone."""

    code = "part-of-campaign"


class TooManyOperations(Refused):
    """So many operations of the contractor wait already that others would wait for them."""

    code = "too-many-operations"


class Halted(Exception):
    """What every row of a claim needs is away: none of them is to blame, and all wait."""
