"""What a checked signature is worth: from pyHanko's findings to one word and its reason.

| status | reason | meaning |
|---|---|---|
| ``valid`` | | intact, by a certificate of a trusted authority that was in force |
| ``invalid`` | ``altered`` | the content, or what was signed about it, is not what was signed |
| | ``altered_after`` | a PDF was changed after it was signed, by more than forms and further signatures |
| | ``not_covered`` | a PDF signature that leaves out a part of the file of its time |
| | ``expired`` | the certificate was not in force when it signed |
| | ``revoked`` | a revocation list of the folder names the certificate, or one above it |
| | ``bad_chain`` | its chain leads to a trusted authority in name only, or is not in force |
| | ``wrong_use`` | a certificate that is not for signing documents or mail |
| | ``malformed`` | broken |
| ``unverifiable`` | ``unknown_authority`` | intact, but no authority of the folder stands behind it |
| | ``no_certificate`` | the signature does not carry its certificate |
| | ``weak_algorithm`` | SHA-1, MD5 or a short key: anybody could have made it |
| | ``unsupported`` | an algorithm or form of signature that cannot be checked here |
| | ``wrong_time`` | the signer's clock stood in the future |
| | ``malformed`` | a PDF so irregular that other readers may see something else in it |
| | ``too_large``, ``too_many``, ``timeout``, ``crashed``, ``unavailable`` | a limit was reached, or nobody there |

The moment that counts is that of a trusted time stamp, else the one that the signer states, else now. Without a
trusted time stamp a revocation counts whenever it was: who has stolen a key can state any time.
"""

from __future__ import annotations

from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, TypeVar

from asn1crypto import cms, x509
from cryptography import x509 as x509_quick
from cryptography.exceptions import UnsupportedAlgorithm
from pyhanko.sign.ades.report import AdESFailure, AdESIndeterminate
from pyhanko.sign.validation import generic_cms
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import StandardCMSSignatureStatus, TimestampSignatureStatus
from pyhanko_certvalidator import ValidationContext

from ..model import SealReason, SealStatus, Trust

T = TypeVar("T")
Verdict = tuple[SealStatus, SealReason | None]
VALID: Verdict = ("valid", None)
_PATIENCE = timedelta(days=1)  # how far a signer's clock may run ahead
_OTHER_USES = frozenset({"server_auth", "code_signing", "time_stamping", "ocsp_signing"})
_TROUBLES: dict[object, Verdict] = {
    AdESIndeterminate.NO_CERTIFICATE_CHAIN_FOUND: ("unverifiable", "unknown_authority"),
    AdESIndeterminate.NO_SIGNING_CERTIFICATE_FOUND: ("unverifiable", "no_certificate"),
    AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE: ("unverifiable", "weak_algorithm"),
    AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE_NO_POE: ("unverifiable", "weak_algorithm"),
    AdESIndeterminate.OUT_OF_BOUNDS_NO_POE: ("invalid", "expired"),
    AdESIndeterminate.EXPIRED: ("invalid", "expired"),
    AdESIndeterminate.NOT_YET_VALID: ("invalid", "expired"),
    AdESFailure.NOT_YET_VALID: ("invalid", "expired"),
    AdESIndeterminate.REVOKED_NO_POE: ("invalid", "revoked"),
    AdESIndeterminate.REVOKED_CA_NO_POE: ("invalid", "revoked"),
    AdESFailure.REVOKED: ("invalid", "revoked"),
    AdESIndeterminate.CHAIN_CONSTRAINTS_FAILURE: ("invalid", "wrong_use"),
    AdESIndeterminate.CERTIFICATE_CHAIN_GENERAL_FAILURE: ("invalid", "bad_chain"),
    AdESFailure.FORMAT_FAILURE: ("invalid", "malformed"),
    AdESFailure.HASH_FAILURE: ("invalid", "altered"),
    AdESFailure.SIG_CRYPTO_FAILURE: ("invalid", "altered"),
}


class Judge:
    """The authorities, ready to be asked. ``now`` is the time of the check."""

    def __init__(self, trust: Trust) -> None:
        self._anchors = [x509.Certificate.load(one) for one in trust.authorities]
        self._lists = [_issued(x509_quick.load_der_x509_crl(one)) for one in trust.revocations]

    def moment(self, information: cms.SignerInfo, stated: datetime | None) -> tuple[datetime, datetime | None]:
        """When it was signed, as far as it is known, and the time of a trusted time stamp. Raises Broken."""
        stamped = self._stamped(information)
        return stamped or stated or datetime.now(UTC), stamped

    def _stamped(self, information: cms.SignerInfo) -> datetime | None:
        """The time of a time stamp (RFC 3161) over this very signature, by a trusted authority; Broken if it is over
        something else."""
        for token in generic_cms.extract_tst_data_iter(information, signed=False):
            try:
                made: datetime = token["encap_content_info"]["content"].parsed["gen_time"].native
                said = wait(
                    generic_cms.validate_tst_signed_data(
                        token, self.context(made), generic_cms.message_imprint_checker(information)
                    )
                )
            except SignatureValidationError:
                continue  # of an algorithm or a form that cannot be checked: as if it were not there
            status = TimestampSignatureStatus(**said)
            if not (status.intact and status.valid):
                raise Broken(("invalid", "altered"))
            if status.trusted and not self._revoked(status.validation_path, None):
                return made
        return None

    def context(self, moment: datetime) -> ValidationContext:
        """For pyHanko: these authorities, that time, no network. Revocation is looked up here: pyHanko passes over a
        list that is older than it would like."""
        return ValidationContext(
            trust_roots=self._anchors, allow_fetching=False, moment=moment, best_signature_time=moment
        )

    def verdict(self, status: StandardCMSSignatureStatus, moment: datetime, stamped: datetime | None) -> Verdict:
        """What is true of any signature; a PDF has more to say."""
        if not (status.intact and status.valid):
            return "invalid", "altered"
        if moment > datetime.now(UTC) + _PATIENCE:
            return "unverifiable", "wrong_time"
        return self._of_chain(status, moment, stamped)

    def _of_chain(self, status: StandardCMSSignatureStatus, moment: datetime, stamped: datetime | None) -> Verdict:
        trouble, certificate = status.trust_problem_indic, status.signing_cert
        if trouble is not None:
            in_force = certificate.not_valid_before <= moment <= certificate.not_valid_after
            general = trouble is AdESIndeterminate.CERTIFICATE_CHAIN_GENERAL_FAILURE
            return ("invalid", "expired") if general and not in_force else of_trouble(trouble)
        if not status.trusted:
            return "unverifiable", "unknown_authority"
        uses = certificate.extended_key_usage_value
        if uses is not None and set(uses.native) <= _OTHER_USES:
            return "invalid", "wrong_use"
        return ("invalid", "revoked") if self._revoked(status.validation_path, stamped) else VALID

    def _revoked(self, path: Any, stamped: datetime | None) -> bool:
        """Whether a list names a certificate of the path, and not only after a trusted time."""
        for certificate in path.iter_certs(include_root=False):
            for issuer, revoked in self._lists:
                if issuer == certificate.issuer:
                    found = revoked.get_revoked_certificate_by_serial_number(certificate.serial_number)
                    if found is not None and (stamped is None or found.revocation_date_utc <= stamped):
                        return True
        return False


class Broken(Exception):
    """The check ends here, with this verdict."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict)
        self.verdict = verdict


@lru_cache(maxsize=2)
def judge(trust: Trust) -> Judge:
    """Made once: the fork server makes it, and its children inherit it."""
    return Judge(trust)


def uses_of(certificate: x509.Certificate) -> KeyUsageConstraints:
    """A key for signatures or for non-repudiation; where a certificate names no uses, all are meant (RFC 5280
    §4.2.1.3)."""
    named = certificate.key_usage_value is not None
    return KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"} if named else set())


def known_algorithms(information: cms.SignerInfo) -> bool:
    """asn1crypto gives the number of an algorithm that it has no name for."""
    return not any(
        information[field]["algorithm"].native[:1].isdigit() for field in ("digest_algorithm", "signature_algorithm")
    )


def of_trouble(trouble: object) -> Verdict:
    """pyHanko's word for what is wrong (ETSI EN 319 102-1 §5.1.3), as ours."""
    return _TROUBLES.get(trouble, ("unverifiable", "unsupported"))


def of_exception(error: Exception) -> Verdict:
    """What an exception of a check means: broken octets, or something that the checker does not know."""
    if isinstance(error, Broken):
        return error.verdict
    if isinstance(error, SignatureValidationError):
        verdict = of_trouble(error.ades_subindication)
        return ("invalid", "malformed") if verdict[1] == "unsupported" else verdict
    if isinstance(error, MemoryError):
        return "unverifiable", "too_large"
    if isinstance(error, (ValueError, RecursionError)) and not isinstance(error, UnsupportedAlgorithm):
        return "invalid", "malformed"
    return "unverifiable", "unsupported"


def wait(coroutine: Coroutine[Any, Any, T]) -> T:
    """Runs what never waits for anybody, since nothing may be fetched: without an event loop, which would open
    sockets."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        value: T = done.value
        return value
    coroutine.close()
    raise RuntimeError("a check waits for something")


def _issued(revoked: x509_quick.CertificateRevocationList) -> tuple[x509.Name, x509_quick.CertificateRevocationList]:
    return x509.Name.load(revoked.issuer.public_bytes()), revoked
