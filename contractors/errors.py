"""A refusal: the act is well formed, but not allowed now. Every app derives its own from it."""


class Refused(Exception):
    """Answered with `status`. `code` is stable; `more` joins the problem's body (as `allowed`)."""

    code = "refused"
    status = 409

    def __init__(self, detail: str, **more: object) -> None:
        super().__init__(detail)
        self.more = more
