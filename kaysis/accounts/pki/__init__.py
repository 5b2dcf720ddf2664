"""Who signed these bytes: electronic signatures (CAdES) made with qualified certificates.

`verify_signature` is all that ways of signing in need. It fails closed: whatever cannot be checked
is refused, and the only hosts it talks to are those that a certificate of a trusted chain names for
asking about its own revocation.
"""

from kaysis.accounts.pki.refusal import Refused
from kaysis.accounts.pki.subject import Signer
from kaysis.accounts.pki.trust import is_configured, problems
from kaysis.accounts.pki.verification import verify_signature

__all__ = ["Refused", "Signer", "is_configured", "problems", "verify_signature"]
