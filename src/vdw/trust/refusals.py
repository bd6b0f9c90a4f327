"""How trust refuses: one public sentence for each way to fail, the particular reason for the log alone.

A forger learns nothing from the sentence; an approver learns what to do next.
"""

from __future__ import annotations

from vdw.errors import ErrorCode, VdwError


def signature_refused(reason: str) -> VdwError:
    """Who signed may not, or did not."""
    return VdwError(
        ErrorCode.SIGNATURE,
        "The signature is not one that this tenant's trust log accepts here.",
        "Sign again with an enrolled key: vdw gate review.",
        reason=reason,
    )


def log_refused(public: str) -> VdwError:
    """What was signed may not become an entry of this log."""
    return VdwError(ErrorCode.FORBIDDEN, public, "Nothing was changed.")


def look_again(public: str) -> VdwError:
    """What was signed was true, but is no longer."""
    return VdwError(ErrorCode.LOOK_AGAIN, public, "Look at the gate again and decide on what it shows then.")


def distrusted(reason: str) -> VdwError:
    """The log itself does not verify."""
    return VdwError(
        ErrorCode.TRUST,
        "The trust log does not verify, so no decision in it counts.",
        "Run `vdw doctor`; if the store was restored or changed by hand, restore the trust log that the pin names.",
        reason=reason,
    )
